"""What must fit together in a set of CDS objects: references, priorities, spaces inside their zones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from parking.curbs.conflicts import same_activity, same_people, undecided
from parking.curbs.projection import Projection
from parking.curbs.types import CurbPolicy, CurbSet, CurbSpace, CurbZone, Fault

SLACK_M = 1.0  # how far a space may reach out of its zone: drawings are not that exact


def faults_between(curbs: CurbSet, versions: Mapping[str, str]) -> Iterator[Fault]:
    """Every fault between the objects; `versions` tells each policy's CDS version by its id."""
    zones = {zone.id: zone for zone in curbs.zones}
    policies = {policy.id: policy for policy in curbs.policies}
    for zone in curbs.zones:
        yield from _zone_faults(zone, policies, versions, {area.id for area in curbs.areas})
    for area in curbs.areas:
        yield from _missing(area.id, "curb_zone_ids", area.zone_ids, zones if curbs.zones else None, "zone")
    for space in curbs.spaces:
        yield from _space_faults(space, zones)
    yield from _number_faults(curbs.spaces)
    for policy in curbs.policies:
        yield from _rule_faults(policy)


def _zone_faults(
    zone: CurbZone, policies: Mapping[str, CurbPolicy], versions: Mapping[str, str], areas: set[str]
) -> Iterator[Fault]:
    yield from _missing(zone.id, "curb_policy_ids", zone.policy_ids, policies, "policy")
    yield from _missing(zone.id, "curb_area_ids", zone.area_ids, areas or None, "area")
    own = [policies[name] for name in zone.policy_ids if name in policies]
    strict = all(versions.get(policy.id, "1.0") == "1.0" for policy in own)
    for one, other in undecided(own, "1.0" if strict else "1.1"):
        message = f"Policies {one.id} and {other.id} hold at one time for the same users with priority {one.priority}."
        yield Fault(zone.id, "curb_policy_ids", message)


def _missing(
    feature: str, field: str, wanted: Iterable[str], there: Iterable[str] | None, kind: str
) -> Iterator[Fault]:
    """References that lead nowhere; none are looked for where no object of that kind came along."""
    if there is None:
        return
    for name in wanted:
        if name not in there:
            yield Fault(feature, field, f"There is no {kind} {name} in these documents.")


def _space_faults(space: CurbSpace, zones: Mapping[str, CurbZone]) -> Iterator[Fault]:
    yield from _missing(space.id, "curb_zone_id", [space.zone_id], zones, "zone")
    zone = zones.get(space.zone_id)
    if zone is None or not zone.geometry.geom_type.endswith("Polygon"):
        return
    flat = Projection.around(zone.geometry)
    if not flat.shape_to_metres(zone.geometry).buffer(SLACK_M).covers(flat.shape_to_metres(space.geometry)):
        yield Fault(space.id, "geometry", f"This space does not lie inside its zone {zone.id}.")


def _number_faults(spaces: Iterable[CurbSpace]) -> Iterator[Fault]:
    numbered: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for space in spaces:
        numbered[space.zone_id, space.number].append(space.id)
    for (zone, number), found in numbered.items():
        if number is not None and len(found) > 1:
            message = f"Space {found[0]} of zone {zone} has the number {number}, too."
            yield from (Fault(name, "space_number", message) for name in found[1:])


def _rule_faults(policy: CurbPolicy) -> Iterator[Fault]:
    """Within one policy no priority decides: each rule speaks to others (CDS)."""
    for (place, one), (_, other) in combinations(enumerate(policy.rules), 2):
        if same_people(one, other) and same_activity(one, other) and one.activity is not other.activity:
            message = f'One rule says "{one.activity}", another "{other.activity}", to the same users.'
            yield Fault(policy.id, f"rules[{place}].activity", message)
