"""People of a case: entering, merging and telling apart."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.models import Case, NotSamePerson, Person, PersonMerge
from cases.services import timeline
from cases.shown import of_merge
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState


def add_person(
    *,
    case: Case,
    actor: User,
    role: str,
    name: str,
    unidentified: bool = False,
    description: str = "",
    date_of_birth: date | None = None,
    contact: str = "",
) -> Person:
    """Enter a person. Raises ValidationError."""
    with policy.door(actor, "case.contribute", case):
        return enter_person(
            case=case,
            actor=actor,
            role=role,
            name=name,
            unidentified=unidentified,
            description=description,
            date_of_birth=date_of_birth,
            contact=contact,
        )


def enter_person(*, case: Case, actor: User, role: str, name: str, **fields) -> Person:
    """Enter a person inside a door that is open already (a lead makes its own person)."""
    person = Person(case=case, role=role, name=name, added_by=actor, **fields)
    person.full_clean()
    person.save()
    timeline.add(
        case=case, kind="person", headline=f"{name} entered as {person.get_role_display().lower()}.", actor=actor
    )
    return person


def edit_person(*, person: Person, actor: User, **changes) -> Person:
    """Change what is known of a person; every change is kept in the history. Raises ValidationError."""
    with policy.door(actor, "case.contribute", person.case, shown=seen(None, lambda: of_row(person))):
        for name in ("role", "name", "unidentified", "description", "date_of_birth", "contact"):
            if name in changes:
                setattr(person, name, changes[name])
        person.full_clean()
        person.save()
    return person


def withdraw_person(*, person: Person, actor: User, reason: str) -> Person:
    """Withdraw an entry made by mistake. Raises ValidationError without a reason, StaleState when it is withdrawn."""
    if not reason.strip():
        raise ValidationError("Say why this entry is withdrawn.")
    with policy.door(actor, "case.contribute", person.case, shown=seen(None, lambda: of_row(person))):
        person.refresh_from_db()
        if person.withdrawn_at is not None:
            raise StaleState("This entry is withdrawn already.")
        person.withdrawn_at, person.withdrawn_by, person.withdrawn_reason = timezone.now(), actor, reason
        person.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        timeline.add(case=person.case, kind="person", headline=f"{person} withdrawn.", detail=reason, actor=actor)
    return person


def propose_merge(*, keep: Person, duplicate: Person, actor: User, reason: str) -> PersonMerge:
    """Propose that two entries are one person. Raises ValidationError when they cannot be."""
    _check_pair(keep, duplicate)
    if NotSamePerson.objects.filter(**_pair_fields(keep, duplicate)).exists():
        raise ValidationError("Somebody recorded that these are two people. Read that entry first.")
    with policy.door(actor, "person.merge.propose", keep):
        merge = PersonMerge.objects.create(
            case=keep.case, keep=keep, duplicate=duplicate, reason=reason, proposed_by=actor
        )
        timeline.add(
            case=keep.case,
            kind="person",
            actor=actor,
            detail=reason,
            headline=f"Proposed: {duplicate} and {keep} are one person.",
        )
    return merge


def decide_merge(*, merge: PersonMerge, actor: User, approve: bool) -> PersonMerge:
    """Approve or reject a proposal somebody else made. Raises StaleState when it is decided."""
    with policy.door(actor, "person.merge.decide", merge, shown=seen(None, lambda: of_merge(merge))):
        if merge.state != PersonMerge.State.PROPOSED:
            raise StaleState("This proposal is decided already.")
        merge.state = PersonMerge.State.APPROVED if approve else PersonMerge.State.REJECTED
        merge.decided_by, merge.decided_at = actor, timezone.now()
        merge.save()
        if approve:
            Person.objects.filter(pk=merge.duplicate_id).update(merged_into=merge.keep)
        timeline.add(
            case=merge.case,
            kind="person",
            actor=actor,
            headline=f"{'Merged' if approve else 'Not merged'}: {merge.duplicate} and {merge.keep}.",
        )
    return merge


def undo_merge(*, merge: PersonMerge, actor: User, reason: str) -> PersonMerge:
    """Take a merge back: both entries are as they were. Raises StaleState when it is not in force."""
    with policy.door(actor, "person.merge.decide", merge, shown=seen(None, lambda: of_merge(merge))):
        if merge.state != PersonMerge.State.APPROVED:
            raise StaleState("This merge is not in force.")
        merge.state, merge.undone_by = PersonMerge.State.UNDONE, actor
        merge.undone_at, merge.undone_reason = timezone.now(), reason
        merge.save()
        Person.objects.filter(pk=merge.duplicate_id).update(merged_into=None)
        timeline.add(
            case=merge.case,
            kind="person",
            actor=actor,
            detail=reason,
            headline=f"Merge undone: {merge.duplicate} and {merge.keep}.",
        )
    return merge


def record_not_same(*, one: Person, other: Person, actor: User, reason: str) -> NotSamePerson:
    """Remember that two entries are two people. Raises ValidationError when that is recorded already."""
    _check_pair(one, other)
    with policy.door(actor, "case.contribute", one.case):
        if NotSamePerson.objects.filter(**_pair_fields(one, other)).exists():
            raise ValidationError("That is recorded already.")
        distinction = NotSamePerson.objects.create(
            case=one.case, reason=reason, recorded_by=actor, **_pair_fields(one, other)
        )
        timeline.add(
            case=one.case,
            kind="person",
            actor=actor,
            detail=reason,
            headline=f"{one} and {other} are not the same person.",
        )
    return distinction


def _check_pair(one: Person, other: Person) -> None:
    if one.pk == other.pk:
        raise ValidationError("Choose two entries.")
    if one.case_id != other.case_id:
        raise ValidationError("Both belong to the same case.")
    if one.merged_into_id or other.merged_into_id:
        raise ValidationError("One of them is merged already.")
    if one.withdrawn_at or other.withdrawn_at:
        raise ValidationError("One of them is withdrawn.")


def _pair_fields(one: Person, other: Person) -> dict[str, Person]:
    first, second = sorted((one, other), key=lambda person: person.pk)
    return {"person_a": first, "person_b": second}
