"""CDS zones, areas and spaces read."""

from datetime import date
from typing import Any

from parking.curbs.cds.vocabulary import (
    ANGLES,
    NO_RETURN_DISTANCE,
    RESOLUTION,
    SCOPE,
    SHAPES,
    SIDES,
    SIGNS_SINCE,
)
from parking.curbs.feature import Feature
from parking.curbs.shapes import read_shape
from parking.curbs.types import CurbArea, CurbSpace, CurbZone, Scope

AREAL = ("Polygon", "MultiPolygon")


def read_zone(feature: Feature, version: str) -> CurbZone:
    """A zone; whatever is wrong with it is noted in the feature's faults. Fields without a place in it are kept."""
    start, end = feature.moment("start_date", required=True), feature.moment("end_date")
    if start is not None and end is not None and end <= start:
        feature.fault("end_date", "This zone ends before it begins.")
    entire, side = feature.flag("entire_roadway"), feature.choice("street_side", SIDES)
    if entire and side:
        feature.fault("street_side", "A zone that takes the entire roadway has no side.")
    zone = CurbZone(
        id=feature.uuid("curb_zone_id", required=True),
        geometry=read_shape(feature, "geometry", SHAPES[version]),
        policy_ids=feature.uuids("curb_policy_ids", required=True),
        name=feature.text("name"),
        user_zone_id=feature.text("user_zone_id"),
        street=feature.text("street_name"),
        cross_street_start=feature.text("cross_street_start_name"),
        cross_street_end=feature.text("cross_street_end_name"),
        side=side,
        entire_roadway=entire,
        length_cm=feature.integer("length", least=1),
        width_cm=feature.integer("width", least=1),
        num_spaces=feature.integer("num_spaces", least=0),
        parking_angle=feature.choice("parking_angle", ANGLES),
        area_ids=feature.uuids("curb_area_ids"),
        space_ids=feature.uuids("curb_space_ids"),
        published_ms=feature.moment("published_date", required=True),
        updated_ms=feature.moment("last_updated_date", required=True),
        start_ms=start,
        end_ms=end,
        **_ours(feature),
    )
    zone.extra.update(feature.rest())
    return zone


def read_area(feature: Feature) -> CurbArea:
    """An area."""
    return CurbArea(
        id=feature.uuid("curb_area_id", required=True),
        geometry=read_shape(feature, "geometry", AREAL),
        zone_ids=feature.uuids("curb_zone_ids", required=True),
        name=feature.text("name"),
        published_ms=feature.moment("published_date", required=True),
        updated_ms=feature.moment("last_updated_date", required=True),
    )


def read_space(feature: Feature) -> CurbSpace:
    """A space."""
    return CurbSpace(
        id=feature.uuid("curb_space_id", required=True),
        geometry=read_shape(feature, "geometry", AREAL),
        zone_id=feature.uuid("curb_zone_id", required=True),
        number=feature.integer("space_number", least=1),
        length_cm=feature.integer("length", required=True, least=1),
        name=feature.text("name"),
        published_ms=feature.moment("published_date", required=True),
        updated_ms=feature.moment("last_updated_date", required=True),
    )


def _ours(feature: Feature) -> dict[str, Any]:
    """What we write into custom_attributes (1.1), read back; the others there are kept."""
    value = feature.raw("custom_attributes")
    if value is None:
        return {}
    if not isinstance(value, dict):
        feature.fault("custom_attributes", "This is not an object.")
        return {}
    part = Feature(value, feature.name, feature.faults, "custom_attributes.")
    scope = part.choice(SCOPE, tuple(Scope))
    found = {
        "scope": Scope(scope or Scope.BLOCK_FACE),
        "resolution": part.text(RESOLUTION),
        "no_return_distance_m": _number(part, NO_RETURN_DISTANCE),
        "signs_since": _day(part, SIGNS_SINCE),
    }
    return {**found, "extra": {"custom_attributes": part.rest()}} if part.rest() else found


def _number(part: Feature, name: str) -> float | None:
    value = part.text(name)
    try:
        number = float(value) if value else None
    except ValueError:
        number = -1.0
    if number is not None and not 0 < number < 100_000:
        part.fault(name, f'"{value}" is not a distance in meters.')
        return None
    return number


def _day(part: Feature, name: str) -> date | None:
    value = part.text(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        part.fault(name, f'"{value}" is not a date such as 2026-01-31.')
        return None
