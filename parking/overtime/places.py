"""What a zone is part of: the unit over which a stay is measured, and the block, for "seen elsewhere"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parking.curbs.types import CurbZone, Scope


@dataclass(frozen=True)
class Place:
    """What the engine needs to know of a zone without its geometry.

    `unit`: zones with one unit are one place for a stay. `block`: "" where it is not known. `valid_minutes`: how long
    a first read serves in this zone, None for the engine's own. `no_return_distance_m`: a car that has moved this far
    along the curb has cleared its stay.
    """

    zone_id: str
    unit: str
    block: str
    scope: Scope = Scope.BLOCK_FACE
    no_return_distance_m: float | None = None
    valid_minutes: float | None = None
    name: str = ""


Places = Mapping[str, Place]


def place_of(zone: CurbZone, *, valid_minutes: float | None = None) -> Place:
    """The place a zone is."""
    name = zone.name or (f"{zone.street}, {zone.side} side" if zone.street and zone.side else zone.street) or zone.id
    return Place(
        zone_id=zone.id,
        unit=unit_of(zone),
        block=block_of(zone),
        scope=zone.scope,
        no_return_distance_m=zone.no_return_distance_m,
        valid_minutes=valid_minutes,
        name=name,
    )


def places_of(zones: Iterable[CurbZone], valid_minutes: Mapping[str, float] | None = None) -> dict[str, Place]:
    """Places of many zones by zone id; `valid_minutes` by zone id where a zone has its own."""
    own = valid_minutes or {}
    return {zone.id: place_of(zone, valid_minutes=own.get(zone.id)) for zone in zones}


def block_of(zone: CurbZone) -> str:
    """The street between two cross streets, both sides of it; "" where the zone does not say."""
    crossings = sorted((zone.cross_street_start, zone.cross_street_end))
    return "|".join((zone.street, *crossings)) if zone.street and all(crossings) else ""


def unit_of(zone: CurbZone) -> str:
    """The unit over which the zone's stays are measured.

    Two zones are one unit only when their scope says so, it is known where they lie, and the same policies hold in
    both: otherwise one limit would be used where another is signed.
    """
    rules = ",".join(sorted(zone.policy_ids))
    block = block_of(zone)
    if zone.scope == Scope.BLOCK_FACE and block and zone.side:
        return f"face|{block}|{zone.side}|{rules}"
    if zone.scope == Scope.BOTH_SIDES and block:
        return f"block|{block}|{rules}"
    if zone.scope == Scope.AREA and zone.area_ids:
        return f"area|{min(zone.area_ids)}|{rules}"
    return f"zone|{zone.id}"
