"""Rows of curbs as the values of `parking.curbs`, and back."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db.models import F, Q
from django.utils import timezone
from shapely.geometry import shape

from parking.curbs.codec import policy_from_json
from parking.curbs.shapes import sound
from parking.curbs.types import CurbArea as AreaValue
from parking.curbs.types import CurbPolicy as PolicyValue
from parking.curbs.types import CurbSet, CurbZone, Scope
from parking.curbs.types import CurbSpace as SpaceValue
from parking.models import CurbArea, CurbPolicy, CurbSpace, StreetLabel, Zone, ZonePolicy

log = logging.getLogger(__name__)
Row = TypeVar("Row", Zone, CurbArea, CurbSpace, StreetLabel)


def drawable(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Rows whose coordinates make a line or an area, and older ones whose do not: those are named, the rest is drawn."""
    good: list[Row] = []
    bad: list[Row] = []
    for row in rows:
        (bad if sound(row.geometry) is None else good).append(row)
    for row in bad:
        log.error("%s %s is left out: its coordinates make no line or area.", row._meta.verbose_name, row.pk)
    return good, bad


def policy_of(row: CurbPolicy) -> PolicyValue:
    """A policy's row as a value."""
    return policy_from_json(row.content)


def zone_of(row: Zone, policies: Iterable[CurbPolicy]) -> CurbZone:
    """A zone's row as a value, with the policies in force. Its areas must be prefetched for many rows."""
    return CurbZone(
        id=str(row.pk),
        geometry=shape(row.geometry),
        policy_ids=tuple(str(policy.pk) for policy in policies),
        name=row.name,
        user_zone_id=row.user_zone_id,
        street=row.street,
        cross_street_start=row.cross_street_start,
        cross_street_end=row.cross_street_end,
        side=row.side,
        entire_roadway=row.entire_roadway,
        length_cm=row.length_cm,
        width_cm=row.width_cm,
        num_spaces=row.num_spaces,
        parking_angle=row.parking_angle,
        area_ids=tuple(sorted(str(area.pk) for area in row.areas.all())),
        published_ms=milliseconds(row.published_at),
        updated_ms=milliseconds(row.updated_at),
        start_ms=milliseconds(row.starts_at),
        end_ms=milliseconds(row.ends_at),
        scope=Scope(row.scope),
        no_return_distance_m=row.no_return_distance_m,
        resolution=row.resolution,
        signs_since=row.signs_since,
        extra=row.extra,
    )


def area_of(row: CurbArea) -> AreaValue:
    """An area's row as a value; its zones must be prefetched for many rows."""
    return AreaValue(
        str(row.pk), shape(row.geometry), tuple(sorted(str(zone.pk) for zone in row.zones.all())), row.name,
        milliseconds(row.published_at), milliseconds(row.updated_at),
    )  # fmt: skip


def space_of(row: CurbSpace) -> SpaceValue:
    """A space's row as a value."""
    return SpaceValue(
        str(row.pk), shape(row.geometry), str(row.zone_id), row.number, row.length_cm, row.name,
        milliseconds(row.published_at), milliseconds(row.updated_at),
    )  # fmt: skip


def curbs_in_force(at: datetime | None = None, *, historic: bool = False) -> CurbSet:
    """Everything in force at a moment (now by default), as one set; `historic`: also zones that ended before it.

    A zone that ended has the policies it ended with.
    """
    at = at or timezone.now()
    zones = Zone.objects.filter(starts_at__lte=at).prefetch_related("areas")
    zones = zones if historic else zones.exclude(ends_at__lte=at)
    until = Q(ends_at__isnull=True) | Q(ends_at__gt=at) | Q(ends_at=F("zone__ends_at"))
    links = list(ZonePolicy.objects.filter(until, starts_at__lte=at, zone__in=zones).select_related("policy"))
    held: dict = {}
    for link in links:
        held.setdefault(link.zone_id, []).append(link.policy)
    areas = drawable(CurbArea.objects.exclude(ends_at__lte=at).prefetch_related("zones"))[0]
    spaces = drawable(CurbSpace.objects.exclude(ends_at__lte=at))[0]
    return _whole(
        CurbSet(
            zones=tuple(zone_of(zone, held.get(zone.pk, [])) for zone in drawable(zones)[0]),
            policies=tuple({link.policy_id: policy_of(link.policy) for link in links}.values()),
            areas=tuple(area_of(row) for row in areas),
            spaces=tuple(space_of(row) for row in spaces),
        )
    )


def _whole(curbs: CurbSet) -> CurbSet:
    """The set without what names a zone or an area that is not in it: one that ended, or cannot be drawn."""
    zones, areas = {zone.id for zone in curbs.zones}, {area.id for area in curbs.areas}
    return replace(
        curbs,
        zones=tuple(
            replace(zone, area_ids=tuple(name for name in zone.area_ids if name in areas)) for zone in curbs.zones
        ),
        areas=tuple(
            replace(area, zone_ids=tuple(name for name in area.zone_ids if name in zones)) for area in curbs.areas
        ),
        spaces=tuple(space for space in curbs.spaces if space.zone_id in zones),
    )


def milliseconds(moment: datetime | None) -> int | None:
    """A moment as CDS counts: ms since 1970."""
    return None if moment is None else round(moment.timestamp() * 1000)
