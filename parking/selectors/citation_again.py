"""Whether a vehicle is cited for the same act already, and whether a citation is what its alert shows (PK-01, PK-07)."""

import re
from datetime import timedelta

from django.utils import timezone

from parking.citations.sections import number_of
from parking.models import Alert, Citation
from parking.selectors.citation_permission import is_lifted


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
    if alert.kind in (Alert.Kind.OVERTIME, Alert.Kind.NO_PARKING) and citation.zone_id != alert.zone_id:
        return f"Its reads show the vehicle in another zone: {alert.zone}."
    of_a_limit = citation.violation.needs_zone and is_lifted(citation.violation)
    if alert.kind == Alert.Kind.OVERTIME and not of_a_limit:
        return "It is of a time limit, and the violation is another one."
    return ""


def _later_stay(citation: Citation, other: Citation) -> bool:
    alert = citation.alert
    return alert is not None and alert.first_at is not None and alert.first_at > other.violation_at


def _one_place(citation: Citation, other: Citation) -> bool:
    if citation.zone_id and other.zone_id:
        return citation.zone_id == other.zone_id
    return _letters(citation.place) == _letters(other.place)


def _letters(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text.lower())
