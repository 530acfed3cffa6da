"""How much a field holds: text of so many characters that can all be printed, JSON and lists of so much and so deep.

What is longer or deeper is no record of anything: it makes an export that nobody can read, or a page that cannot be
drawn. A list of fields that hold more, each with its reason, stands in `exceptions`.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible

LONGEST_TEXT = 20_000  # characters
DEEPEST = 40  # lists and objects inside each other
LARGEST_JSON = 1_000_000  # characters of the value as PostgreSQL prints it
MOST_VALUES = 1_000  # of a list
LARGEST_NUMBER = 10**300  # either side of nothing, in JSON; PostgreSQL keeps ones of which Python reads no row any more

# Every control character but tab, line feed and carriage return (Unicode's Cc); the same to Python and to PostgreSQL.
CONTROL = r"[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
_CONTROL = re.compile("\0|" + CONTROL)


def is_plain(text: str, longest: int | None = LONGEST_TEXT) -> bool:
    """Whether a text has at most so many characters, and no control characters but tabs and line ends."""
    return (longest is None or len(text) <= longest) and _CONTROL.search(text) is None


def printable(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text that programs write, cut to so many characters, with a blank in the place of each control character."""
    return _CONTROL.sub(" ", text[:longest])


def is_countable(number: float) -> bool:
    """Whether a number of JSON is one that everybody who reads the value can read."""
    return abs(number) <= (LARGEST_NUMBER if isinstance(number, int) else float(LARGEST_NUMBER))


def fits(value: object, largest: int = LARGEST_JSON) -> bool:
    """Whether a JSON value is neither too deep nor, by its strings, names and numbers, surely too large.

    Nor is a number in it.
    """
    waiting, size = [(value, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        if depth >= DEEPEST or size > largest:
            return False
        if isinstance(part, dict):
            size += sum(len(str(name)) for name in part)
            waiting += [(each, depth + 1) for each in part.values()]
        elif isinstance(part, list | tuple):
            waiting += [(each, depth + 1) for each in part]
        elif isinstance(part, int | float) and not is_countable(part):
            return False
        else:
            size += len(str(part))
    return size <= largest


@deconstructible
class PlainText:
    """A form's validator: says what is wrong with a text, and where."""

    def __init__(self, longest: int | None = LONGEST_TEXT) -> None:
        self.longest = longest

    def __call__(self, value: object) -> None:
        """Raises ValidationError."""
        text = str(value)
        if self.longest is not None and len(text) > self.longest:
            raise ValidationError(
                f"This is {len(text):,} characters long: shorten it to {self.longest:,}, or attach it as a file.",
                code="check",
            )
        if found := _CONTROL.search(text):
            before = " ".join(text[: found.start()].split())[-30:]
            place = f"after “{before}”" if before else "at its beginning"
            raise ValidationError(
                f"There is a character that cannot be printed (U+{ord(found[0]):04X}) {place}: delete it.", code="check"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlainText) and other.longest == self.longest

    def __hash__(self) -> int:
        return hash((PlainText, self.longest))
