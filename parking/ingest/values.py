"""Checks of single values out of a device's JSON. All raise BadItem; none ever coerces silently."""

from math import isfinite
from typing import Any
from unicodedata import category, normalize

from parking.ingest.errors import BadItem

PLATE_LENGTH = 12
_SKIPPED = frozenset("PSZ")  # punctuation, symbols (California has hearts and hands), separators
LOST = "\N{REPLACEMENT CHARACTER}"  # stands where a character could not be decoded
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def text(value: Any, name: str, longest: int) -> str:
    """A text of at most `longest` characters, "" for None; trimmed.

    Raises BadItem: `wrong_type`, `too_long`, `control_characters` (lone surrogates count as such).
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadItem("wrong_type", f"“{name}” must be a text.")
    value = value.strip()
    if len(value) > longest:
        raise BadItem("too_long", f"“{name}” is longer than {longest} characters.")
    if not value.isprintable():
        raise BadItem("control_characters", f"“{name}” holds characters that cannot be printed.")
    return value


def number(value: Any, name: str) -> float | None:
    """A finite number or None. Raises BadItem: `wrong_type`, `not_finite`."""
    if value is None:
        return None
    kind = type(value)
    if kind is not float and kind is not int:
        raise BadItem("wrong_type", f"“{name}” must be a number.")
    try:
        value = float(value)
    except OverflowError:
        value = float("inf")
    if not isfinite(value):
        raise BadItem("not_finite", f"“{name}” must be a finite number.")
    return value


def fraction(value: Any, name: str) -> float | None:
    """A number from 0 to 1 or None. Raises BadItem: those of `number`, `out_of_range`."""
    value = number(value, name)
    if value is not None and not 0.0 <= value <= 1.0:
        raise BadItem("out_of_range", f"“{name}” must lie between 0 and 1.")
    return value


def sequence(value: Any) -> str:
    """The device's own number for a read: a text of 1 to 80 characters, or a whole number.

    Raises BadItem: those of `text`, `missing`.
    """
    if type(value) is int and -(10**18) < value < 10**18:
        return str(value)
    found = text(value, "device_seq", 80)
    if not found:
        raise BadItem("missing", "“device_seq” is missing: without it a repeated delivery cannot be recognized.")
    return found


def plate(value: Any, name: str = "plate") -> str:
    """Plate text as upper-case A to Z and 0 to 9; spaces, punctuation and symbols are left out.

    "" for None and for texts such as "-". Raises BadItem: those of `text`, `bad_plate` for letters or digits of
    other scripts or one that was lost (leaving them out would make another plate), `too_long` above 12 characters.
    """
    if value is None:
        return ""
    found = text(value, name, 40).upper()
    if not _PLAIN.issuperset(found):
        found = "".join(_plain_character(character, name) for character in normalize("NFKC", found).upper())
    if len(found) > PLATE_LENGTH:
        raise BadItem("too_long", f"“{name}” is longer than {PLATE_LENGTH} letters and digits.")
    return found


def _plain_character(character: str, name: str) -> str:
    if character in _PLAIN:
        return character
    if character != LOST and category(character)[0] in _SKIPPED:
        return ""
    if character == LOST:
        raise BadItem("bad_plate", f"“{name}” lost a character on its way; what is left may be another plate.")
    raise BadItem("bad_plate", f"“{name}” holds a character that no US license plate has.")


def mapping(value: Any, name: str) -> dict:
    """An object, {} for None. Raises BadItem `wrong_type`."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadItem("wrong_type", f"“{name}” must be an object.")
    return value


def array(value: Any, name: str) -> list:
    """A list, [] for None. Raises BadItem `wrong_type`."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadItem("wrong_type", f"“{name}” must be a list.")
    return value
