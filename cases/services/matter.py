"""Saying, and taking back, which cases are one matter: the number of the incident, and links (FR-02, FR-24)."""

import re

from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.models import Case, CaseLink, IncidentNumber
from cases.reactions import tell_of_matter
from cases.services import timeline
from cases.shown import of_tie
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState


def spelled(number: str) -> str:
    """A number as it is kept: capitals, and one hyphen for whatever else stands between."""
    return re.sub(r"[^A-Z0-9]+", "-", number.upper()).strip("-")


def keep_number(*, case: Case, actor: User, number: str, system: str) -> IncidentNumber:
    """Write a number down. Call it inside a door. Raises ValidationError."""
    known = IncidentNumber(case=case, system=system, number=spelled(number), entered_by=actor)
    if not known.number:
        raise ValidationError({"number": "Write the number with letters A to Z and digits, as “26-014233”."})
    known.full_clean()
    there = case.incident_numbers.filter(system=system, withdrawn_at=None).values_list("number", flat=True)
    if known.number.replace("-", "") in {one.replace("-", "") for one in there}:
        raise ValidationError({"number": "The case has this number already."})
    known.save()
    timeline.add(case=case, kind="case", headline=f"{known.get_system_display()} number {known.number}.", actor=actor)
    return known


def enter_number(*, case: Case, actor: User, number: str, system: str) -> IncidentNumber:
    """Enter the number of the incident. Raises ValidationError, PolicyDenied."""
    with policy.door(actor, "case.tie", case):
        known = keep_number(case=case, actor=actor, number=number, system=system)
        tell_of_matter(case)
    return known


def link(*, case: Case, other: Case, actor: User, why: str) -> CaseLink:
    """Say that two cases are one matter. Raises ValidationError, PolicyDenied."""
    with policy.door(actor, "case.tie", case, other=other):
        if other == case:
            raise ValidationError({"other": "This is that case. Enter the number of the other one."})
        made = CaseLink(case=case, other=other, why=why.strip(), entered_by=actor)
        made.full_clean()
        if CaseLink.objects.filter(withdrawn_at=None, case__in=[case, other], other__in=[case, other]).exists():
            raise ValidationError({"other": "These cases are linked already."})
        made.save()
        timeline.add(case=case, kind="case", headline="Linked to another case.", detail=made.why, actor=actor)
        tell_of_matter(case)
    return made


def take_back(
    *, tie: IncidentNumber | CaseLink, actor: User, reason: str, shown: str | None = None
) -> IncidentNumber | CaseLink:
    """Take a number or a link back. It stays on the record, and frees nothing of what was known, unless it tied a case that
    holds nothing yet. Raises StaleState, PolicyDenied.
    """
    with policy.door(actor, "case.untie", tie.case, justification=reason, shown=seen(shown, lambda: of_tie(tie))):
        tie.refresh_from_db()
        if tie.withdrawn_at is not None:
            raise StaleState("It is taken back already.")
        tie.withdrawn_by, tie.withdrawn_at, tie.withdrawn_reason = actor, timezone.now(), reason.strip()
        tie.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
        what = str(tie) if isinstance(tie, IncidentNumber) else "a link to another case"
        timeline.add(case=tie.case, kind="case", headline=f"Taken back: {what}.", detail=reason, actor=actor)
    return tie
