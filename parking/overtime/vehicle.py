"""Whether two reads can be of one vehicle by what is seen beside the plate: state, make, color, type.

Readers are often wrong about shades and bodies, so near ones neither speak for one vehicle nor against it.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from parking.overtime.sighting import Sighting

_MAKES = {"chevy": "chevrolet", "vw": "volkswagen", "mercedes": "mercedesbenz", "benz": "mercedesbenz"}
_COLORS = {"grey": "gray", "silvergray": "silver", "goldbeige": "gold", "tan": "beige", "maroon": "red"}
_NEAR_COLORS = {
    frozenset(pair)
    for group in (
        ("white", "silver", "gray"),
        ("black", "gray"),
        ("black", "blue"),
        ("beige", "gold", "brown", "silver"),
        ("red", "brown", "orange"),
        ("blue", "green"),
    )
    for pair in combinations(group, 2)
}
_TYPES = {"coupe": "sedan", "hatchback": "sedan", "wagon": "sedan", "convertible": "sedan", "car": "sedan",
          "suv": "sedan", "crossover": "sedan", "minivan": "van", "pickup": "truck"}  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """What speaks for and against one vehicle, each in words. Unknown parts appear in neither."""

    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()


def agreement(one: Sighting, other: Sighting) -> Agreement:
    """Compare two sightings by everything but plate, place and time."""
    parts = (
        ("state", one.state.removeprefix("US-"), other.state.removeprefix("US-"), _plain),
        ("make", one.vehicle.make, other.vehicle.make, _make),
        ("color", one.vehicle.color, other.vehicle.color, _color),
        ("type", one.vehicle.type, other.vehicle.type, _type),
    )
    same, different = [], []
    for name, first, second, reduce in parts:
        here, there = reduce(first), reduce(second)
        if not here or not there:
            continue
        if here == there:
            same.append(f"same {name} ({first})")
        elif name != "color" or frozenset((here, there)) not in _NEAR_COLORS:
            different.append(f"{name} {first} and {second}")
    return Agreement(tuple(same), tuple(different))


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    return "".join(character for character in word.lower() if character.isalnum())


@lru_cache(maxsize=4096)
def _make(word: str) -> str:
    plain = _plain(word)
    return _MAKES.get(plain, plain)


@lru_cache(maxsize=4096)
def _color(word: str) -> str:
    plain = _plain(word)
    return _COLORS.get(plain, plain)


@lru_cache(maxsize=4096)
def _type(word: str) -> str:
    plain = _plain(word.split("-")[0])
    return _TYPES.get(plain, plain)
