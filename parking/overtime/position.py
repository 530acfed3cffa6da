"""In which zone the car stands that a patrol read, with the probability of it.

The model. The target's position m is known with an error that is Gaussian with the same standard error σ on both
axes. A parked car stands on some curb. For each zone i whose line comes within 3σ of m:

    e_i = exp(-d_i² / 2σ²)                       d_i: from m to the zone's strip, at right angles to its line
    c_i = Φ((L_i - s_i) / σ) - Φ(-s_i / σ)       s_i: along the line (beyond an end it runs straight on), length L_i
    f_i = 1 where the camera looked at that side of the street, `wrong_side` where it looked away, `across` where it
          looked along the curb; 1 where side or view is not known
    w_i = e_i c_i f_i

Against the zones stand the places no zone describes, u = u_0 + u_1 + u_2:

    u_0 = `elsewhere`, always
    u_1 = Σ over curbs of e f min(1 - Σ c, what the curb's likeliest zone leaves beyond its open ends)
    u_2 = exp(-max(0, W - d)² / 2σ²), W the street's width, where the side is not known: the curb across the street

    P(i) = w_i / (Σ w + u)

Zones of one unit (one block face with one set of rules) are one place, their P adds up. A zone is taken only when
that reaches `zone_probability_min`; else the read is kept, shown, and no overtime comes of it. Because f is a factor
and not a distance, heading and camera side decide between two sides of a street before distance does.

Several passes that saw one standing car are weighed like one observation at their weighted mean (`locate_together`,
`parking.overtime.together`):

    m = Σ m_k / σ_k² / Σ 1 / σ_k²        σ = max(`sigma_together_m`, (Σ 1 / σ_k²)^-½)        k: passes, not reads

It assumes that errors of one pass are the same (so its reads count once) and errors of different passes independent,
which holds for receivers' drift but not for houses that reflect alike every time nor for a map that is off: hence the
floor `sigma_together_m`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from parking.curbs.projection import Projection
from parking.curbs.types import CurbZone
from parking.overtime.curb_lines import curb_lines, tangents
from parking.overtime.observation import Observation, Targets, looks_in_degrees, targets, why_no_position
from parking.overtime.parameters import DEFAULT, Parameters
from parking.overtime.places import Place, places_of

Floats = NDArray[np.float64]
WORTH_NAMING = 0.005


@dataclass(frozen=True)
class Located:
    """Where a read's car stands. `x`, `y` and `along_m` in metres of the index's projection, None without position.

    `zone_id`: None unless certain enough. `probability`: of the likeliest zone's unit, whether taken or not.
    `alternatives`: zones with their own probabilities, likeliest first; what is missing to 1 is no zone. `why`:
    "certain", "ambiguous", "outside" (no zone near), "by_hand", or "missing", "zero", "stale" for an unusable position.
    `look`: the direction in which the camera looked, degrees clockwise from north, None where it is not known.
    """

    zone_id: str | None
    probability: float
    alternatives: tuple[tuple[str, float], ...]
    sigma_m: float
    x: float | None
    y: float | None
    along_m: float | None
    why: str
    look: float | None = None


def _nowhere(why: str) -> Located:
    return Located(None, 0.0, (), 0.0, None, None, None, why)


@dataclass(frozen=True)
class _Candidates:
    """Zones that may be meant, one row an observation and zone."""

    observation: NDArray[np.int64]
    zone: NDArray[np.int64]
    along: Floats
    weight: Floats
    unzoned: Floats  # u of each observation


class CurbIndex:
    """The zones of a city, built once, asked for many reads. Knows nothing that changes while it stands."""

    def __init__(
        self, zones: Sequence[CurbZone], projection: Projection | None = None, parameters: Parameters = DEFAULT
    ) -> None:
        """Project the zones and index their lines; without a `projection`, by one around their middle."""
        self.zones: Mapping[str, CurbZone] = {zone.id: zone for zone in zones}
        self.places: dict[str, Place] = places_of(zones)
        self.projection = projection or _around(zones)
        self.parameters = parameters
        self._ids = [zone.id for zone in zones]
        self._lines = curb_lines(zones, [self.projection.shape_to_metres(zone.geometry) for zone in zones])
        self._tree = shapely.STRtree(self._lines.lines)
        units = {unit: number for number, unit in enumerate(sorted({each.unit for each in self.places.values()}))}
        self._unit = np.array([units[self.places[zone_id].unit] for zone_id in self._ids], dtype=np.int64)
        self._from_ms = np.array([-np.inf if zone.start_ms is None else zone.start_ms for zone in zones])
        self._until_ms = np.array([np.inf if zone.end_ms is None else zone.end_ms for zone in zones])
        self._widest = float(self._lines.half_width.max(initial=0.0))

    def locate(self, observation: Observation) -> Located:
        """Where one read's car stands; `locate_many` is faster by the read."""
        return self.locate_many([observation])[0]

    def locate_many(self, observations: Sequence[Observation]) -> list[Located]:
        """Where the cars of many reads stand, in their order."""
        reasons = [why_no_position(each, self.parameters) for each in observations]
        usable = [each for each, reason in zip(observations, reasons, strict=True) if not reason]
        found = iter(self._locate(usable) if usable and self._ids else [])
        return [_nowhere(reason) if reason else next(found, _nowhere("outside")) for reason in reasons]

    def by_hand(self, observation: Observation, zone_id: str) -> Located:
        """What a person on foot says: this zone, whatever the position; KeyError for a zone that is not here."""
        place, found = self.zones[zone_id], self.locate(observation)
        return replace(
            found, zone_id=place.id, probability=1.0, alternatives=((place.id, 1.0),), along_m=None, why="by_hand"
        )

    def zones_near(self, x: float, y: float, metres: float) -> list[str]:
        """Ids of the zones whose lines come within so many metres of a point."""
        found = self._tree.query(shapely.Point(x, y), predicate="dwithin", distance=metres + self._widest)
        return [self._ids[number] for number in sorted(found.tolist())]

    def _locate(self, observations: Sequence[Observation]) -> list[Located]:
        longitudes = np.array([each.longitude for each in observations], dtype=float)
        latitudes = np.array([each.latitude for each in observations], dtype=float)
        placed = targets(observations, *self.projection.to_metres(longitudes, latitudes), self.parameters)
        return self.locate_together(placed, [each.at for each in observations])

    def locate_together(self, placed: Targets, at: Sequence[datetime]) -> list[Located]:
        """Where cars stand whose positions are known already: single ones, or means of several passes."""
        at_ms = np.array([each.timestamp() * 1000 for each in at])
        return self._decide(placed, self._weigh(placed, at_ms))

    def _weigh(self, placed: Targets, at_ms: Floats) -> _Candidates:
        from scipy.special import (
            ndtr,  # a fifth of what every process would load at its start, most of them for nothing
        )

        points = shapely.points(placed.x, placed.y)
        o, z = self._tree.query(points, predicate="dwithin", distance=3 * placed.sigma + self._widest)
        valid = (self._from_ms[z] <= at_ms[o]) & (at_ms[o] < self._until_ms[z])
        o, z = o[valid], z[valid]
        lines, sigma = self._lines, placed.sigma[o]
        along, across, tangent = _along_and_across(lines.lines[z], lines.length[z], points[o])
        distance = np.maximum(across - lines.half_width[z], 0)
        near = np.exp(-((distance / sigma) ** 2) / 2)
        left, right = ndtr(-along / sigma), ndtr((along - lines.length[z]) / sigma)
        cover = np.maximum(1 - left - right, 0)
        beyond = left * lines.open_start[z] + right * lines.open_end[z]
        side, side_known = self._side(z, tangent, placed.look_x[o], placed.look_y[o])
        unzoned = np.full(len(placed.x), self.parameters.elsewhere)
        unzoned += _open_curb(o, lines.curb[z], near * side, cover, beyond, len(placed.x))
        opposite = np.exp(-((np.maximum(self.parameters.street_width_m - distance, 0) / sigma) ** 2) / 2)
        unsided = ~side_known & ~lines.two_sided[z]
        phantom = np.zeros(len(placed.x))
        np.maximum.at(phantom, o[unsided], opposite[unsided])
        return _Candidates(o, z, along, near * cover * side, unzoned + phantom)

    def _side(self, zone, tangent: Floats, look_x: Floats, look_y: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """f of each candidate, and whether both the view and the zone's side are known."""
        outward = self._lines.outward[zone]
        normal = np.column_stack((-tangent[:, 1], tangent[:, 0]))
        normal *= np.sign((normal * outward).sum(axis=1))[:, None]
        agreement = normal[:, 0] * look_x + normal[:, 1] * look_y
        known = normal.any(axis=1) & ((look_x != 0) | (look_y != 0))
        parameters = self.parameters
        factor = np.select([agreement >= 0.5, agreement <= -0.5], [1.0, parameters.wrong_side], parameters.across)
        return np.where(known, factor, 1.0), known

    def _decide(self, placed: Targets, candidates: _Candidates) -> list[Located]:
        total = candidates.unzoned.copy()
        np.add.at(total, candidates.observation, candidates.weight)
        probability = candidates.weight / total[candidates.observation]
        order = np.lexsort((-probability, candidates.observation))
        starts = np.searchsorted(candidates.observation[order], np.arange(len(placed.x) + 1))
        zones, chances = candidates.zone[order].tolist(), probability[order].tolist()
        along, looks = candidates.along[order].tolist(), looks_in_degrees(placed)
        return [
            self._located(
                float(placed.x[row]), float(placed.y[row]), float(placed.sigma[row]), looks[row],
                zones[start:stop], chances[start:stop], along[start:stop],
            )
            for row, (start, stop) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True))
        ]  # fmt: skip

    def _located(
        self, x: float, y: float, sigma: float, look: float | None,
        zones: list[int], chances: list[float], along: list[float],
    ) -> Located:  # fmt: skip
        alternatives = tuple(
            (self._ids[zone], chance) for zone, chance in zip(zones, chances, strict=True) if chance >= WORTH_NAMING
        )
        if not alternatives:
            return Located(None, 0.0, (), sigma, x, y, None, "outside", look)
        unit = self._unit[zones[0]]
        together = sum(chance for zone, chance in zip(zones, chances, strict=True) if self._unit[zone] == unit)
        certain = together >= self.parameters.zone_probability_min
        return Located(
            zone_id=alternatives[0][0] if certain else None,
            probability=min(together, 1.0),
            alternatives=alternatives,
            sigma_m=sigma,
            x=x,
            y=y,
            along_m=along[0] if certain else None,
            why="certain" if certain else "ambiguous",
            look=look,
        )


