"""A CurbSet written as CDS 1.0 or 1.1 documents that say the same."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from parking.curbs.cds.contradictions import contradictions
from parking.curbs.cds.exemptions import Unsayable, check_exemption, exemption
from parking.curbs.cds.vocabulary import DERIVED_FROM, KEPT_1_0, VERSIONS
from parking.curbs.cds.write_places import PlaceWriter, ours
from parking.curbs.cds.write_policies import policy_json
from parking.curbs.faults import CurbLosses
from parking.curbs.types import CurbArea, CurbPolicy, CurbSet, CurbSpace, CurbZone, Fault


def write_cds(curbs: CurbSet, version: str = "1.0") -> dict[str, dict[str, Any]]:
    """The documents "zones", "areas", "spaces" and "policies", each in its envelope, ready for JSON.

    Reading them back gives the same rules. Raises CurbLosses where the version cannot say what a rule means; what else
    it leaves out (`left_out`) changes no rule. ValueError for a version that is not written here.
    """
    if version not in VERSIONS:
        raise ValueError(f"CDS {version} is not written here; {' and '.join(VERSIONS)} are.")
    stamp_ms = _latest(curbs)
    policies, faults = _policies(curbs, version, stamp_ms)
    if faults:
        raise CurbLosses(faults)
    writer = PlaceWriter(version, stamp_ms)
    data = {
        "zones": [writer.zone(zone, _policy_ids(curbs, zone, version)) for zone in curbs.zones],
        "areas": [writer.area(area, area.zone_ids or _inside(area.id, curbs.zones)) for area in curbs.areas],
        "spaces": [writer.space(space) for space in curbs.spaces],
        "policies": policies,
    }
    envelope = _envelope(curbs, version, stamp_ms)
    return {kind: {**envelope, "data": {kind: written}} for kind, written in data.items()}


def refusals(curbs: CurbSet, version: str = "1.0") -> list[Fault]:
    """What a version cannot say without changing a rule: write_cds refuses."""
    return _policies(curbs, version, 0)[1]


def left_out(curbs: CurbSet, version: str = "1.0") -> list[Fault]:
    """What a version has no field for, about a place and not about a rule: write_cds leaves it out."""
    return list(_left_out(curbs.zones)) if version == "1.0" else []


def _policies(curbs: CurbSet, version: str, stamp_ms: int) -> tuple[list[dict[str, Any]], list[Fault]]:
    written: list[dict[str, Any]] = []
    faults = []
    tz = ZoneInfo(curbs.time_zone)
    for policy in curbs.policies:
        try:
            written.append(policy_json(policy, version, tz, stamp_ms))
            extra = exemption(policy) if version == "1.0" else None
            if extra:
                check_exemption(policy, _beside(policy, curbs))
                written.append({**policy_json(extra, version, tz, stamp_ms), DERIVED_FROM: policy.id})
        except Unsayable as error:
            faults.append(Fault(policy.id, error.field, error.message))
    return written, [*faults, *contradictions(curbs, version)]


def _beside(policy: CurbPolicy, curbs: CurbSet) -> Iterator[CurbPolicy]:
    """The other policies of every zone that has this one."""
    names = {name for zone in curbs.zones if policy.id in zone.policy_ids for name in zone.policy_ids}
    return (other for other in curbs.policies if other.id in names and other.id != policy.id)


def _policy_ids(curbs: CurbSet, zone: CurbZone, version: str) -> tuple[str, ...]:
    """The ids of a zone's policies; in 1.0 those for the exempt stand before the policy they stem from."""
    if version != "1.0":
        return zone.policy_ids
    extra = {policy.id: found.id for policy in curbs.policies if (found := exemption(policy))}
    return tuple(name for own in zone.policy_ids for name in (extra.get(own), own) if name)


def _inside(area: str, zones: Sequence[CurbZone]) -> tuple[str, ...]:
    return tuple(zone.id for zone in zones if area in zone.area_ids)


def _left_out(zones: Iterable[CurbZone]) -> Iterator[Fault]:
    for zone in zones:
        for name in ours(zone):
            yield Fault(zone.id, name, "CDS 1.0 has no custom attributes: this is left out.")
        for name in zone.extra.keys() - {*KEPT_1_0, "custom_attributes"}:
            yield Fault(zone.id, name, "CDS 1.0 has no such field: it is left out.")
        if zone.geometry.geom_type == "LineString":
            yield Fault(zone.id, "geometry", "CDS 1.0 wants polygons: the line is written as a strip.")


def _envelope(curbs: CurbSet, version: str, stamp_ms: int) -> dict[str, Any]:
    told = {"author": curbs.author, "license_url": curbs.license_url}
    return {
        "version": version,
        "time_zone": curbs.time_zone,
        "last_updated": stamp_ms,
        "currency": curbs.currency,
        **{name: value for name, value in told.items() if value},
    }


def _latest(curbs: CurbSet) -> int:
    """The latest date of any object; now if none has one."""
    places: tuple[CurbZone | CurbArea | CurbSpace, ...] = (*curbs.zones, *curbs.areas, *curbs.spaces)
    stamps = [stamp for place in places for stamp in (place.updated_ms, place.published_ms) if stamp]
    stamps += [policy.published_ms for policy in curbs.policies if policy.published_ms]
    return max(stamps) if stamps else int(datetime.now(UTC).timestamp() * 1000)
