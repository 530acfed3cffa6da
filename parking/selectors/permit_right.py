"""Permits and exemptions as the engine's rights: by the deletion keys of plates, in one query or two."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F

from parking.models import Exemption as ExemptionRow
from parking.models import PermitPlate, Zone
from parking.overtime.permits import Exemption, Permit

PLATE = (
    "pk", "plate", "begins", "ends", "permit__number", "permit_class__name", "permit__terms__everywhere",
    "permit__terms__user_class", "permit__terms__limit_minutes", "permit__terms",
)  # fmt: skip


def permit_rights(keys: Sequence[str], begin: datetime, end: datetime) -> list[Permit]:
    """The plates under permits that share a key and count at some time between the two moments, as rights."""
    rows = (
        PermitPlate.objects.filter(keys__any_of=list(keys), begins__lte=end, ends__gt=begin)
        .filter(ends__gt=F("begins"))
        .order_by("pk")
        .values_list(*PLATE)
    )
    found = list(rows)
    zones = _zones({row[-1] for row in found}) if found else {}
    return [_right(row, zones) for row in found]


def _zones(terms: set[int]) -> dict[int, set[str]]:
    """The ids of the zones that permits under these terms are valid in."""
    pairs = Zone.objects.filter(areas__permit_terms__in=terms).order_by().values_list("areas__permit_terms", "pk")
    zones = defaultdict(set)
    for key, zone in pairs:
        zones[key].add(str(zone))
    return zones


def exemption_rights(keys: Sequence[str], begin: datetime, end: datetime) -> list[Exemption]:
    """The exemptions that share a key and count at some time between the two moments, as rights."""
    rows = ExemptionRow.objects.filter(keys__any_of=list(keys), begins__lte=end, ends__gt=begin).order_by("pk")
    return [
        Exemption(
            id=f"exemption:{row.pk}", plates=(row.plate,), begins=row.begins,
            ends=min(row.ends, row.ended_at) if row.ended_at else row.ends,
            name=f"{row.get_kind_display()} ({row.source}), exemption",
        )
        for row in rows
        if row.ended_at is None or row.ended_at > begin
    ]  # fmt: skip


def _right(row: tuple, zones: Mapping[int, set[str]]) -> Permit:
    key, plate, begins, ends, number, name, everywhere, user_class, limit, terms = row
    return Permit(
        id=f"permit:{key}", plates=(plate,), zones=None if everywhere else frozenset(zones.get(terms, ())),
        begins=begins, ends=ends, classes=frozenset({user_class}), limit_minutes=limit, name=f"{name}, {number}",
    )  # fmt: skip
