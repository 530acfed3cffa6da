"""What counts as text: at least one letter or digit that can be seen.

Blanks, tabs, line breaks, zero-width marks, fillers and punctuation alone say nothing. `letters.txt` holds the runs of
letters and digits beyond ASCII, by code points (Unicode 14, categories L and N without the four Hangul fillers, which
are drawn as nothing). The database asks the same by `ecpd_says_something(text)`, made of the same table: a change to it
is a new file and a migration.
"""

import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("letters.txt")
ASCII = "0-9A-Za-z"


# What takes room in a text and cannot be seen, as both regular expressions read it.
UNSEEN = (
    r"[\s\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)


@cache
def runs() -> tuple[tuple[int, int], ...]:
    """First and last code point of each run beyond ASCII."""
    words = [word.partition("-") for word in TABLE.read_text().split()]
    return tuple((int(first, 16), int(last or first, 16)) for first, _, last in words)


def says_something(text: str) -> bool:
    """Whether there is a letter or digit that somebody could read."""
    return _seen().search(text) is not None


def readable(text: str) -> str:
    """A text as it can be kept and read again: without NUL characters, and by its code points (`U+FFFD`) when it says nothing."""
    kept = text.replace("\0", "")
    return kept if not text or says_something(kept) else " ".join(f"U+{ord(each):04X}" for each in text)


def json_says_something(value: object) -> bool:
    """Whether a JSON value holds, at any depth, text that says something or a number; names of its parts count nothing."""
    if isinstance(value, dict | list | tuple):
        return any(json_says_something(part) for part in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, int | float | str) and not isinstance(value, bool) and says_something(str(value))


def seen_length(text: str) -> int:
    """Characters of a text, with each run of what cannot be seen as one blank and none at its ends."""
    return len(re.sub(UNSEEN, " ", text).strip(" "))


def bracket() -> str:
    """The runs as a bracket expression of PostgreSQL's regular expressions."""
    return "[" + "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in runs()) + "]"


@cache
def _seen() -> re.Pattern[str]:
    return re.compile("[" + ASCII + "".join(f"{chr(first)}-{chr(last)}" for first, last in runs()) + "]")
