"""Opening and changing cases, and who works on them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from cases import access
from cases.models import Case, CaseAssignment, CaseNote, IncidentNumber, NibrsOffense
from cases.reactions import tell_of_matter
from cases.services import matter, timeline
from cases.shown import of_case, of_facts
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.numbering import next_serial, number
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState


def open_case(
    *,
    actor: User,
    title: str,
    offense: NibrsOffense,
    summary: str = "",
    location: str = "",
    occurred_at: datetime | None = None,
    occurred_until: datetime | None = None,
    captain: User | None = None,
    incident_number: str = "",
    incident_system: str = IncidentNumber.System.DISPATCH,
) -> Case:
    """Open a case with the next number of this year; who opens it leads it. Raises ValidationError.

    Without the number under which dispatch or records know the event, nobody is searched for in it (FR-02).
    """
    case = Case(
        title=title,
        offense=offense,
        summary=summary,
        location=location,
        occurred_at=occurred_at,
        occurred_until=occurred_until,
        captain=captain,
        opened_by=actor,
    )
    with policy.door(actor, "case.create", case):
        case.year, case.serial = next_serial(Case)
        case.case_number = number("", case.year, case.serial, digits=6)
        case.full_clean()
        case.save()
        _assign(case, actor, by=actor, lead=True)
        if captain is not None:
            access.grant(captain, case, "view", "contribute", "manage")
        timeline.add(
            case=case, kind="case", headline="Case opened.", detail=title, actor=actor, url=case.get_absolute_url()
        )
        if incident_number:
            matter.keep_number(case=case, actor=actor, number=incident_number, system=incident_system)
            tell_of_matter(case)
        if occurred_at:
            timeline.add(case=case, kind="case", headline=f"{offense.name}.", detail=location, at=occurred_at)
    return case


EDITABLE = ("title", "summary", "offense", "occurred_at", "occurred_until", "location", "captain")


def edit_case(*, case: Case, actor: User, **changes) -> Case:
    """Change the facts of a case; only EDITABLE fields. Raises ValidationError, StaleState when it is closed."""
    with policy.door(actor, "case.manage", case, shown=seen(None, lambda: of_facts(case))):
        if case.status == Case.Status.CLOSED:
            raise StaleState("This case is closed. Reopen it before you change its facts.")
        before = case.captain
        for name in EDITABLE:
            if name in changes:
                setattr(case, name, changes[name])
        case.full_clean()
        case.save(update_fields=EDITABLE)
        if case.captain != before:
            _hand_over(case, before)
        timeline.add(case=case, kind="case", headline="Facts of the case changed.", actor=actor)
    return case


def _hand_over(case: Case, before: User | None) -> None:
    """The new captain is let in; the former one keeps what an assignment gives, and nothing else.

    In this order: in a sealed case the former one, who may decide on it himself, gives access while he has it.
    """
    for captain in (case.captain, before):
        if captain is not None:
            access.settle(captain, case)


def assign(*, case: Case, user: User, actor: User, lead: bool = False) -> CaseAssignment:
    """Assign an investigator. Raises ValidationError for a person who is not one, or is assigned already."""
    with policy.door(actor, "case.assign", case):
        if Role.INVESTIGATOR not in user.role_names:
            raise ValidationError(f"{user.display_name} is not an investigator.")
        if case.assignments.filter(user=user, ended_at__isnull=True).exists():
            raise ValidationError(f"{user.display_name} works on this case already.")
        assignment = _assign(case, user, by=actor, lead=lead)
        timeline.add(case=case, kind="case", headline=f"{user.display_name} assigned.", actor=actor)
    return assignment


def _assign(case: Case, user: User, *, by: User, lead: bool) -> CaseAssignment:
    access.grant(user, case, *(access.LEVELS if lead else access.LEVELS[:2]))
    access.forget(user)
    return CaseAssignment.objects.create(case=case, user=user, assigned_by=by, lead=lead)


def end_assignment(*, assignment: CaseAssignment, actor: User) -> CaseAssignment:
    """End somebody's work on a case. Raises StaleState when it has ended."""
    with policy.door(actor, "case.assign", assignment.case):
        assignment.refresh_from_db()
        if assignment.ended_at is not None:
            raise StaleState("This assignment has ended already.")
        assignment.ended_at, assignment.ended_by = timezone.now(), actor
        assignment.save(update_fields=["ended_at", "ended_by"])
        access.settle(assignment.user, assignment.case)
        timeline.add(
            case=assignment.case,
            kind="case",
            actor=actor,
            headline=f"{assignment.user.display_name} no longer assigned.",
        )
    return assignment


def set_status(*, case: Case, status: str, actor: User, reason: str) -> Case:
    """Open, suspend or close a case, with a reason. Raises StaleState when it has that status."""
    facts = {"shown": seen(None, lambda: of_case(case))}
    with policy.door(actor, "case.close", case, justification=reason, **facts):
        if case.status == status:
            raise StaleState(f"{case} is {case.get_status_display().lower()} already.")
        case.status = status
        case.closed_at = timezone.now() if status == Case.Status.CLOSED else None
        case.save(update_fields=["status", "closed_at"])
        timeline.add(
            case=case, kind="case", headline=f"Case {case.get_status_display().lower()}.", detail=reason, actor=actor
        )
    return case


def set_sealed(*, case: Case, sealed: bool, actor: User, reason: str) -> Case:
    """Seal or unseal a case, with a reason. Sealed, it is open to its captain and who is assigned, by name (AC-04)."""
    facts = {"shown": seen(None, lambda: of_case(case))}
    with policy.door(actor, "case.seal", case, justification=reason, **facts):
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)  # who gives access meanwhile waits
        if sealed:
            access.only_the_named(case)  # before it is sealed: whoever seals it may lose his own
        case.sealed, case.sealed_reason = sealed, reason
        case.save(update_fields=["sealed", "sealed_reason"])
        timeline.add(
            case=case, kind="case", headline="Case sealed." if sealed else "Case unsealed.", detail=reason, actor=actor
        )
    return case


def add_note(*, case: Case, actor: User, text: str, corrects: CaseNote | None = None) -> CaseNote:
    """Write a note. Raises ValidationError when it is empty."""
    if not text.strip():
        raise ValidationError("Write the note first.")
    with policy.door(actor, "case.contribute", case):
        note = CaseNote.objects.create(case=case, author=actor, text=text.strip(), corrects=corrects)
        timeline.add(
            case=case,
            kind="note",
            headline="Note." if corrects is None else "Note corrected.",
            detail=note.text,
            actor=actor,
        )
    return note
