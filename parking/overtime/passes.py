"""Where and when patrols passed and read cars: what tells that a car was not there.

A pass, here, is one camera of one device going by one spot: reads of the row of cars along the spot's curb without a
long pause, that run past the spot. Everything comes from the reads' own positions and views; no map is needed.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from parking.overtime.parameters import Parameters
from parking.overtime.sighting import Sighting
from parking.overtime.together import Mean, same_view, view_of
from parking.plates.likeness import within_one_edit

CELL_M = 60.0
REACH_M = 50.0  # how far from the spot the next cars that were read may stand, along the curb
ROW_M = 15.0  # how far aside a read may lie and still be of the same row of cars
PAUSE = timedelta(seconds=60)
NEXT, NEXT_M = timedelta(seconds=5), 20.0  # a neighbor is read within seconds, some spaces away
NEXT_SPACE_M = 3.0  # a car that far along, by the same camera's own positions, is another one
SAME_SPACE_M = 2.0  # two cars so close along a curb were not there at one time


@dataclass(frozen=True, slots=True)
class Glance:
    """One read as far as passing goes: by which device, its camera's side, when and where; `plate` "" if no text.

    `look`: unit vector of the view, None where it or the position is not known; then only the plate tells something.
    """

    id: str
    device: str
    side: str
    at: datetime
    x: float
    y: float
    look: tuple[float, float] | None
    plate: str


@dataclass(frozen=True, order=True)
class Missed:
    """A pass that did not read a car; `taken`: it read another one in its very place, between the same neighbors."""

    at: datetime
    taken: bool = False


Span = tuple[datetime, datetime]
Placed = tuple[Glance, float, float]  # with its distance along the curb and towards it


def glance_of(sighting: Sighting, device: str, side: str) -> Glance:
    """A read's glance."""
    view = view_of(sighting) if sighting.x is not None and sighting.y is not None else None
    x, y = (sighting.x or 0.0, sighting.y or 0.0)
    return Glance(sighting.id, device, side, sighting.at, x, y, view, sighting.plate)


class PassLog:
    """The glances of some hours, by place and time. A glance it has already changes nothing."""

    def __init__(self, glances: Iterable[Glance] = ()) -> None:
        """Keep these."""
        self._cells: dict[tuple[int, int], _InTime] = defaultdict(_InTime)
        self._nowhere = _InTime()
        self._known: set[str] = set()
        self.add(glances)

    def add(self, glances: Iterable[Glance]) -> None:
        """Keep more, in whatever order."""
        for each in glances:
            if each.id not in self._known:
                self._known.add(each.id)
                (self._cells[_cell(each.x, each.y)] if each.look else self._nowhere).add(each)

    def beside(self, spot: Mean, spans: Iterable[Span], readings: Iterable[str]) -> "Beside":
        """What was read round a spot in some spans of time, for asking about one car with these readings."""
        column, row = _cell(spot.x, spot.y)
        near = [(east, north) for east in (column - 1, column, column + 1) for north in (row - 1, row, row + 1)]
        apart = _merged(spans)
        found = [each for place in near if place in self._cells for each in self._cells[place].during(apart)]
        nowhere = self._nowhere.during(apart)
        return Beside(sorted(found, key=_in_order), nowhere, spot, frozenset(readings))


