"""CDS documents read into a CurbSet, whole or not at all."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from parking.curbs.cds.checks import faults_between
from parking.curbs.cds.documents import Contents, gather
from parking.curbs.cds.exemptions import put_back
from parking.curbs.cds.places import read_area, read_space, read_zone
from parking.curbs.cds.policies import read_policy
from parking.curbs.faults import CurbFaults
from parking.curbs.types import CurbSet


def read_cds(documents: Sequence[Any]) -> CurbSet:
    """One or several CDS 1.0 or 1.1 documents (parsed JSON), together, with or without envelope.

    Zones, areas, spaces and policies may stand in one document or in several. Raises CurbFaults with every fault found:
    nothing is imported by halves. Fields that are not known are kept with a zone and otherwise passed over.
    """
    contents = gather(documents)
    if contents.faults:
        raise CurbFaults(contents.faults)
    curbs = _read(contents)
    if not contents.faults:
        contents.faults.extend(faults_between(curbs, {name.lower(): v for name, v in _versions(contents)}))
    if contents.faults:
        raise CurbFaults(contents.faults)
    return curbs


def _read(contents: Contents) -> CurbSet:
    empty = CurbSet()
    tz = ZoneInfo(contents.envelope.get("time_zone", empty.time_zone))
    policies = [read_policy(feature, version, tz) for feature, version in contents.policies]
    zones = [read_zone(feature, version) for feature, version in contents.zones]
    if not contents.faults:
        policies, zones = put_back([feature for feature, _ in contents.policies], policies, zones)
    return CurbSet(
        zones=tuple(zones),
        policies=tuple(policies),
        areas=tuple(read_area(feature) for feature, _ in contents.areas),
        spaces=tuple(read_space(feature) for feature, _ in contents.spaces),
        time_zone=tz.key,
        currency=contents.envelope.get("currency", empty.currency),
        author=contents.envelope.get("author", ""),
        license_url=contents.envelope.get("license_url", ""),
    )


def _versions(contents: Contents) -> list[tuple[str, str]]:
    return [(feature.name, version) for feature, version in contents.policies]
