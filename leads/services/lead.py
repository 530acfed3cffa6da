"""Making a lead of a candidate, marking it for warrant, clearing it."""

from django.utils import timezone

from cases.models import Person
from cases.services import timeline
from cases.services.person import enter_person
from ecpd.accounts.models import User
from ecpd.numbering import next_serial, number
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from leads.models import Candidate, Lead, LeadSignoff, PurposeException, WarrantApplication
from leads.models.lead import LEAD_ONLY
from leads.selectors.named import name_of, name_words
from leads.selectors.shown import of_candidate, of_lead, of_purpose
from leads.services import exculpatory
from leads.services.ending import give_back, take_back


def move(lead: Lead, state: str) -> None:
    """Take a step of the lead's state machine, inside a door. Raises StaleState for a step there is not."""
    if state not in Lead.TRANSITIONS[lead.state]:
        raise StaleState(f"{lead} is {lead.get_state_display().lower()}; that step is not open.")
    lead.state = state


def promote(*, candidate: Candidate, actor: User) -> Lead:
    """Make a lead of a candidate (FR-07, FR-08). Its person is entered in the case as not identified."""
    with policy.door(actor, "lead.promote", candidate, shown=seen(None, lambda: of_candidate(candidate))):
        if Lead.objects.filter(candidate=candidate).exists():
            raise StaleState("There is a lead from this candidate already.")
        lead = Lead(candidate=candidate, case=candidate.case, created_by=actor)
        lead.person = _person(candidate, actor)
        lead.year, lead.serial = next_serial(Lead)
        lead.number = number("L-", lead.year, lead.serial)
        lead.save()
        exculpatory.enter_from_records(lead)
        timeline.add(
            case=lead.case,
            kind="lead",
            headline=f"Lead {lead.number} made.",
            detail=LEAD_ONLY,
            actor=actor,
            url=lead.get_absolute_url(),
        )
    return lead


def _person(candidate: Candidate, actor: User) -> Person:
    name = name_of(candidate)
    return enter_person(
        case=candidate.case,
        actor=actor,
        role=Person.Role.LEAD,
        unidentified=True,
        name=f"Possibly {name}" if name else "Unknown person in a public photo",
        description=f"Candidate {candidate.rank} of {candidate.search.number}. {name_words(candidate)}. {LEAD_ONLY}",
    )


def sign_off(*, lead: Lead, actor: User, reason: str, shown: str | None = None) -> LeadSignoff:
    """Sign off on a lead as the third person (FR-08). Raises PolicyDenied."""
    facts = {"shown": seen(shown, lambda: of_lead(lead))}
    with policy.door(actor, "lead.sign_off", lead, justification=reason, **facts) as decision:
        signed = LeadSignoff.objects.create(lead=lead, supervisor=actor, reasons=reason.strip(), decision=decision)
        timeline.add(
            case=lead.case,
            kind="lead",
            headline=f"{actor.short_name} signed off on lead {lead.number}.",
            detail=reason,
            actor=actor,
            url=lead.get_absolute_url(),
        )
    return signed


def allow_purpose(*, lead: Lead, actor: User, reason: str, shown: str | None = None) -> PurposeException:
    """Say why a face that was searched for as no suspect has a way to a warrant (FR-12). Raises PolicyDenied."""
    facts = {"shown": seen(shown, lambda: of_purpose(lead))}
    with policy.door(actor, "lead.allow_purpose", lead, justification=reason, **facts) as decision:
        excepted = PurposeException.objects.create(lead=lead, captain=actor, reason=reason.strip(), decision=decision)
        timeline.add(
            case=lead.case,
            kind="lead",
            headline=f"{actor.short_name} said why lead {lead.number} has a way to a warrant.",
            detail=reason,
            actor=actor,
            url=lead.get_absolute_url(),
        )
    return excepted


def mark_for_warrant(*, lead: Lead, actor: User, shown: str | None = None) -> Lead:
    """Mark a lead for warrant (FR-10, FR-11, FR-12, FR-18). Raises PolicyDenied, StaleState."""
    with policy.door(actor, "lead.mark_for_warrant", lead, shown=seen(shown, lambda: of_lead(lead))):
        move(lead, Lead.State.MARKED)
        lead.marked_by, lead.marked_at = actor, timezone.now()
        lead.save(update_fields=["state", "marked_by", "marked_at"])
        timeline.add(
            case=lead.case,
            kind="lead",
            headline=f"Lead {lead.number} marked for warrant.",
            actor=actor,
            url=lead.get_absolute_url(),
        )
    return lead


def clear(*, lead: Lead, actor: User, reason: str, shown: str | None = None) -> Lead:
    """Clear the person of a lead, with the reason; nothing follows from it any more. Raises StaleState."""
    facts = {"shown": seen(shown, lambda: of_lead(lead))}
    with policy.door(actor, "lead.clear", lead, justification=reason, **facts) as decision:
        approved = lead.applications.filter(state=WarrantApplication.State.APPROVED).first()
        for waiting in lead.applications.filter(state=WarrantApplication.State.SUBMITTED):
            give_back(waiting, f"{actor.display_name} cleared its person: {reason}")
        move(lead, Lead.State.CLEARED)
        lead.cleared_by, lead.cleared_at, lead.cleared_reason = actor, timezone.now(), reason
        lead.save(update_fields=["state", "cleared_by", "cleared_at", "cleared_reason"])
        if approved is not None:
            take_back(approved, actor, f"The person was cleared: {reason}", decision)
        exculpatory.enter_for_the_face(lead)
        timeline.add(
            case=lead.case,
            kind="lead",
            headline=f"Lead {lead.number} cleared.",
            detail=reason,
            actor=actor,
            url=lead.get_absolute_url(),
        )
    return lead