class _InTime:
    """Glances in order of time."""

    def __init__(self) -> None:
        self._glances: list[Glance] = []
        self._times: list[datetime] = []

    def add(self, glance: Glance) -> None:
        place = bisect_right(self._times, glance.at)
        self._times.insert(place, glance.at)
        self._glances.insert(place, glance)

    def during(self, spans: Iterable[Span]) -> list[Glance]:
        """The glances of spans that do not meet."""
        return [
            each
            for begin, end in spans
            for each in self._glances[bisect_left(self._times, begin) : bisect_right(self._times, end)]
        ]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that do not meet."""
    apart: list[Span] = []
    for begin, end in sorted(spans):
        if apart and begin <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((begin, end))
    return apart


class Beside:
    """What was read round one car's spot in some hours: asked for the passes that did not read it."""

    def __init__(self, near: list[Glance], nowhere: list[Glance], spot: Mean, readings: frozenset[str]) -> None:
        """Take the glances round a spot, in order of time, and those of the time whose place is not known."""
        self._nowhere = [each for each in nowhere if _alike(each.plate, readings)]
        self.readings, self._times = readings, [each.at for each in near]
        self._placed = _all_from(spot, near)
        self._neighbors = self._find_neighbors(spot)

    def missed(self, spot: Mean, begin: datetime, end: datetime, parameters: Parameters) -> list[Missed]:
        """When, between two moments, a camera went by `spot`, read cars along it, and none that may be the car.

        It went by when it read cars on both sides of the car's place or one in it, as it stood beside a neighbor that it
        read, too; else when its device read cars on both sides of the spot within a minute. A plate within one
        character of a reading that the device read meanwhile, wherever, or one without text at the spot, may be the
        car.
        """
        placed = _all_from(spot, [each for each, _, _ in self._within(begin - PAUSE, end + PAUSE)])
        margin = parameters.same_place_sigmas * math.hypot(parameters.sigma_floor_m, spot.sigma)
        found = []
        for row in _rows(placed, spot, begin, end):
            first, last = row[0][0], row[-1][0]
            trail = [each for each in placed if _of_this_pass(each[0], first, last)]
            place = self._place(row)
            taken = self._taken(row, place)
            went_by = _run_past(place, [along for _, along, _ in row], NEXT_SPACE_M) if place is not None else False
            went_by = went_by or _run_past(0.0, [along for _, along, aside in trail if _in_reach(along, aside)], margin)
            it = any(self._may_be(each, along, margin) for each, along, _ in trail)
            it = it or any(_of_this_pass(each, first, last) for each in self._nowhere)
            if (went_by or taken) and not it:
                found.append(Missed(min(row, key=lambda each: abs(each[1]))[0].at, taken))
        return sorted(found)

    def _within(self, begin: datetime, end: datetime) -> list[Placed]:
        return self._placed[bisect_left(self._times, begin) : bisect_right(self._times, end)]

    def _find_neighbors(self, spot: Mean) -> dict[str, float]:
        """Plates that a camera read next to the car, with how far along the curb they stood from it, in metres.

        Within one pass positions err alike, so that distances between cars are known far better than positions.
        """
        apart: dict[str, list[float]] = defaultdict(list)
        for car, at_car, _ in self._placed:
            if car.plate not in self.readings or not same_view(spot.look, car.look):
                continue
            for each, along, _ in self._within(car.at - NEXT, car.at + NEXT):
                same_camera = (each.device, each.side) == (car.device, car.side)
                if same_camera and each.plate not in {"", *self.readings} and abs(along - at_car) <= NEXT_M:
                    apart[each.plate].append(along - at_car)
        return {plate: sum(values) / len(values) for plate, values in apart.items()}

    def _place(self, row: list[Placed]) -> float | None:
        """Where in a camera's own positions the car's place is, by the neighbors it read; None when it read none."""
        places = [along - self._neighbors[each.plate] for each, along, _ in row if each.plate in self._neighbors]
        return sum(places) / len(places) if places else None

    def _taken(self, row: list[Placed], place: float | None) -> bool:
        """Whether a camera that read a neighbor read another car, too, where this one had stood beside it."""
        others = [along for each, along, _ in row if each.plate not in self._neighbors]
        return place is not None and any(abs(along - place) <= SAME_SPACE_M for along in others)

    def _may_be(self, glance: Glance, along: float, margin: float) -> bool:
        return _alike(glance.plate, self.readings) if glance.plate else abs(along) <= margin


def _alike(plate: str, readings: frozenset[str]) -> bool:
    return plate in readings or (bool(plate) and any(within_one_edit(each, plate) for each in readings))


def _run_past(place: float, alongs: list[float], margin: float) -> bool:
    """Whether cars were read on both sides of a place, by a margin."""
    return min(alongs) <= place - margin and max(alongs) >= place + margin


def _in_reach(along: float, aside: float) -> bool:
    return abs(along) <= REACH_M and abs(aside) <= REACH_M


def _of_this_pass(glance: Glance, first: Glance, last: Glance) -> bool:
    return glance.device == first.device and first.at - PAUSE <= glance.at <= last.at + PAUSE


_in_order = attrgetter("at", "id")


def _cell(x: float, y: float) -> tuple[int, int]:
    return math.floor(x / CELL_M), math.floor(y / CELL_M)


def _all_from(spot: Mean, glances: list[Glance]) -> list[Placed]:
    """Glances with how far each lies from a spot, in metres: along the curb, and towards it."""
    x, y, (east, north) = spot.x, spot.y, spot.look
    return [
        (each, (each.x - x) * north - (each.y - y) * east, (each.x - x) * east + (each.y - y) * north)
        for each in glances
    ]


def _rows(placed: list[Placed], spot: Mean, begin: datetime, end: datetime) -> list[list[Placed]]:
    """What each camera read along the spot's curb, in order of time, cut at every pause; the next block is no part."""
    parts: list[list[Placed]] = []
    open_parts: dict[tuple[str, str], list[Placed]] = {}
    for each in placed:
        glance, along, aside = each
        of_row = same_view(spot.look, glance.look) and abs(along) <= REACH_M and abs(aside) <= ROW_M
        if not of_row or not begin < glance.at < end:
            continue
        camera = glance.device, glance.side
        part = open_parts.get(camera)
        if part is None or glance.at - part[-1][0].at > PAUSE:
            part = open_parts[camera] = []
            parts.append(part)
        part.append(each)
    return [part for part in parts if min(abs(along) for _, along, _ in part) <= NEXT_M]
