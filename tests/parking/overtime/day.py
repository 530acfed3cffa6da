"""A simulated working day: cars come, stay, move and go; patrols pass and misread; the truth is known.

Misreads follow the mix measured on photographed US plates: half of them have a character too few or too many, the
others a character swapped, two thirds of those by a look-alike. A few plates are dirty and misread the same way again.
Some cars are of fleets whose plates follow one another, and some plates differ from another's by one look-alike.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from parking.curbs.types import Activity, CurbPolicy, CurbRule, TimeSpan
from parking.ingest.canonical import CanonicalRead, Position, Vehicle
from parking.overtime.evaluation import Overstay
from parking.overtime.places import place_of
from parking.overtime.zone_rules import ZoneRules
from tests.parking.overtime.town import passing, town

MIDNIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday, 00:00 in California
TWO_HOURS = CurbPolicy(
    id="two-hours", priority=1, rules=(CurbRule(Activity.PARKING, max_stay=120),),
    spans=(TimeSpan(days=frozenset(range(5)), start=time(8), end=time(18)),),
)  # fmt: skip
LIMIT = timedelta(minutes=125)
SPOTS = tuple(range(14, 87, 6))
PAIRS = ["8B"] * 7 + ["0Q"] * 4 + ["0D"] * 4 + ["OQ"] * 3 + ["DO"] * 3 + ["5S"] * 3 + ["2Z", "01", "HW", "EL"] * 2
LETTERS, DIGITS = "ABCDEFGHJKLMNPRSTUVWXYZ", "0123456789"
MAKES, COLORS = ("toyota", "honda", "ford", "tesla", "chevrolet"), ("white", "black", "gray", "silver", "blue", "red")


@dataclass
class Car:
    """A car of the truth: `visits` are (street, block, side, spot, from, until)."""

    key: str
    plate: str
    state: str
    vehicle: Vehicle
    dirty: str = ""
    visits: list[tuple[str, int, str, float, datetime, datetime]] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """Reads in order of time with their ids, whose each is, true overstays, and how many visits were none."""

    zones: list
    reads: list[tuple[str, CanonicalRead]]
    vehicle_of: dict[str, str]
    overstays: list[Overstay]
    innocent: int


def misread(plate: str, dice: random.Random) -> str:
    """Another reading of a plate, in the measured mix."""
    if dice.random() < 0.5:
        place = dice.randrange(len(plate))
        if dice.random() < 0.5:
            return plate[:place] + plate[place + 1 :]
        return plate[:place] + dice.choice(LETTERS + DIGITS) + plate[place:]
    swaps = [
        (place, pair.replace(character, "", 1))
        for place, character in enumerate(plate)
        for pair in PAIRS
        if character in pair
    ]
    if swaps and dice.random() < 0.68:
        place, character = dice.choice(swaps)
    else:
        place = dice.randrange(len(plate))
        character = dice.choice([each for each in LETTERS + DIGITS if each != plate[place]])
    return plate[:place] + character + plate[place + 1 :]


def simulate(size: int = 4, *, seed: int = 1, rounds: int = 9, misreads: float = 0.03, error_m: float = 3.0) -> Day:
    """A day in a town of `size` by `size` streets, patrolled `rounds` times from 8 am to 6 pm."""
    dice = random.Random(seed)
    zones = town(size)
    faces = [face for face in map(_face, zones) if face[1] < size - 1]  # between two streets of the town
    cars = _cars(faces, dice)
    reads, vehicle_of, seen = _patrols(faces, cars, rounds, misreads, error_m, dice)
    overstays = [overstay for car in cars for overstay in _overstays(car, seen)]
    visits = sum(len(car.visits) for car in cars)
    return Day(zones, reads, vehicle_of, overstays, visits - len(overstays))


def rules_of(day: Day) -> dict[str, ZoneRules]:
    """Two hours, Monday to Friday, 8 am to 6 pm, in every zone."""
    return {zone.id: ZoneRules(place_of(zone), (TWO_HOURS,)) for zone in day.zones}


def _face(zone) -> tuple[str, int, str]:
    return zone.street, int(zone.id[len(zone.street) + 1 : -1]), zone.side


def _plate(dice: random.Random) -> str:
    if dice.random() < 0.1:
        return "".join(dice.choice(LETTERS) for _ in range(dice.randint(5, 7)))
    letters = "".join(dice.choice(LETTERS) for _ in range(3))
    return f"{dice.randint(1, 9)}{letters}{dice.randrange(1000):03d}"


def _cars(faces, dice: random.Random) -> list[Car]:
    """Cars one after another in every spot of the town; some move on to another face that day."""
    cars: list[Car] = []
    for street, block, side in faces:
        for spot in SPOTS:
            at = MIDNIGHT + timedelta(hours=7, minutes=dice.uniform(0, 120))
            while at < MIDNIGHT + timedelta(hours=17):
                leaves = at + timedelta(
                    minutes=dice.choice([20, 45, 60, 90, 110, 150, 200, 300]) * dice.uniform(0.7, 1.3)
                )
                car = _another(cars, (street, block, side), at, dice)
                car.visits.append((street, block, side, spot + dice.uniform(-1, 1), at, leaves))
                at = leaves + timedelta(minutes=dice.uniform(5, 60))
    return cars


def _another(cars: list[Car], face: tuple[str, int, str], at: datetime, dice: random.Random) -> Car:
    """A new car, now and then the next of a fleet, a look-alike of one that was here, or one that moved here."""
    chance = dice.random()
    if cars and chance < 0.05:
        before = dice.choice(cars[-400:])
        if before.visits[-1][5] + timedelta(minutes=2) < at and all(visit[:3] != face for visit in before.visits):
            return before
    vehicle = Vehicle(make=dice.choice(MAKES), color=dice.choice(COLORS))
    plate, state = _plate(dice), "US-CA" if dice.random() < 0.93 else "US-NV"
    if cars and 0.05 <= chance < 0.08 and cars[-1].plate[-3:].isdigit():
        plate = f"{cars[-1].plate[:-3]}{(int(cars[-1].plate[-3:]) + 1) % 1000:03d}"
        vehicle, state = cars[-1].vehicle, cars[-1].state
    elif cars and 0.08 <= chance < 0.085:
        plate = misread(cars[-1].plate, dice)
    car = Car(f"car{len(cars)}", plate, state, vehicle)
    if dice.random() < 0.005:
        car.dirty = misread(plate, dice)
    cars.append(car)
    return car


def _patrols(faces, cars: list[Car], rounds: int, misreads: float, error_m: float, dice: random.Random):
    parked = [(visit, car) for car in cars for visit in car.visits]
    by_face: dict = {}
    for visit, car in parked:
        by_face.setdefault(visit[:3], []).append((visit, car))
    reads, vehicle_of, seen = [], {}, {}
    for turn in range(rounds):
        at = MIDNIGHT + timedelta(hours=8, minutes=2 + turn * 590 / rounds)
        for face in dice.sample(faces, len(faces)) if turn == 0 else faces:
            at += timedelta(seconds=dice.uniform(8, 20))
            for visit, car in by_face.get(face, ()):
                if not visit[4] <= at < visit[5] or dice.random() < 0.02:
                    continue
                key = f"r{len(reads):06d}"
                reads.append((key, _read(key, visit, car, at, misreads, error_m, dice)))
                vehicle_of[key] = car.key
                seen.setdefault((car.key, visit[4]), []).append(at)
    return sorted(reads, key=lambda each: each[1].captured_at), vehicle_of, seen


def _read(
    key: str, visit, car: Car, at: datetime, misreads: float, error_m: float, dice: random.Random
) -> CanonicalRead:
    street, block, side, spot, _, _ = visit
    camera = "R" if dice.random() < 0.8 else "L"
    found = passing(
        street, block, side, spot, camera=camera, at=at, error=(dice.gauss(0, error_m), dice.gauss(0, error_m))
    )
    plate = car.dirty if car.dirty and dice.random() < 0.5 else car.plate
    if dice.random() < misreads:
        plate = misread(car.plate, dice)
    vehicle = Vehicle(
        make=car.vehicle.make if dice.random() < 0.97 else "",
        color=car.vehicle.color if dice.random() < 0.96 else dice.choice(COLORS),
    )
    return CanonicalRead(
        device_seq=key, captured_at=at, plate=plate, state=car.state if dice.random() < 0.98 else "",
        confidence=dice.uniform(0.8, 1), observer=Position(found.latitude, found.longitude, found.accuracy_m),
        heading=found.heading, speed_mps=found.speed_mps, camera_side=camera, vehicle=vehicle,
    )  # fmt: skip


def _overstays(car: Car, seen) -> list[Overstay]:
    """Visits whose first and last read lie farther apart than limit and grace: what perfect reading would find."""
    found = []
    for street, block, side, _, begins, ends in car.visits:
        times = seen.get((car.key, begins), [])
        if times and times[-1] - times[0] > LIMIT:
            found.append(Overstay(car.key, f"{street}.{block}{side}", times[0] + LIMIT, ends))
    return found
