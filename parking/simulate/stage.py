"""The street as a stage: spaces, the cars that stand in them and when, and the permits they have."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from random import Random

from parking.overtime.permits import Permit
from parking.simulate.cars import Car, draw_car
from parking.simulate.faces import Face
from parking.simulate.plates import PlateMaker

MINUTE = 60.0


@dataclass(frozen=True)
class Parking:
    """One car in one space: seconds from the start of the shift. `face` and `space` number the patrol's faces."""

    car: int
    face: int
    space: int
    arrive: float
    leave: float


@dataclass(frozen=True)
class Terms:
    """What a face's signs say in the shift: the limit in seconds (None for none) and the class that is exempt."""

    limit: float | None
    permit_class: str = ""


@dataclass
class Stage:
    """Faces with their terms, and what the play puts there. `spaces`: (arrive, leave, number of the parking), sorted."""

    rng: Random
    faces: Sequence[Face]
    terms: Sequence[Terms]
    start: datetime
    seconds: float
    dirty_share: float
    cars: list[Car] = field(default_factory=list)
    parkings: list[Parking] = field(default_factory=list)
    permits: list[Permit] = field(default_factory=list)
    spaces: dict[tuple[int, int], list[tuple[float, float, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plates = PlateMaker(self.rng)

    def at(self, face: int, space: int, when: float) -> int | None:
        """The number of the parking that holds a space at a time."""
        for begin, end, number in self.spaces.get((face, space), ()):
            if begin <= when < end:
                return number
        return None

    def window(self, face: int, space: int, when: float) -> tuple[float, float]:
        """The first free time of a space from `when` on: its beginning and end (seconds), two minutes clear of others."""
        for begin, end, _ in self.spaces.get((face, space), ()):
            if when < begin - 2 * MINUTE:
                return when, begin - 2 * MINUTE
            when = max(when, end + 2 * MINUTE)
        return when, inf

    def new_car(self, role: str, plate: tuple[str, str] | None = None) -> Car:
        """A car with a new plate, or with the plate and state given."""
        text, state = plate or self.plates.plate()
        car = draw_car(len(self.cars), text, state, role, self.rng, self.dirty_share)
        self.cars.append(car)
        return car

    def park(self, car: Car, face: int, space: int, arrive: float, leave: float) -> bool:
        """Take a space if it is free; False when it is not."""
        taken = self.spaces.setdefault((face, space), [])
        if any(begin < leave + MINUTE and arrive < end + MINUTE for begin, end, _ in taken):
            return False
        insort(taken, (arrive, leave, len(self.parkings)))
        self.parkings.append(Parking(car.id, face, space, arrive, leave))
        return True

    def park_on(self, car: Car, face: int, arrive: float, leave: float, near: int | None = None) -> int | None:
        """Take some space of a face, close to `near` if given; its number, None when all are taken."""
        spaces = list(range(len(self.faces[face].spaces)))
        self.rng.shuffle(spaces)
        if near is not None:
            spaces.sort(key=lambda space: abs(space - near))
        return next((space for space in spaces if self.park(car, face, space, arrive, leave)), None)

    def grant(self, cars: Sequence[Car], user_class: str) -> None:
        """One permit for these cars, in every zone whose signs exempt the class."""
        zones = {f.zone.id for f, t in zip(self.faces, self.terms, strict=True) if t.permit_class == user_class}
        permit = Permit(
            id=f"P-{len(self.permits) + 1:05d}",
            plates=tuple(car.plate for car in cars),
            zones=frozenset(zones),
            begins=self.start - timedelta(days=60),
            ends=self.start + timedelta(days=300),
            classes=frozenset({user_class}),
            name=user_class,
        )
        self.permits.append(permit)
