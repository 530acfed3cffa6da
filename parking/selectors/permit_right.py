"""Permits and exemptions as the engine's rights: one query for each source, by the deletion keys of plates."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef

from parking.models import Exemption as ExemptionRow
from parking.models import PermitPlate, Zone
from parking.overtime.permits import Exemption, Permit

PLATE = (
    "pk", "plate", "begins", "ends", "permit__number", "permit_class__name", "permit__terms__everywhere",
    "permit__terms__user_class", "permit__terms__limit_minutes", "zones",
)  # fmt: skip


def permit_rights(keys: Sequence[str], begin: datetime, end: datetime) -> list[Permit]:
    """The plates under permits that share a key and count at some time between the two moments, as rights."""
    zones = Zone.objects.filter(areas__permit_terms=OuterRef("permit__terms")).order_by().values("pk").distinct()
    rows = (
        PermitPlate.objects.filter(keys__any_of=list(keys), begins__lte=end, ends__gt=begin)
        .filter(ends__gt=F("begins"))
        .annotate(zones=ArraySubquery(zones))
        .order_by("pk")
        .values_list(*PLATE)
    )
    return [_right(row) for row in rows]


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


def _right(row: tuple) -> Permit:
    key, plate, begins, ends, number, name, everywhere, user_class, limit, zones = row
    return Permit(
        id=f"permit:{key}", plates=(plate,), zones=None if everywhere else frozenset(str(zone) for zone in zones),
        begins=begins, ends=ends, classes=frozenset({user_class}), limit_minutes=limit, name=f"{name}, {number}",
    )  # fmt: skip
