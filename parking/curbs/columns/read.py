"""Rows of a table as zones and policies, all or none."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from parking.curbs.codec import fingerprint
from parking.curbs.columns.rules import REGULATIONS, Cells, rule_of, spans_of
from parking.curbs.columns.tables import Row
from parking.curbs.conflicts import undecided
from parking.curbs.faults import CurbFaults
from parking.curbs.geometry import curb_length_m, strip
from parking.curbs.projection import Projection
from parking.curbs.shapes import trouble_of
from parking.curbs.types import Activity, CurbPolicy, CurbRule, CurbSet, CurbZone, Fault

KINDS = ("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point")
PRIORITIES = {Activity.NO_STOPPING: 10, Activity.NO_PARKING: 20, Activity.STOPPING: 30, Activity.LOADING: 40}
LAST_PRIORITY = 50
SIDES = {"north": "N", "northeast": "NE", "east": "E", "southeast": "SE", "south": "S", "southwest": "SW", "west": "W",
         "northwest": "NW"}  # fmt: skip
SPACE_M = 6.0  # a row that is one point is a space as long as a car
TEXTS = ("name", "user_zone_id", "street", "cross_street_start", "cross_street_end", "resolution")
OUR_COLUMNS = frozenset(
    {*TEXTS, "id", "side", "signs_since", "regulation", "days", "begin", "end", "limit", "permit_areas"}
    | {"wkt", "longitude", "latitude", "longitude_end", "latitude_end"}
)


@dataclass(frozen=True)
class Reading:
    """How a table is to be read. `source` names it: ids of its zones and policies are made from that name and content.

    `limit_unit`: of a limit that names none. `regulations`: local words and what they mean, beside REGULATIONS.
    """

    source: str
    published_ms: int
    time_zone: str = "America/Los_Angeles"
    limit_unit: str = "hour"
    width_m: float = 2.4
    except_holidays: bool = False
    regulations: Mapping[str, CurbRule] = field(default_factory=dict)

    def id_of(self, *parts: object) -> str:
        """A stable UUID for something of this source."""
        return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, self.source), fingerprint(*parts)))


def read_rows(rows: Iterable[Row], mapping: Mapping[str, str | Sequence[str]], reading: Reading) -> CurbSet:
    """Zones and policies of all rows; rows with the same shape are one zone. Raises CurbFaults with every bad row."""
    faults = [Fault("mapping", name, "This is not a field of ours.") for name in sorted(mapping.keys() - OUR_COLUMNS)]
    zones: dict[str, CurbZone] = {}
    policies: dict[str, CurbPolicy] = {}
    count = 0
    for count, row in enumerate(rows, start=1):
        if count == 1:
            faults += _missing_columns(row, mapping)
        _add(row, Cells(row.name, row.values, mapping, faults), reading, zones, policies)
    if not count:
        faults.append(Fault("document", "rows", "There are no rows in this."))
    if faults:
        raise CurbFaults(faults)
    return CurbSet(zones=tuple(zones.values()), policies=tuple(policies.values()), time_zone=reading.time_zone)


def _add(row: Row, cells: Cells, reading: Reading, zones: dict[str, CurbZone], policies: dict[str, CurbPolicy]) -> None:
    """Add what a row says, unless something is wrong with it."""
    before = len(cells.faults)
    policy, zone = _policy(cells, reading), _zone(row, cells, reading)
    if len(cells.faults) > before:
        return
    policies.setdefault(policy.id, policy)
    known = zones.get(zone.id, zone)
    zones[zone.id] = replace(known, policy_ids=tuple(dict.fromkeys((*known.policy_ids, policy.id))))
    if any(undecided([policies[name] for name in zones[zone.id].policy_ids], "1.1")):
        cells.fault("regulation", "Another row says something else for the same place and time.")


def _missing_columns(row: Row, mapping: Mapping[str, str | Sequence[str]]) -> list[Fault]:
    wanted = [name for told in mapping.values() for name in ([told] if isinstance(told, str) else told)]
    return [Fault("header", name, "There is no such column.") for name in wanted if name.lower() not in row.values]


def _policy(cells: Cells, reading: Reading) -> CurbPolicy:
    rule = rule_of(cells, {**REGULATIONS, **reading.regulations}, reading.limit_unit)
    spans = spans_of(cells, reading.except_holidays)
    particular = bool(rule.user_classes) or bool(rule.name)
    priority = PRIORITIES.get(rule.activity, LAST_PRIORITY) - (5 if particular else 0)
    return CurbPolicy(
        id=reading.id_of(reading.time_zone, priority, rule, spans),
        priority=priority,
        rules=(rule,),
        spans=spans,
        published_ms=reading.published_ms,
    )


def _zone(row: Row, cells: Cells, reading: Reading) -> CurbZone:
    shape = _shape(row, cells, reading.width_m)
    texts = {name: cells[name] for name in TEXTS}
    return CurbZone(
        id=reading.id_of(cells["id"], shape.wkb_hex) if not shape.is_empty else row.name,
        geometry=shape,
        policy_ids=(),
        side=_side(cells),
        length_cm=max(round(100 * curb_length_m(shape)), 1) if not shape.is_empty else None,
        published_ms=reading.published_ms,
        updated_ms=reading.published_ms,
        start_ms=reading.published_ms,
        signs_since=_day(cells),
        **texts,  # type: ignore[arg-type]  # TEXTS names texts only
    )


def _shape(row: Row, cells: Cells, width_m: float) -> BaseGeometry:
    """A polygon: lines get a width, a point the size of a space."""
    trouble = "This row has no place that can be read." if row.shape is None else _trouble(row.shape)
    if trouble or row.shape is None:
        cells.fault("wkt" if "wkt" in cells.columns else "geometry", trouble)
        return shapely.Polygon()
    if row.shape.geom_type == "Point":
        flat = Projection.around(row.shape)
        return flat.shape_to_degrees(flat.shape_to_metres(row.shape).buffer(SPACE_M / 2, cap_style="square"))
    return row.shape if row.shape.geom_type.endswith("Polygon") else strip(row.shape, width_m)


def _trouble(shape: BaseGeometry) -> str:
    if shape.geom_type == "Point" and not shape.is_empty:
        return "" if abs(shape.x) <= 180 and abs(shape.y) <= 90 else "This place is not in longitude and latitude."
    return trouble_of(shape, KINDS)


def _side(cells: Cells) -> str:
    told = cells["side"].lower().removesuffix(" side").replace("-", "").replace(" ", "")
    side = SIDES.get(told, told.upper())
    if side and side not in SIDES.values():
        cells.fault("side", f'"{cells["side"]}" is not a side of the street such as N or southwest.')
        return ""
    return side


def _day(cells: Cells) -> date | None:
    try:
        return date.fromisoformat(cells["signs_since"][:10]) if cells["signs_since"] else None
    except ValueError:
        cells.fault("signs_since", f'"{cells["signs_since"]}" is not a date such as 2026-01-31.')
        return None
