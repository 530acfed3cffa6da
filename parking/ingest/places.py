"""Positions, headings and speeds. What is implausible is left out with a note; the read is kept."""

from typing import Any

from parking.ingest.canonical import Position
from parking.ingest.values import mapping, number

METRES_A_HDOP = 5.0  # usual error of a single range measurement, general knowledge
FASTEST_MPS = 90.0
LARGEST_ERROR_M = 10_000.0

Notes = list[tuple[str, str]]


def position(place: dict, name: str, notes: Notes) -> Position | None:
    """`lat`, `lon` and `accuracy_m` (or `hdop`) as a Position; None when absent or implausible, with a note then.

    Raises BadItem for wrong types and for numbers that are not finite.
    """
    latitude, longitude = number(place.get("lat"), f"{name}.lat"), number(place.get("lon"), f"{name}.lon")
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        notes.append(("position_dropped", f"“{name}” has only one coordinate."))
        return None
    if not (-90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0):
        notes.append(("position_dropped", f"“{name}” lies outside of the earth's coordinates."))
        return None
    if abs(latitude) < 1e-6 and abs(longitude) < 1e-6:
        notes.append(("position_dropped", f"“{name}” is 0, 0: the reader had no position."))
        return None
    return Position(latitude, longitude, _accuracy(place, name, notes))


def _accuracy(place: dict, name: str, notes: Notes) -> float | None:
    metres, hdop = number(place.get("accuracy_m"), f"{name}.accuracy_m"), number(place.get("hdop"), f"{name}.hdop")
    if metres is None and hdop is not None:
        metres = hdop * METRES_A_HDOP
    if metres is None or 0.0 < metres <= LARGEST_ERROR_M:
        return metres
    notes.append(("accuracy_dropped", f"The error of “{name}” is implausible."))
    return None


def observer(value: Any, fix_age_s: float, notes: Notes) -> tuple[Position | None, float | None, float | None]:
    """The reader's own position, heading (degrees from north, 0 to below 360) and speed (metres a second).

    `age_s` says how old the position was when the plate was read; above `fix_age_s` the position is dropped.
    """
    place = mapping(value, "observer")
    if not place:
        return None, None, None
    found = position(place, "observer", notes)
    age = number(place.get("age_s"), "observer.age_s")
    if found is not None and age is not None and age > fix_age_s:
        notes.append(("position_dropped", f"The position was {age:.0f} seconds old."))
        found = None
    return found, _heading(place, notes), _speed(place, notes)


def _heading(place: dict, notes: Notes) -> float | None:
    degrees = number(place.get("heading"), "observer.heading")
    if degrees is None or -360.0 <= degrees <= 360.0:
        return None if degrees is None else degrees % 360.0
    notes.append(("heading_dropped", "The heading is no angle."))
    return None


def _speed(place: dict, notes: Notes) -> float | None:
    speed = number(place.get("speed_mps"), "observer.speed_mps")
    if speed is None or 0.0 <= speed <= FASTEST_MPS:
        return speed
    notes.append(("speed_dropped", "The speed is implausible."))
    return None
