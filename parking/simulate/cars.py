"""Invented cars, and how a reader describes them."""

from dataclasses import dataclass
from random import Random

from parking.ingest.canonical import Vehicle
from parking.simulate.misreading import Misreading, misread

MODELS = (
    ("Toyota", "Corolla", "sedan", 10), ("Toyota", "Prius", "hatchback", 10), ("Toyota", "RAV4", "suv", 8),
    ("Toyota", "Tacoma", "pickup", 5), ("Honda", "Civic", "sedan", 10), ("Honda", "CR-V", "suv", 8),
    ("Honda", "Odyssey", "van", 3), ("Subaru", "Outback", "wagon", 5), ("Subaru", "Forester", "suv", 4),
    ("Ford", "F-150", "pickup", 6), ("Ford", "Escape", "suv", 3), ("Ford", "Transit", "van", 3),
    ("Chevrolet", "Bolt", "hatchback", 4), ("Chevrolet", "Silverado", "pickup", 4), ("Tesla", "Model 3", "sedan", 7),
    ("Tesla", "Model Y", "suv", 6), ("Nissan", "Sentra", "sedan", 5), ("Nissan", "Leaf", "hatchback", 3),
    ("Hyundai", "Elantra", "sedan", 4), ("Kia", "Soul", "hatchback", 3), ("BMW", "3 Series", "sedan", 3),
    ("Volkswagen", "Golf", "hatchback", 3), ("Mazda", "CX-5", "suv", 3), ("Lexus", "RX", "suv", 3),
)  # fmt: skip
COLORS = (
    ("white", 24),
    ("black", 21),
    ("gray", 19),
    ("silver", 12),
    ("blue", 11),
    ("red", 8),
    ("green", 3),
    ("brown", 2),
)
MISTAKEN_COLOR = {
    "white": ("silver", "gray"), "silver": ("gray", "white"), "gray": ("silver", "black", "blue"),
    "black": ("gray", "blue"), "blue": ("black", "gray"), "red": ("brown",), "green": ("gray", "black"),
    "brown": ("red", "gray"),
}  # fmt: skip
MISTAKEN_TYPE = {
    "sedan": "hatchback",
    "hatchback": "sedan",
    "suv": "wagon",
    "wagon": "suv",
    "van": "suv",
    "pickup": "suv",
}
DIRTY_REPEATS = 0.5  # how often a dirty plate is read in its own wrong way


@dataclass(frozen=True)
class Car:
    """One car as it is. `dirty`: the one wrong way in which its plate is often read. `role`: why it is in the play."""

    id: int
    plate: str
    state: str
    make: str
    model: str
    color: str
    type: str
    role: str
    dirty: Misreading | None = None


def draw_car(id: int, plate: str, state: str, role: str, rng: Random, dirty_share: float) -> Car:
    """A car with a plate; `dirty_share` of them have a dirty one."""
    make, model, kind, _ = rng.choices(MODELS, [row[3] for row in MODELS])[0]
    color, _ = rng.choices(COLORS, [row[1] for row in COLORS])[0]
    dirty = misread(plate, rng) if rng.random() < dirty_share else None
    return Car(id, plate, state, make, model, color, kind, role, dirty)


def described(car: Car, rng: Random) -> Vehicle:
    """What a reader says of the car.

    Make: 5 % not told, 3 % wrong. Color: 4 % not told, 8 % a near one. Type: 3 % not told, 4 % a near one. The
    figures are general knowledge of such readers, not measured.
    """
    lot = rng.random()
    make, model = ("", "") if lot < 0.05 else (car.make, car.model)
    if lot > 0.97:
        make, model = rng.choice([(row[0], row[1]) for row in MODELS if row[0] != car.make])
    color = _told(car.color, 0.04, 0.08, MISTAKEN_COLOR[car.color], rng)
    kind = _told(car.type, 0.03, 0.04, (MISTAKEN_TYPE[car.type],), rng)
    return Vehicle(make, model, color, kind)


def described_state(car: Car, rng: Random) -> str:
    """The state a reader gives: 5 % none; of other states' plates 5 % are taken for Californian, of those 1 % not."""
    lot = rng.random()
    if lot < 0.05:
        return ""
    wrong = 0.01 if car.state == "US-CA" else 0.05
    if lot > 1 - wrong:
        return "US-CA" if car.state != "US-CA" else rng.choice(("US-NV", "US-OR"))
    return car.state


def _told(true: str, untold: float, wrong: float, instead: tuple[str, ...], rng: Random) -> str:
    lot = rng.random()
    if lot < untold:
        return ""
    return rng.choice(instead) if lot > 1 - wrong else true
