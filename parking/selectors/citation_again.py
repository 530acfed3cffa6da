"""Whether a vehicle is cited for the same act already, and whether a citation is what its alert shows (PK-01, PK-07)."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from parking.citations.from_alerts import KINDS, is_of
from parking.citations.sections import number_of
from parking.models import Alert, Citation, Violation


def cited_already(citation: Citation, *, apart: timedelta) -> Citation | None:
    """Another that stands, of this vehicle and section: less than `apart` before or after, or at that place on that day.

    A stay of its own may be cited on the same day: its alert's first read came after the other citation.
    """
    day = timezone.localdate(citation.violation_at)
    near = timedelta(days=1) + apart
    others = Citation.objects.filter(
        plate=citation.plate, state=Citation.State.ISSUED,
        violation_at__range=(citation.violation_at - near, citation.violation_at + near),
    ).exclude(pk=citation.pk)  # fmt: skip
    for other in others:
        states = {other.plate_state, citation.plate_state}
        if (len(states) > 1 and "OTHER" not in states) or number_of(other.section) != number_of(
            citation.violation.section
        ):
            continue
        if abs(other.violation_at - citation.violation_at) <= apart:
            return other
        if (
            timezone.localdate(other.violation_at) == day
            and _one_place(citation, other)
            and not _later_stay(citation, other)
        ):
            return other
    return None


def differs_from_alert(citation: Citation, alert: Alert) -> str:
    """In words, what a citation says otherwise than the alert it rests on; "" where nothing is."""
    began = (alert.first_at or alert.last_at).replace(second=0, microsecond=0)
    if timezone.localdate(citation.violation_at) != timezone.localdate(alert.last_at) or citation.violation_at < began:
        return "Its reads show the vehicle at another time."
    placed = alert.kind in (Alert.Kind.OVERTIME, Alert.Kind.NO_PARKING)
    if citation.zone_id != alert.zone_id and (placed or (alert.zone_id and citation.zone_id)):
        return f"Its reads show the vehicle in another zone: {alert.zone}."
    if not shown_by(alert, [citation.violation]):
        return f"{in_words(alert)}, and the violation is another one."
    return ""


def in_words(alert: Alert) -> str:
    """What an alert is of, as the beginning of a sentence."""
    return KINDS[alert.kind].words if alert.kind in KINDS else "It says nothing that a citation is written for"


def shown_by(alert: Alert, violations: Iterable[Violation]) -> list[Violation]:
    """Those of these violations that the reads of an alert show (`parking.citations.from_alerts`)."""
    table = list(Violation.objects.only("code", "section", "lifted_by_permit", "needs_zone", "withdrawn_at"))
    in_force = {each.code for each in table if each.withdrawn_at is None}
    by_section = defaultdict(list)
    for each in table:
        by_section[number_of(each.section)].append(each)
    found = []
    for violation in violations:
        same = by_section[number_of(violation.section)]
        limited = violation.needs_zone and any(each.lifted_by_permit for each in same)
        if is_of(alert.kind, {each.code for each in same}, limited, in_force):
            found.append(violation)
    return found


def _later_stay(citation: Citation, other: Citation) -> bool:
    alert = citation.alert
    return alert is not None and alert.first_at is not None and alert.first_at > other.violation_at


def _one_place(citation: Citation, other: Citation) -> bool:
    if citation.zone_id and other.zone_id:
        return citation.zone_id == other.zone_id
    return _letters(citation.place) == _letters(other.place)


def _letters(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text.lower())
