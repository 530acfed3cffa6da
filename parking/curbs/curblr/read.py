"""A CurbLR FeatureCollection read into a CurbSet, whole or not at all.

Features that overlap are cut at each other's ends, so that each zone has one regulation along its extent. A regulation
for some users implies that others may not do the same there unless another regulation speaks to them (CurbLR, Rule.md):
CDS does not imply that, so it is written out as a policy that comes last.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parking.curbs.codec import fingerprint
from parking.curbs.curblr.regulations import ACTIVITIES, Regulation, read_regulation
from parking.curbs.curblr.stretches import Placed, Stretch, cut
from parking.curbs.faults import CurbFaults
from parking.curbs.feature import Feature
from parking.curbs.geometry import curb_length_m
from parking.curbs.shapes import read_shape
from parking.curbs.types import Activity, CurbPolicy, CurbRule, CurbSet, CurbZone, Fault

STEP = 10  # room between priorities, for a city's own policies and for exemptions
SHARED_STREETS = "https://sharedstreets.io"
ANGLES = {"parallel": "parallel", "perpendicular": "perpendicular", "diagonal": "angled", "angled": "angled"}
SAID_BY_ACTIVITY = {*ACTIVITIES, "no stopping"}
IDS = uuid.uuid5(uuid.NAMESPACE_URL, "https://curblr.org")


@dataclass(frozen=True)
class Manifest:
    """What holds for the whole feed."""

    hierarchy: tuple[str, ...]
    time_zone: str
    currency: str
    authority: str
    created_ms: int
    updated_ms: int


def read_curblr(document: Any) -> CurbSet:
    """A CurbLR document (parsed JSON). Raises CurbFaults with every fault found.

    Planned and proposed features (`status`) are no rules yet and are left out.
    """
    faults: list[Fault] = []
    if not isinstance(document, Mapping) or not isinstance(document.get("features"), list):
        raise CurbFaults([Fault("document", "features", "This is not a GeoJSON FeatureCollection.")])
    manifest = _manifest(document, faults)
    placed = [
        found
        for number, value in enumerate(document["features"], start=1)
        if (found := _place(value, f"feature {number}", manifest, faults))
    ]
    if not placed and not faults:
        faults.append(Fault("document", "features", "There is no regulation in this that is in force."))
    if faults:
        raise CurbFaults(faults)
    return _curb_set(list(cut(placed)), manifest)


def _manifest(document: Mapping[str, Any], faults: list[Fault]) -> Manifest:
    value = document.get("manifest")
    part = Feature(value if isinstance(value, Mapping) else {}, "manifest", faults)
    authority = part.raw("authority")
    zone = part.text("timeZone", required=True)
    if zone and not _is_zone(zone):
        part.fault("timeZone", f'"{zone}" is not the name of a time zone.')
    created = _stamp(part, "createdDate", required=True)
    if not part.listed("priorityHierarchy", required=True) and "priorityHierarchy" in part.values:
        part.fault("priorityHierarchy", "This is empty: nothing tells which regulation wins.")
    return Manifest(
        hierarchy=tuple(name.lower() for name in part.texts("priorityHierarchy")),
        time_zone=zone,
        currency=part.text("currency") or CurbSet().currency,
        authority=authority.get("name", "") if isinstance(authority, Mapping) else "",
        created_ms=created or 0,
        updated_ms=_stamp(part, "lastUpdatedDate") or created or 0,
    )


def _stamp(part: Feature, name: str, required: bool = False) -> int | None:
    value = part.text(name, required)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        part.fault(name, f'"{value}" is not a date and time such as 2026-01-31T09:00:00Z.')
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _place(value: Any, name: str, manifest: Manifest, faults: list[Fault]) -> Placed | None:
    """One feature; None if it is not in force, or not to be understood (then a fault tells why)."""
    properties = value.get("properties") if isinstance(value, Mapping) else None
    if not isinstance(properties, Mapping) or not isinstance(properties.get("location"), Mapping):
        faults.append(Fault(name, "properties.location", "This feature has no location."))
        return None
    location = Feature(properties["location"], name, faults, "location.")
    if location.text("status").lower() in ("planned", "proposed"):
        return None
    regulations = list(Feature(properties, name, faults).parts("regulations", required=True))
    start, end = _metres(location, "shstLocationStart"), _metres(location, "shstLocationEnd")
    if start is not None and end is not None and end <= start:
        location.fault("shstLocationEnd", "This feature ends before it begins.")
    return Placed(
        name=location.text("objectId") or name,
        line=read_shape(Feature(value, name, faults), "geometry", ("LineString",)),
        reference=location.text("shstRefId", required=True),
        side=location.choice("sideOfStreet", ("left", "right", "unknown"), required=True),
        start=start or 0.0,
        end=end or 0.0,
        street=location.text("streetName"),
        angle=ANGLES.get(location.text("baysAngle").lower(), ""),
        regulations=tuple(read_regulation(part, manifest.hierarchy) for part in regulations),
    )


def _metres(part: Feature, name: str) -> float | None:
    value = part.raw(name, required=True)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e6:
        part.fault(name, "This is not a number of meters along the street.")
        return None
    return round(float(value), 2)


def _curb_set(stretches: Sequence[Stretch], manifest: Manifest) -> CurbSet:
    regulations = dict.fromkeys(regulation for stretch in stretches for regulation in stretch.regulations)
    ordered = sorted(regulations, key=lambda one: (manifest.hierarchy.index(one.category), not one.only_for_some))
    told = [*ordered, *_implied(ordered)]
    policies = {one: _policy(one, STEP * place, manifest) for place, one in enumerate(told, start=1)}
    return CurbSet(
        zones=tuple(_zone(stretch, policies, manifest) for stretch in stretches),
        policies=tuple(policies.values()),
        time_zone=manifest.time_zone,
        currency=manifest.currency,
        author=manifest.authority,
    )


def _implied(regulations: Iterable[Regulation]) -> list[Regulation]:
    """What regulations for some users mean for all others."""
    return list(dict.fromkeys(found for one in regulations if (found := _implies(one))))


def _implies(regulation: Regulation) -> Regulation | None:
    if not regulation.only_for_some:
        return None
    activity = Activity(f"no {regulation.rules[0].activity}")
    return Regulation("", (CurbRule(activity, name="reserved for others"),), regulation.spans)


def _policy(regulation: Regulation, priority: int, manifest: Manifest) -> CurbPolicy:
    return CurbPolicy(
        id=str(uuid.uuid5(IDS, fingerprint(manifest.time_zone, priority, regulation))),
        priority=priority,
        rules=regulation.rules,
        spans=regulation.spans,
        published_ms=manifest.created_ms,
        name="" if regulation.category in SAID_BY_ACTIVITY else regulation.category,
    )


def _zone(stretch: Stretch, policies: Mapping[Regulation, CurbPolicy], manifest: Manifest) -> CurbZone:
    own = [*stretch.regulations, *_implied(stretch.regulations)]
    feature = stretch.features[0]
    ends = f"{stretch.start:.2f}-{stretch.end:.2f}"
    along = {"start": round(stretch.start * 100), "end": round(stretch.end * 100)}
    reference = {"source": SHARED_STREETS, "ref_id": feature.reference, "side": feature.side, **along}
    return CurbZone(
        id=str(uuid.uuid5(IDS, f"{feature.reference} {feature.side} {ends} {stretch.shape.wkt}")),
        geometry=stretch.shape,
        policy_ids=tuple(policies[one].id for one in sorted(own, key=lambda one: policies[one].priority)),
        street=feature.street,
        side=stretch.compass,
        length_cm=max(round(100 * curb_length_m(stretch.shape)), 1),
        parking_angle=feature.angle,
        published_ms=manifest.created_ms,
        updated_ms=manifest.updated_ms,
        start_ms=manifest.created_ms,
        extra={"location_references": [reference], "features": [one.name for one in stretch.features]},
    )
