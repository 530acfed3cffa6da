"""Several passes together settle a zone that each alone leaves open.

A parked car is read on every pass. Near the end of a block face no single position tells the last space from the curb
beyond it; the mean of several does (formula and assumption in `parking.overtime.position`). Which passes are taken
together is decided by the set of a vehicle's sightings alone, so the order of arrival changes nothing:

- reads a few minutes apart are one pass, and count once;
- passes belong together when they lie within 2√(σ₁² + σ₂²) of each other and their cameras looked the same way, which a
  car that went round the corner or across the street does not fulfil;
- nothing is taken together across a pass that is certain of another unit, or certain and elsewhere;
- a pass that is certain by itself keeps its zone, and what several say counts only for passes that named it, too.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from parking.overtime.observation import Targets
from parking.overtime.parameters import Parameters
from parking.overtime.position import CurbIndex, Located
from parking.overtime.sighting import Link, Sighting

Settle = Callable[[Sequence[Sighting]], list[Sighting]]
SAME_VIEW = math.cos(math.radians(45))


def each_alone(sightings: Sequence[Sighting]) -> list[Sighting]:
    """For callers without curbs: every sighting keeps what it has."""
    return list(sightings)


@dataclass(frozen=True)
class Mean:
    """One pass, or several, as one observation: metres, standard error, unit vector of the view; `count` passes."""

    at: datetime
    x: float
    y: float
    sigma: float
    look: tuple[float, float]
    count: int = 1


@dataclass(frozen=True)
class Pass:
    """What one pass saw of a vehicle. `unit`: the unit it is certain of, None when of none or of two."""

    mean: Mean
    members: tuple[Sighting, ...]
    unit: str | None

    @property
    def is_open(self) -> bool:
        """Whether one of its sightings has no certain zone."""
        return any(each.zone_id is None for each in self.members)


def view_of(sighting: Sighting) -> tuple[float, float] | None:
    """The unit vector (east, north) of a sighting's view, None where it is not known."""
    if sighting.look is None:
        return None
    return math.sin(math.radians(sighting.look)), math.cos(math.radians(sighting.look))


class Together:
    """Settles the zones of one vehicle's sightings; built once for a city."""

    def __init__(self, index: CurbIndex) -> None:
        """Curbs, places and parameters are the index's."""
        self.index, self.parameters = index, index.parameters

    def __call__(self, sightings: Sequence[Sighting]) -> list[Sighting]:
        """The sightings, in order of time, with the zones that several passes settle."""
        if all(each.zone_id is not None or not each.possible for each in sightings):
            return list(sightings)
        passes = passes_of(sightings, self._unit, self.parameters)
        pools = [(one, pool) for one in passes if one.is_open and len(pool := self._pool(passes, one)) > 1]
        settled: dict[str, Sighting] = {}
        for (one, pool), mean, found in zip(pools, *self._locate([pool for _, pool in pools]), strict=True):
            unit = self._unit(found.zone_id)
            if unit is not None and all(each.unit in {None, unit} for each in pool):
                settled |= {each.id: self._settle(each, found, mean.count, unit) for each in one.members}
        return [settled.get(each.id, each) for each in sightings]

    def _pool(self, passes: Sequence[Pass], one: Pass) -> list[Pass]:
        """The passes before and after that may have seen the car where this one did."""
        place = passes.index(one)
        found, unit = [one], one.unit
        for way in (reversed(passes[:place]), passes[place + 1 :]):
            for other in way:
                near = self._fits(one, other)
                if other.unit is not None and (not near or unit not in {None, other.unit}):
                    break
                if near:
                    found.append(other)
                    unit = unit or other.unit
        return sorted(found, key=lambda each: each.mean.at)

    def _fits(self, one: Pass, other: Pass) -> bool:
        valid = timedelta(minutes=self.parameters.first_read_valid_minutes)
        return abs(one.mean.at - other.mean.at) <= valid and fits(one.mean, other.mean, self.parameters)

    def _locate(self, pools: list[list[Pass]]) -> tuple[list[Mean], list[Located]]:
        means = [mean_of([each.mean for each in pool], self.parameters) for pool in pools]
        if not means:
            return [], []
        columns = (np.array(values) for values in zip(*((m.x, m.y, m.sigma, *m.look) for m in means), strict=True))
        return means, self.index.locate_together(Targets(*columns), [mean.at for mean in means])

    def _settle(self, sighting: Sighting, found: Located, count: int, unit: str) -> Sighting:
        named = any(self._unit(zone_id) == unit for zone_id, _ in sighting.possible)
        if sighting.zone_id is not None or not named:
            return sighting
        return replace(
            sighting, zone_id=found.zone_id, along_m=found.along_m, together=count,
            probability_together=found.probability,
        )  # fmt: skip

    def _unit(self, zone_id: str | None) -> str | None:
        place = self.index.places.get(zone_id or "")
        return place.unit if place else None


def passes_of(
    sightings: Sequence[Sighting], unit_of: Callable[[str | None], str | None], parameters: Parameters
) -> list[Pass]:
    """The passes that saw a vehicle, from its sightings in order of time; those without place or view left out."""
    gap, groups = timedelta(minutes=parameters.pass_gap_minutes), []
    for each in sightings:
        view = view_of(each)
        if view is None or each.x is None or each.link == Link.PERHAPS:
            continue
        if groups and each.at - groups[-1][-1].at <= gap and same_view(view, view_of(groups[-1][0])):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [_pass(group, unit_of) for group in groups]


def _pass(members: list[Sighting], unit_of: Callable[[str | None], str | None]) -> Pass:
    """Reads of one pass have one error: their mean is no better than one of them."""
    count = len(members)
    x, y = (sum(getattr(each, name) for each in members) / count for name in "xy")
    sigma = sum(each.sigma_m for each in members) / count
    units = {unit_of(each.zone_id) for each in members if each.zone_id is not None}
    mean = Mean(members[-1].at, x, y, sigma, view_of(members[0]) or (0.0, 0.0))
    return Pass(mean, tuple(members), units.pop() if len(units) == 1 else None)


def mean_of(means: Sequence[Mean], parameters: Parameters) -> Mean:
    """The weighted mean of at least one pass, with its standard error (the formula of `position`)."""
    weights = [1 / each.sigma**2 for each in means]
    total = sum(weights)
    x, y = (sum(w * getattr(m, name) for w, m in zip(weights, means, strict=True)) / total for name in "xy")
    east, north = (sum(each.look[axis] for each in means) for axis in (0, 1))
    length = math.hypot(east, north) or 1.0
    sigma = means[0].sigma if len(means) == 1 else max(parameters.sigma_together_m, total**-0.5)
    return Mean(means[-1].at, x, y, sigma, (east / length, north / length), len(means))


def fits(one: Mean, other: Mean, parameters: Parameters) -> bool:
    """Whether two passes may have seen one car that stands still."""
    reach = parameters.same_place_sigmas * math.hypot(one.sigma, other.sigma)
    return same_view(one.look, other.look) and math.hypot(one.x - other.x, one.y - other.y) <= reach


def same_view(one: tuple[float, float], other: tuple[float, float] | None) -> bool:
    """Whether two cameras looked within 45 degrees of each other."""
    return other is not None and one[0] * other[0] + one[1] * other[1] >= SAME_VIEW
