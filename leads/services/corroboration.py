"""Linking evidence to a lead, verifying it by somebody else, withdrawing it."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.likeness import make_sure
from cases.models import Evidence
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from leads.corroboration import (
    KINDS,
    NO_NUMBER,
    NO_REFERENCE,
    OUTCOME,
    OUTCOMES,
    SAY_WHOM,
    lacks_reference,
    missing_details,
    says_no_number,
    wrong_dates,
)
from leads.models import Corroboration, CorroborationVerification, Lead
from leads.models.corroboration import Answer
from leads.selectors.past import NOT_PICKED
from leads.selectors.shown import of_item
from leads.services import exculpatory
from leads.services.withdrawn import is_answered, is_linked_as_resting, let_fall, stands_without, turned_out


def link(
    *,
    lead: Lead,
    actor: User,
    evidence: Evidence,
    kind: str,
    details: dict[str, str],
    ties_by: str,
    because_of: str,
    rests_on_face: str,
    independence: str,
) -> Corroboration:
    """Link an exhibit. A line-up goes through its own door (FR-11). Raises ValidationError, PolicyDenied."""
    _check(kind, details, evidence)
    _check_answers(because_of, rests_on_face)
    item = Corroboration(
        lead=lead,
        evidence=evidence,
        kind=kind,
        details=_only(kind, details),
        ties_by=ties_by.strip(),
        because_of=because_of,
        rests_on_face=rests_on_face,
        independence=independence.strip(),
        linked_by=actor,
    )
    make_sure(evidence)
    make_sure(lead.candidate.search.probe)
    action = "lineup.open" if kind == Corroboration.Kind.LINEUP else "corroboration.link"
    with policy.door(actor, action, lead, item=item):
        item.full_clean()
        item.save()
        timeline.add(
            case=lead.case,
            kind="corroboration",
            actor=actor,
            url=lead.get_absolute_url(),
            headline=f"{evidence.label} linked to {lead.number}: {item.get_kind_display().lower()}.",
            detail=item.ties_by,
        )
        if kind == Corroboration.Kind.LINEUP:
            turned_out(evidence, f"{actor.display_name} linked {evidence.label} as a photo line-up to {lead.number}.")
        if item.details.get(OUTCOME.name) in NOT_PICKED:
            exculpatory.enter_for_the_face(lead)
        if rests_on_face == Answer.YES:
            is_linked_as_resting(item)
    return item


def verify(
    *,
    item: Corroboration,
    actor: User,
    verified: bool,
    because_of: str,
    rests_on_face: str,
    reason: str,
    shown: str | None = None,
) -> CorroborationVerification:
    """Verify or reject an item somebody else linked, and answer FR-10's two questions without having seen his answers.

    Raises ValidationError without words or answers, PolicyDenied.
    """
    if len(reason.strip()) < 10:
        raise ValidationError("Say what you checked, in a few words.")
    _check_answers(because_of, rests_on_face)
    with policy.door(actor, "corroboration.verify", item, shown=seen(shown, lambda: of_item(item))):
        checked = CorroborationVerification.objects.create(
            corroboration=item,
            verifier=actor,
            verified=verified,
            because_of=because_of,
            rests_on_face=rests_on_face,
            reason=reason.strip(),
        )
        rests = Answer.YES in (rests_on_face, item.rests_on_face)
        is_answered(item, verified=verified, rests=rests, reason=reason.strip())
        if not verified:
            exculpatory.enter_for_the_face(item.lead)
        words = "verified" if verified else "rejected"
        timeline.add(
            case=item.lead.case,
            kind="corroboration",
            actor=actor,
            url=item.lead.get_absolute_url(),
            headline=f"{item.evidence.label} {words} for {item.lead.number}.",
            detail=reason,
        )
    return checked


def withdraw(*, item: Corroboration, actor: User, reason: str, shown: str | None = None) -> Corroboration:
    """Take a link back; it stays readable. Raises ValidationError, StaleState."""
    if len(reason.strip()) < 10:
        raise ValidationError("Say why it is withdrawn.")
    facts = {"shown": seen(shown, lambda: of_item(Corroboration.objects.get(pk=item.pk)))}
    with policy.door(actor, "corroboration.withdraw", item.lead, justification=reason, **facts):
        item.refresh_from_db()
        if item.withdrawn_at is not None:
            raise StaleState("This link is withdrawn already.")
        if item.lead.state == Lead.State.APPLIED:
            raise StaleState("An application rests on this item. Withdraw the application first.")
        if item.lead.state == Lead.State.MARKED and not stands_without(item.lead, links=[item.pk]):
            let_fall(item.lead, f"The link to {item.evidence.label}, on which it rested, was withdrawn: {reason}")
        item.withdrawn_at, item.withdrawn_by, item.withdrawn_reason = timezone.now(), actor, reason
        item.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        exculpatory.tell_approved(item.lead.case)
        timeline.add(
            case=item.lead.case,
            kind="corroboration",
            actor=actor,
            url=item.lead.get_absolute_url(),
            headline=f"{item.evidence.label} no longer linked to {item.lead.number}.",
            detail=reason,
        )
    return item


def _check(kind: str, details: dict[str, str], evidence: Evidence) -> None:
    if kind not in KINDS:
        raise ValidationError({"kind": "Choose a kind of evidence."})
    missing = missing_details(kind, details)
    problems = {field.name: f"Fill in: {field.label.lower()}." for field in missing}
    problems |= wrong_dates(kind, details, today=timezone.localdate())
    if lacks_reference(details, has_file=evidence.file_id is not None):
        problems["reference"] = NO_REFERENCE
    elif says_no_number(kind, details) and not missing:
        problems["number"] = NO_NUMBER
    if kind == Corroboration.Kind.LINEUP and details.get(OUTCOME.name) not in OUTCOMES:
        problems[OUTCOME.name] = SAY_WHOM
    if problems:
        raise ValidationError([f"{sentence}" for sentence in problems.values()])


def _check_answers(because_of: str, rests_on_face: str) -> None:
    if {because_of, rests_on_face} - set(Answer.values):
        raise ValidationError("Answer both questions: because of the result, and resting on the face.")


def _only(kind: str, details: dict[str, str]) -> dict[str, str]:
    return {field.name: str(details.get(field.name, "")).strip() for field in KINDS[kind]}
