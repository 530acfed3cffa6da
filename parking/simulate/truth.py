"""What was so: every car's stays, which of them lasted too long, and which of those the patrol could have known.

Definitions, against which precision and recall are measured.

- A stay is one car in one unit (`parking.overtime.places.unit_of`: usually a block face) from arrival to departure. A
  car that moves within the unit and is back within five minutes, or sooner than the rule's no-return time, goes on
  with its stay, unless it parked elsewhere meanwhile. What happens before the patrol or after it is cut to the shift.
- An overstay is a stay, or the part of one inside one stretch of enforced hours, longer than limit and grace, of a
  car that no permit exempts.
- An overstay is knowable when two reads of it, however misread, taken at most `valid` apart (a first read serves eight
  hours), prove it: the later inside the enforced hours and farther from the earlier one, or from the beginning of
  those hours, than limit and grace. Nothing more could have been known by anybody who sees only the reads; recall
  counts knowable ones. Two narrower kinds say what is asked of the join and of the map: exact, when two reads with
  the right letters prove it; placeable, when two reads do so whose error of position does not carry the car off the
  ends of its face or farther aside than a street is wide.
- An alert on two reads is right when both are of one car in one stay that between them lasted longer than limit and
  grace inside one stretch of enforced hours, and no permit exempts the car. It is wrong, but beyond knowing, when the
  car left and returned and no read shows it elsewhere meanwhile: only somebody who compares two pictures can tell.

Limits come from `parking.overtime.zone_rules` (the same reading of the signs as the city's); stays, departures and
plates come from the play alone, so nothing of the join or of positions is taken over from what is measured.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from parking.overtime.permits import Permit
from parking.overtime.places import place_of
from parking.overtime.zone_rules import NOBODY, Running, ZoneRules
from parking.simulate.cars import Car
from parking.simulate.faces import Face
from parking.simulate.patrol import Seen
from parking.simulate.stage import Parking

MOVED_WITHIN = timedelta(minutes=5)
STREET_M = 10.0


class Verdict(StrEnum):
    """What an alert on two reads is worth. Only OVERSTAY is a right one; LEFT_UNSEEN is beyond knowing."""

    OVERSTAY = "overstay"
    OTHER_CAR = "other car"
    LEFT_SEEN = "left between, seen elsewhere"
    LEFT_UNSEEN = "left between, unseen"
    EXEMPT = "exempt"
    TOO_SHORT = "too short"


@dataclass(frozen=True)
class Stay:
    """One car in one unit. `parkings` number its parkings; `classes` are those its permits give it there."""

    number: int
    car: Car
    unit: str
    zone_id: str
    arrived: datetime
    left: datetime
    parkings: tuple[int, ...]
    classes: frozenset[str]


@dataclass(frozen=True)
class Overstay:
    """A stay past its limit in one stretch of enforced hours.

    `over_at`: when limit and grace were used up. `knowable_at`: the moment of the first read that proved it, None
    when none did; `exact` and `placeable` as defined above. `reads`: sequences of the stay's reads, in order of time.
    """

    stay: Stay
    limit_minutes: float
    since: datetime
    over_at: datetime
    knowable_at: datetime | None
    exact: bool
    placeable: bool
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """The whole truth of one simulation. `reads`: what was seen, by the read's sequence."""

    cars: Sequence[Car]
    parkings: Sequence[Parking]
    faces: Sequence[Face]
    permits: Sequence[Permit]
    reads: Mapping[str, Seen]
    rules: Mapping[str, ZoneRules]
    start: datetime
    end: datetime
    grace: timedelta
    valid: timedelta

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Every stay that touches the shift."""
        found: list[Stay] = []
        for numbers in self._parkings_of_car.values():
            touching = [number for number in numbers if self._touches(self.parkings[number])]
            for chain in self._chains(sorted(touching, key=lambda number: self.parkings[number].arrive)):
                found.append(self._stay(len(found), chain))
        return tuple(found)

    @cached_property
    def overstays(self) -> tuple[Overstay, ...]:
        """Every overstay that touches the shift, knowable or not."""
        return tuple(over for stay in self.stays for over in self._overstays(stay, stay.classes))

    @property
    def knowable(self) -> tuple[Overstay, ...]:
        """The overstays that recall counts."""
        return tuple(over for over in self.overstays if over.knowable_at is not None)

    def moment(self, seconds: float) -> datetime:
        """A time of the play as a moment."""
        return self.start + timedelta(seconds=seconds)

    def car_of(self, seq: str) -> Car:
        """The car that a read saw."""
        return self.cars[self.reads[seq].car]

    def zone_of(self, seq: str) -> str:
        """The id of the zone in which the car of a read stood."""
        return self.faces[self.parkings[self.reads[seq].parking].face].zone.id

    def stay_of(self, seq: str) -> Stay:
        """The stay that a read saw."""
        return self._by_parking[self.reads[seq].parking]

    def verdict(self, first: str, last: str) -> Verdict:
        """What an alert on two reads, by their sequences, is worth. The moments are the true ones."""
        one, other = self.reads[first], self.reads[last]
        if one.car != other.car:
            return Verdict.OTHER_CAR
        stay = self.stay_of(first)
        if stay != self.stay_of(last):
            return Verdict.LEFT_SEEN if self._seen_elsewhere(stay, one, other) else Verdict.LEFT_UNSEEN
        if self._lasted(stay, one.at, other.at, stay.classes):
            return Verdict.OVERSTAY
        return Verdict.EXEMPT if self._lasted(stay, one.at, other.at, NOBODY) else Verdict.TOO_SHORT

    @cached_property
    def _by_parking(self) -> dict[int, Stay]:
        return {number: stay for stay in self.stays for number in stay.parkings}

    @cached_property
    def _reads_of_parking(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for seq, seen in self.reads.items():
            found[seen.parking].append(seq)
        return found

    @cached_property
    def _parkings_of_car(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for number, parking in enumerate(self.parkings):
            found[parking.car].append(number)
        return found

    @cached_property
    def _permits_of_plate(self) -> dict[str, list[Permit]]:
        found: dict[str, list[Permit]] = defaultdict(list)
        for permit in self.permits:
            for plate in permit.plates:
                found[plate].append(permit)
        return found

    def _touches(self, parking: Parking) -> bool:
        return parking.leave > 0 and self.moment(parking.arrive) < self.end

    def _unit(self, number: int) -> str:
        return place_of(self.faces[self.parkings[number].face].zone).unit

    def _chains(self, numbers: Sequence[int]) -> list[tuple[int, ...]]:
        """The parkings of one car, in order, joined where one stay goes on."""
        chains: list[tuple[int, ...]] = []
        for number in numbers:
            if chains and self._goes_on(chains[-1][-1], number):
                chains[-1] = (*chains[-1], number)
            else:
                chains.append((number,))
        return chains

    def _goes_on(self, before: int, after: int) -> bool:
        if self._unit(before) != self._unit(after):
            return False
        gap = timedelta(seconds=self.parkings[after].arrive - self.parkings[before].leave)
        left = self.moment(self.parkings[before].leave)
        runs = self._rules(before).running(left - timedelta(minutes=1), left)
        no_return = max((run.no_return_minutes or 0.0 for run in runs), default=0.0)
        return gap < max(MOVED_WITHIN, timedelta(minutes=no_return))

    def _rules(self, number: int) -> ZoneRules:
        return self.rules[self.faces[self.parkings[number].face].zone.id]

    def _stay(self, number: int, chain: tuple[int, ...]) -> Stay:
        first, last = self.parkings[chain[0]], self.parkings[chain[-1]]
        car, zone = self.cars[first.car], self.faces[first.face].zone
        held = (permit for permit in self._permits_of_plate.get(car.plate, ()) if permit.is_valid(zone.id, self.start))
        return Stay(
            number=number,
            car=car,
            unit=self._unit(chain[0]),
            zone_id=zone.id,
            arrived=self.moment(first.arrive),
            left=min(self.moment(last.leave), self.end),
            parkings=chain,
            classes=frozenset().union(*(permit.classes for permit in held)),
        )

    def _limits(self, stay: Stay, classes: frozenset[str]) -> list[Running]:
        runs = self._rules(stay.parkings[0]).running(stay.arrived, stay.left, classes)
        return [run for run in runs if not run.forbidden]

    def _overstays(self, stay: Stay, classes: frozenset[str]) -> list[Overstay]:
        found = []
        for run in self._limits(stay, classes):
            since = max(stay.arrived, run.begin)
            over_at = since + timedelta(minutes=run.limit_minutes) + self.grace
            if over_at < min(stay.left, run.end):
                found.append(self._overstay(stay, run, since, over_at))
        return found

    def _overstay(self, stay: Stay, run: Running, since: datetime, over_at: datetime) -> Overstay:
        seqs = [seq for number in stay.parkings for seq in self._reads_of_parking.get(number, ())]
        seqs.sort(key=lambda seq: self.reads[seq].at)
        return Overstay(
            stay=stay,
            limit_minutes=run.limit_minutes,
            since=since,
            over_at=over_at,
            knowable_at=self._proved_at(seqs, run),
            exact=self._proved_at([seq for seq in seqs if self.reads[seq].misreading is None], run) is not None,
            placeable=self._proved_at([seq for seq in seqs if self._placeable(seq)], run) is not None,
            reads=tuple(seqs),
        )

    def _placeable(self, seq: str) -> bool:
        """Whether the error of a read's position leaves its car on its own face."""
        seen = self.reads[seq]
        if seen.error is None:
            return False
        parking = self.parkings[seen.parking]
        face, (ox, oy), (east, north) = self.faces[parking.face], self.faces[parking.face].outward, seen.error
        along = float(face.along[parking.space]) - east * oy + north * ox
        return 0.0 <= along <= face.length and abs(east * ox + north * oy) <= STREET_M

    def _proved_at(self, seqs: Sequence[str], run: Running) -> datetime | None:
        """The moment of the first of these reads, in order of time, that with an earlier one proves an overstay."""
        moments = [self.moment(self.reads[seq].at) for seq in seqs]
        allowed, first = timedelta(minutes=run.limit_minutes) + self.grace, 0
        for last in moments:
            while last - moments[first] > self.valid:
                first += 1
            if run.begin <= last < run.end and last - max(moments[first], run.begin) > allowed:
                return last
        return None

    def _seen_elsewhere(self, stay: Stay, one: Seen, other: Seen) -> bool:
        """Whether a read between two others shows the car outside of a stay's unit."""
        begin, end = sorted((one.at, other.at))
        return any(
            begin < self.reads[seq].at < end and self._unit(number) != stay.unit
            for number in self._parkings_of_car[stay.car.id]
            for seq in self._reads_of_parking.get(number, ())
        )

    def _lasted(self, stay: Stay, first: float, last: float, classes: frozenset[str]) -> bool:
        """Whether more than limit and grace lies between two times of a stay, inside one stretch of its limits."""
        begin, end = sorted((self.moment(first), self.moment(last)))
        return any(
            min(end, run.end) - max(begin, run.begin) > timedelta(minutes=run.limit_minutes) + self.grace
            for run in self._limits(stay, classes)
        )
