"""What the patrol's readers say of the cars they pass, and what was so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from parking.curbs.projection import Projection
from parking.ingest.canonical import CanonicalRead, PlateCandidate, Position
from parking.simulate.cars import DIRTY_REPEATS, Car, described, described_state
from parking.simulate.faces import Face
from parking.simulate.gps import NO_FIX_SHARE, Receiver
from parking.simulate.misreading import Misreading, misread
from parking.simulate.route import Pass
from parking.simulate.stage import Stage

RIGHT_M, RIGHT_SPREAD_M = 3.6, 0.4  # from the patrol car to the row of parked cars on its right
OCCLUDED = 0.015  # of the cars passed, not seen at all
FROM_THE_LEFT = 0.35  # of the faces passed, the row across the street is read too
TWICE = 0.04  # of the cars, read in two frames
DIRTY_OF_WRONG = 0.2  # of the wrong readings, how many are of dirty plates


@dataclass(frozen=True)
class Seen:
    """One read and the truth about it. `at`: true moment in seconds; `parking`: number of the parking it saw.

    `misreading` is None when the plate was read rightly; `burst`: the receiver was far off just then. `error`: how
    far off the position is, metres east and north, None where the read has none.
    """

    read: CanonicalRead
    patrol: int
    parking: int
    car: int
    at: float
    misreading: Misreading | None
    burst: bool
    error: tuple[float, float] | None


def dirty_share(misread_rate: float) -> float:
    """How many plates must be dirty for a fifth of all wrong readings to be theirs."""
    return DIRTY_OF_WRONG * misread_rate / DIRTY_REPEATS


def clean_rate(misread_rate: float) -> float:
    """How often any other plate is misread, so that the rate over all reads is `misread_rate`."""
    dirty = dirty_share(misread_rate)
    return max(misread_rate - dirty * DIRTY_REPEATS, 0.0) / (1.0 - dirty)


class PatrolCar:
    """One patrol car: its receiver, its clock, its cameras on both sides, its numbering of reads."""

    def __init__(
        self, number: int, rng: Random, stage: Stage, projection: Projection, misread_rate: float, prefix: str
    ) -> None:
        self.number, self.rng, self.stage, self.projection = number, rng, stage, projection
        self.rate, self.prefix = clean_rate(misread_rate), prefix
        self.receiver = Receiver(rng)
        self.clock_error = rng.gauss(0.0, 1.5)
        self.count = 0

    def drive(self, one: Pass) -> Iterator[Seen]:
        """The reads of one pass along a face, in order of time."""
        face = self.stage.faces[one.face]
        self.receiver.enter_face(one.at)
        found = list(self._row(one, face, one.face, "R"))
        if face.opposite is not None and self.rng.random() < FROM_THE_LEFT:
            found += self._row(one, face, face.opposite, "L")
        for seen in sorted(found, key=lambda seen: seen.at):
            yield self._numbered(seen)

    def _row(self, one: Pass, driven: Face, row: int, side: str) -> Iterator[Seen]:
        """The row of parked cars on one side, as the car passes each of them."""
        lateral = self.rng.gauss(RIGHT_M, RIGHT_SPREAD_M)
        heading, (ox, oy) = float(driven.headings[0]), driven.outward
        ahead = (-oy, ox)
        for space, (x, y) in enumerate(self.stage.faces[row].spaces):
            along = (x - driven.start[0]) * ahead[0] + (y - driven.start[1]) * ahead[1]
            if not 0.0 <= along <= driven.length or self.rng.random() < OCCLUDED:
                continue
            at = one.at + along / one.speed
            parking = self.stage.at(row, space, at)
            if parking is None:
                continue
            own = driven.start[0] + ahead[0] * along - ox * lateral, driven.start[1] + ahead[1] * along - oy * lateral
            car = self.stage.cars[self.stage.parkings[parking].car]
            for frame in range(2 if self.rng.random() < TWICE else 1):
                misreading = self._misreading(car)
                if misreading is None or misreading.plate:  # who makes out no text sends nothing
                    yield self._read(car, parking, misreading, own, heading, side, at + frame * 0.4, one.speed)

    def _read(
        self,
        car: Car,
        parking: int,
        misreading: Misreading | None,
        own: tuple[float, float],
        heading: float,
        side: str,
        at: float,
        speed: float,
    ) -> Seen:
        place, error = self._place(own, at)
        read = CanonicalRead(
            device_seq="",
            captured_at=self._stamp(at),
            plate=misreading.plate if misreading else car.plate,
            state=described_state(car, self.rng),
            confidence=self._confidence(misreading),
            candidates=self._candidates(car, misreading),
            observer=place,
            heading=round(self.receiver.heading(heading, at), 1) % 360.0,
            speed_mps=round(max(speed + self.rng.gauss(0, 0.3), 0.0), 1),
            camera_side=side,
            vehicle=described(car, self.rng),
        )
        return Seen(read, self.number, parking, car.id, at, misreading, self.receiver.in_burst(at), error)

    def _numbered(self, seen: Seen) -> Seen:
        self.count += 1
        return replace(seen, read=replace(seen.read, device_seq=f"{self.prefix}{self.number + 1}-{self.count:06d}"))

    def _stamp(self, at: float) -> datetime:
        return self.stage.start + timedelta(milliseconds=round((at + self.clock_error) * 1000))

    def _place(self, own: tuple[float, float], at: float) -> tuple[Position | None, tuple[float, float] | None]:
        """The position the receiver gives for the car's own, and its error."""
        if self.rng.random() < NO_FIX_SHARE:
            return None, None
        x, y, accuracy = self.receiver.read(*own, at)
        lon, lat = self.projection.to_degrees(x, y)
        return Position(round(float(lat), 7), round(float(lon), 7), round(accuracy, 1)), (x - own[0], y - own[1])

    def _misreading(self, car: Car) -> Misreading | None:
        if car.dirty is not None and self.rng.random() < DIRTY_REPEATS:
            return car.dirty
        if car.dirty is None and self.rng.random() < self.rate:
            return misread(car.plate, self.rng)
        return None

    def _confidence(self, misreading: Misreading | None) -> float:
        """Right readings about .91, wrong ones about .70, with a wide overlap."""
        value = self.rng.betavariate(6.0, 2.5) if misreading else self.rng.betavariate(14.0, 1.4)
        return round(value, 3)

    def _candidates(self, car: Car, misreading: Misreading | None) -> tuple[PlateCandidate, ...]:
        """Second thoughts: of a wrong reading often the truth, of a right one sometimes something wrong."""
        if misreading is None:
            other = misread(car.plate, self.rng).plate if self.rng.random() < 0.3 else ""
        else:
            other = car.plate if self.rng.random() < 0.6 else ""
        return (PlateCandidate(other, round(self.rng.uniform(0.2, 0.7), 3)),) if other else ()


def patrol(cars: Sequence[PatrolCar], passes: Sequence[Pass], most: int) -> list[Seen]:
    """All reads of all cars in order of time, at most `most`."""
    found: list[Seen] = []
    for one in sorted(passes, key=lambda one: one.at):
        found.extend(cars[one.car].drive(one))
        if len(found) >= most + 2000:  # passes of several cars overlap by far fewer reads
            break
    return sorted(found, key=lambda seen: (seen.at, seen.read.device_seq))[:most]
