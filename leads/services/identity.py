"""Who the person of a lead is: entering it, checking it, disputing or withdrawing it (FR-26)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from cases.models import Evidence
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from leads.models import Identity, IdentityAnswer, Lead, WarrantApplication
from leads.selectors.shown import of_identity
from leads.services.ending import give_back
from leads.services.lead import move

Outcome = IdentityAnswer.Outcome


def enter(
    *, lead: Lead, actor: User, name: str, evidence: Evidence, how: str, date_of_birth: date | None = None
) -> Identity:
    """Say who the person of a lead is, from which exhibit; another person checks it. Raises ValidationError, PolicyDenied."""
    if len(how.strip()) < 10:
        raise ValidationError({"how": "Say in a sentence how the exhibit shows who it is."})
    with policy.door(actor, "identity.enter", lead, evidence=evidence) as decision:
        entered = Identity(
            lead=lead, name=name.strip(), date_of_birth=date_of_birth, evidence=evidence, how=how.strip(),
            entered_by=actor, decision=decision,
        )  # fmt: skip
        entered.full_clean()
        entered.save()
        _note(entered, actor, f"Said to be {entered}, from {evidence.label}. Not checked yet.", how)
    return entered


def answer(*, identity: Identity, actor: User, outcome: str, reason: str, shown: str | None = None) -> IdentityAnswer:
    """Check an identity, dispute it, or withdraw it; with the last two an application to arrest that waits goes back.

    Raises PolicyDenied.
    """
    facts: dict[str, Any] = {"outcome": outcome, "shown": seen(shown, lambda: of_identity(identity))}
    with policy.door(actor, "identity.answer", identity, justification=reason, **facts) as decision:
        given = IdentityAnswer.objects.create(
            identity=identity, outcome=outcome, reason=reason.strip(), by=actor, decision=decision
        )
        if outcome != Outcome.AGREES:
            _let_fall(identity, f"Who its person is was {given.get_outcome_display().lower()}: {reason}")
        _note(identity, actor, f"{given.get_outcome_display()}: {identity}.", reason)
    return given


def _let_fall(identity: Identity, reason: str) -> None:
    waiting = WarrantApplication.objects.filter(
        identity=identity, state=WarrantApplication.State.SUBMITTED, asks_for=WarrantApplication.AsksFor.ARREST
    )
    for application in waiting:
        give_back(application, reason)
        lead = application.lead
        move(lead, Lead.State.MARKED)
        lead.save(update_fields=["state"])


def _note(identity: Identity, actor: User, headline: str, detail: str) -> None:
    lead = identity.lead
    timeline.add(case=lead.case, kind="lead", actor=actor, headline=f"Lead {lead.number}: {headline}", detail=detail,
                 url=lead.get_absolute_url())  # fmt: skip
