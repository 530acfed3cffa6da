"""After a captain's decision: sealing versions of the packet, the steps of a warrant, supplements, recall (FR-27)."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone

from cases import vault
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.models import Decision
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from leads.models import Lead, WarrantApplication, WarrantStep
from leads.packet.content import sections_of
from leads.packet.pdf import packet_pdf
from leads.selectors.after import open_steps, versions_of
from leads.selectors.shown import of_application
from leads.services import exculpatory
from leads.services.ending import note, take_back
from leads.services.lead import move

Kind = WarrantStep.Kind


def sealed(*, application: WarrantApplication, actor: User, words: str, decision: Decision) -> WarrantStep:
    """The first version of the packet, kept as its PDF and as its parts. Call as the application is decided."""
    assert application.packet is not None
    return WarrantStep.objects.create(
        application=application, kind=Kind.SEALED, by=actor, words=words, decision=decision, version=1,
        packet=application.packet, packet_sha256=application.packet_sha256,
        sections=[asdict(section) for section in sections_of(application, version=1)],
    )  # fmt: skip


def record_step(
    *, application: WarrantApplication, actor: User, kind: str, words: str, whom: str = "", warrant_number: str = "",
    happened_on: date | None = None, shown: str | None = None,
) -> WarrantStep:  # fmt: skip
    """Record what happened to an approved application: to the prosecutor, to a magistrate, the answer, service, outcome.

    Raises PolicyDenied, StaleState.
    """
    facts: dict[str, Any] = {"kind": kind, "shown": seen(shown, lambda: of_application(application))}
    with policy.door(actor, "warrant.step", application, justification=words, **facts) as decision:
        if kind == Kind.SUPPLEMENT or kind not in open_steps(application):
            raise StaleState("That step does not follow from where this application stands.")
        step = WarrantStep.objects.create(
            application=application, kind=kind, by=actor, words=words.strip(), whom=whom.strip(), decision=decision,
            warrant_number=warrant_number.strip(), happened_on=happened_on,
        )  # fmt: skip
        note(step)
    return step


def disclose(
    *, application: WarrantApplication, actor: User, words: str, whom: str, shown: str | None = None
) -> WarrantStep:
    """Seal a new version of the packet with all that is on record now, and record to whom it was disclosed.

    Raises PolicyDenied, StaleState.
    """
    facts: dict[str, Any] = {"kind": Kind.SUPPLEMENT, "shown": seen(shown, lambda: of_application(application))}
    with policy.door(actor, "warrant.step", application, justification=words, **facts) as decision:
        if Kind.SUPPLEMENT not in open_steps(application):
            raise StaleState("Only an application that was approved has a supplement.")
        exculpatory.make_whole(application.lead)
        version = max((one.version or 1 for one in versions_of(application)), default=1) + 1
        sections = sections_of(application, version=version)
        packet = vault.store(packet_pdf(application, sections))
        step = WarrantStep.objects.create(
            application=application, kind=Kind.SUPPLEMENT, by=actor, words=words.strip(), whom=whom.strip(),
            decision=decision, version=version, packet=packet, packet_sha256=packet.sha256,
            sections=[asdict(section) for section in sections], happened_on=timezone.localdate(),
        )  # fmt: skip
        note(step)
    return step


def recall(
    *, application: WarrantApplication, actor: User, reason: str, shown: str | None = None
) -> WarrantApplication:
    """Take an approval back, with reasons; the lead is open again. Raises PolicyDenied, StaleState."""
    facts: dict[str, Any] = {"shown": seen(shown, lambda: of_application(application))}
    with policy.door(actor, "warrant.recall", application, justification=reason, **facts) as decision:
        if application.state != WarrantApplication.State.APPROVED:
            raise StaleState(f"{application} is {application.get_state_display().lower()}; nothing is to be recalled.")
        take_back(application, actor, reason, decision)
        lead = application.lead
        lead.refresh_from_db(fields=["state"])
        move(lead, Lead.State.OPEN)
        lead.save(update_fields=["state"])
    return application
