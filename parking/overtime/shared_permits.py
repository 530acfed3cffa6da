"""Two vehicles on one permit: two of its plates seen in one area within a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from parking.overtime.parameters import DEFAULT, Parameters
from parking.overtime.permits import Permit
from parking.overtime.sighting import Sighting, far_apart
from parking.plates.likeness import alike


@dataclass(frozen=True)
class SharedUse:
    """One permit, two of its plates, both seen in one area; a question to a person, never a finding of fault."""

    permit_id: str
    area: str
    first: Sighting
    second: Sighting

    @property
    def minutes(self) -> float:
        """How far apart in time the two were seen."""
        return (self.second.at - self.first.at).total_seconds() / 60


def shared_uses(
    sightings: Iterable[Sighting], permits: Iterable[Permit], areas: Mapping[str, str], parameters: Parameters = DEFAULT
) -> tuple[SharedUse, ...]:
    """The permits of which two plates were seen within `shared_permit_minutes`, one flag for each pair of plates.

    `areas`: zone id to area. Only exact plates count, only where zone and permit are certain and valid, only plates
    that are no misreading of one another, and never two readings of what may be one car at one spot.
    """
    owners = {plate: permit for permit in permits if len(permit.plates) > 1 for plate in permit.plates}
    seen: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        permit, area = owners.get(sighting.plate), areas.get(sighting.zone_id or "")
        if permit is not None and area is not None and permit.is_valid(sighting.zone_id or "", sighting.at):
            seen[permit.id, area].append(sighting)
    flags: dict[tuple, SharedUse] = {}
    for (permit_id, area), group in seen.items():
        group.sort(key=lambda each: each.order)
        for first, second in _pairs(group, parameters):
            flags.setdefault(
                (permit_id, area, *sorted((first.plate, second.plate))), SharedUse(permit_id, area, first, second)
            )
    return tuple(flags.values())


def _pairs(group: list[Sighting], parameters: Parameters) -> Iterable[tuple[Sighting, Sighting]]:
    within = timedelta(minutes=parameters.shared_permit_minutes)
    for place, first in enumerate(group):
        for second in group[place + 1 :]:
            if second.at - first.at > within:
                break
            if _two_cars(first, second, parameters):
                yield first, second


def _two_cars(first: Sighting, second: Sighting, parameters: Parameters) -> bool:
    likeness = alike(first.plate, second.plate)
    return likeness.edits > 1 or (likeness.edits == 1 and far_apart(first, second, parameters))