def _around(zones: Sequence[CurbZone]) -> Projection:
    if not zones:
        return Projection(0.0, 0.0)
    return Projection.around(shapely.box(*shapely.total_bounds([zone.geometry for zone in zones])))


def _along_and_across(lines, length: Floats, points) -> tuple[Floats, Floats, Floats]:
    """How far along each line each point lies (beyond an end it runs straight on), how far across, and the tangent."""
    along = shapely.line_locate_point(lines, points)
    tangent = tangents(lines, along)
    offset = shapely.get_coordinates(points) - shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
    past = (offset * tangent).sum(axis=1)
    past = np.where(along <= 0, np.minimum(past, 0), np.where(along >= length, np.maximum(past, 0), 0))
    across = np.sqrt(np.maximum((offset**2).sum(axis=1) - past**2, 0))
    return along + past, across, tangent


def _open_curb(observation, curb, weight: Floats, cover: Floats, beyond: Floats, count: int) -> Floats:
    """u_1 of each observation: what its curbs hold that no zone covers."""
    keys, group = np.unique(observation * (curb.max(initial=0) + 1) + curb, return_inverse=True)
    covered, strongest, left = np.zeros(len(keys)), np.zeros(len(keys)), np.zeros(len(keys))
    np.add.at(covered, group, cover)
    np.maximum.at(strongest, group, weight)
    by_cover = np.argsort(cover, kind="stable")
    left[group[by_cover]] = beyond[by_cover]  # the last one written is the best covered zone's
    owner = np.zeros(len(keys), dtype=np.int64)
    owner[group] = observation
    uncovered = np.zeros(count)
    np.add.at(uncovered, owner, strongest * np.minimum(np.maximum(1 - covered, 0), left))
    return uncovered
