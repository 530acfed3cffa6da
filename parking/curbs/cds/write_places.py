"""Zones, areas and spaces written in the words of CDS 1.0 or 1.1."""

from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

from parking.curbs.cds.vocabulary import KEPT_1_0, KEPT_1_1, NO_RETURN_DISTANCE, RESOLUTION, SCOPE, SIGNS_SINCE
from parking.curbs.cds.write_policies import filled
from parking.curbs.geometry import curb_length_m, strip
from parking.curbs.shapes import to_geojson
from parking.curbs.types import CurbArea, CurbSpace, CurbZone, Scope

STRIP_WIDTH_M = 2.4  # a parked car and its mirrors


@dataclass(frozen=True)
class PlaceWriter:
    """Writes places; `stamp_ms` stands in for a required date that is not known."""

    version: str
    stamp_ms: int

    def zone(self, zone: CurbZone, policy_ids: tuple[str, ...]) -> dict[str, Any]:
        """A zone with the ids of its policies as they are written."""
        kept = KEPT_1_0 if self.version == "1.0" else KEPT_1_1
        written = {
            "curb_zone_id": zone.id,
            "geometry": to_geojson(self.shape(zone)),
            "published_date": self.first(zone.published_ms, zone.start_ms),
            "last_updated_date": self.first(zone.updated_ms, zone.published_ms),
            "start_date": self.first(zone.start_ms, zone.published_ms),
            "end_date": zone.end_ms,
            "name": zone.name,
            "user_zone_id": zone.user_zone_id,
            "street_name": zone.street,
            "cross_street_start_name": zone.cross_street_start,
            "cross_street_end_name": zone.cross_street_end,
            "length": zone.length_cm,
            "width": zone.width_cm,
            "parking_angle": zone.parking_angle,
            "num_spaces": zone.num_spaces,
            "street_side": zone.side,
            "entire_roadway": zone.entire_roadway or None,
            "curb_area_ids": list(zone.area_ids),
            "curb_space_ids": list(zone.space_ids),
            **{name: value for name, value in zone.extra.items() if name in kept},
        }
        if self.version != "1.0":
            written["custom_attributes"] = ours(zone)
        return {**filled(written), "curb_policy_ids": list(policy_ids)}

    def area(self, area: CurbArea, zone_ids: tuple[str, ...]) -> dict[str, Any]:
        """An area and the zones in it."""
        written = {
            "curb_area_id": area.id,
            "geometry": to_geojson(area.geometry),
            "name": area.name,
            "published_date": self.first(area.published_ms, area.updated_ms),
            "last_updated_date": self.first(area.updated_ms, area.published_ms),
        }
        return {**filled(written), "curb_zone_ids": list(zone_ids)}

    def space(self, space: CurbSpace) -> dict[str, Any]:
        """A space; one of unknown length is measured."""
        return filled(
            {
                "curb_space_id": space.id,
                "geometry": to_geojson(space.geometry),
                "name": space.name,
                "published_date": self.first(space.published_ms, space.updated_ms),
                "last_updated_date": self.first(space.updated_ms, space.published_ms),
                "curb_zone_id": space.zone_id,
                "space_number": space.number,
                "length": space.length_cm or max(round(100 * curb_length_m(space.geometry)), 1),
            }
        )

    def shape(self, zone: CurbZone) -> BaseGeometry:
        """1.0 wants a polygon: a line becomes a strip as wide as its zone."""
        if self.version != "1.0" or zone.geometry.geom_type != "LineString":
            return zone.geometry
        return strip(zone.geometry, (zone.width_cm or 100 * STRIP_WIDTH_M) / 100)

    def first(self, *stamps: int | None) -> int:
        """The first date that is known."""
        return next((stamp for stamp in stamps if stamp is not None), self.stamp_ms)


def ours(zone: CurbZone) -> dict[str, str]:
    """What CDS has no field for, as custom attributes, beside those that were there."""
    distance = zone.no_return_distance_m
    return {
        **{name: value for name, value in zone.extra.get("custom_attributes", {}).items() if isinstance(value, str)},
        **filled(
            {
                SCOPE: "" if zone.scope is Scope.BLOCK_FACE else zone.scope.value,
                NO_RETURN_DISTANCE: "" if distance is None else repr(distance),
                RESOLUTION: zone.resolution,
                SIGNS_SINCE: zone.signs_since.isoformat() if zone.signs_since else "",
            }
        ),
    }
