"""Applying for a warrant, and a captain's decision (FR-13)."""

from typing import Any

from django.utils import timezone

from cases import vault
from cases.models import Case
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.numbering import next_serial, number
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from leads.models import Identity, Lead, PacketReading, WarrantApplication, WarrantDecision
from leads.packet.content import PacketNow, parts_of, sections_of, version_of
from leads.packet.pdf import packet_pdf
from leads.packet.section import Section
from leads.selectors.after import AFTER_APPROVAL
from leads.selectors.came_in import approvals_that_count
from leads.selectors.history import matter_of
from leads.selectors.shown import of_lead
from leads.selectors.warrant import newest_reading
from leads.services import after, exculpatory
from leads.services.lead import move


def apply_for_warrant(
    *,
    lead: Lead,
    actor: User,
    statement: str,
    does_not_fit: str,
    shown: str | None = None,
    asks_for: str = WarrantApplication.AsksFor.SEARCH,
    court: str = "",
    identity: Identity | None = None,
) -> WarrantApplication:
    """Send a marked lead to a captain. Raises PolicyDenied, StaleState."""
    facts: dict[str, Any] = {
        "statement": statement,
        "does_not_fit": does_not_fit,
        "asks_for": asks_for,
        "court": court,
        "identity": identity,
        "shown": seen(shown, lambda: of_lead(lead)),
    }
    with policy.door(actor, "warrant.apply", lead, **facts):
        if lead.state != Lead.State.MARKED:
            raise StaleState(f"{lead} is {lead.get_state_display().lower()}; mark it for warrant first.")
        exculpatory.enter_from_records(lead)
        application = WarrantApplication(
            lead=lead,
            applicant=actor,
            statement=statement.strip(),
            does_not_fit=does_not_fit.strip(),
            asks_for=asks_for,
            court=court.strip(),
            identity=identity,
        )
        application.year, application.serial = next_serial(WarrantApplication)
        application.number = number("W-", application.year, application.serial)
        application.save()
        move(lead, Lead.State.APPLIED)
        lead.save(update_fields=["state"])
        timeline.add(
            case=lead.case,
            kind="warrant",
            headline=f"Application {application.number} submitted.",
            actor=actor,
            url=application.get_absolute_url(),
        )
    return application


def withdraw_application(
    *, application: WarrantApplication, actor: User, shown: str | None = None
) -> WarrantApplication:
    """Take an undecided application back; the lead is marked as before. Raises StaleState."""
    facts: dict[str, Any] = {"shown": seen(shown, lambda: of_lead(application.lead))}
    with policy.door(actor, "warrant.withdraw", application, **facts):
        if application.state != WarrantApplication.State.SUBMITTED or application.decisions.exists():
            raise StaleState("A captain has decided on this application; it cannot be withdrawn.")
        application.state, application.decided_at = WarrantApplication.State.WITHDRAWN, timezone.now()
        application.save(update_fields=["state", "decided_at"])
        lead = application.lead
        move(lead, Lead.State.MARKED)
        lead.save(update_fields=["state"])
        timeline.add(
            case=lead.case,
            kind="warrant",
            headline=f"Application {application.number} withdrawn.",
            actor=actor,
            url=application.get_absolute_url(),
        )
    return application


def open_packet(*, application: WarrantApplication, actor: User) -> tuple[list[Section], PacketReading]:
    """The packet as it is now; that this person opened this version is on the record. Raises PolicyDenied."""
    with policy.door(actor, "warrant.packet", application) as decision:
        hold_the_matter(application.lead)  # what comes in meanwhile is waited for, and read
        if application.state in (WarrantApplication.State.SUBMITTED, *AFTER_APPROVAL):
            exculpatory.make_whole(application.lead)
        sections = sections_of(application)
        parts = parts_of(sections)
        reading = PacketReading.objects.create(
            application=application, reader=actor, version=version_of(parts), parts=parts, decision=decision,
            at=timezone.now(),
        )  # fmt: skip
    return sections, reading


def hold_the_matter(lead: Lead) -> None:
    """Wait for whoever writes in a case of the matter, and keep others waiting until the transaction ends.

    A tie for which it waited brings more cases.
    """
    cases, held = Case.objects.select_for_update(no_key=True).order_by("pk"), set[int]()
    while (matter := matter_of(lead.case_id)) - held:
        held |= set(cases.filter(pk__in=matter).values_list("pk", flat=True))


def decide(
    *,
    application: WarrantApplication,
    actor: User,
    approve: bool,
    reasons: str,
    read_packet: bool,
    shown: str | None = None,
) -> WarrantApplication:
    """A captain approves or denies, on the version of the packet that he opened.

    With the last approval the manual asks for, of the packet as it is now, it is sealed in the vault. `shown`: what the
    page said it showed.
    """
    action = "warrant.approve" if approve else "warrant.deny"
    packet = PacketNow(application)
    facts: dict[str, Any] = {"read_packet": read_packet, "packet": packet, "shown": seen(shown, lambda: packet.parts)}
    with policy.door(actor, action, application, justification=reasons, **facts) as decision:
        outcome = WarrantDecision.Outcome.APPROVE if approve else WarrantDecision.Outcome.DENY
        WarrantDecision.objects.create(
            application=application, captain=actor, outcome=outcome, reasons=reasons.strip(), read_packet=read_packet,
            packet_reading=newest_reading(application, actor),
        )  # fmt: skip
        if not approve:
            _close(application, WarrantApplication.State.DENIED, Lead.State.DENIED)
            after.sealed(application=application, actor=actor, words=reasons, decision=decision)
            exculpatory.enter_for_the_face(application.lead)
        elif len(approvals_that_count(application)) >= int(policy.parameter("warrant_approvers")):
            _close(application, WarrantApplication.State.APPROVED, Lead.State.APPROVED)
            after.sealed(application=application, actor=actor, words=reasons, decision=decision)
        words = "approved" if approve else "denied"
        timeline.add(
            case=application.case,
            kind="warrant",
            actor=actor,
            detail=reasons,
            url=application.get_absolute_url(),
            headline=f"{actor.short_name} {words} application {application.number}.",
        )
    return application


def _close(application: WarrantApplication, state: str, lead_state: str) -> None:
    application.state, application.decided_at = state, timezone.now()
    content = packet_pdf(application, sections_of(application, version=1))
    application.packet = vault.store(content)
    application.packet_sha256 = application.packet.sha256
    application.save(update_fields=["state", "decided_at", "packet", "packet_sha256"])
    lead = application.lead
    lead.refresh_from_db()
    move(lead, lead_state)
    lead.save(update_fields=["state"])
