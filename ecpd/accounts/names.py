"""User names: no account's can be taken for another's (AC-10)."""

import re
import unicodedata

ALLOWED = "^[A-Za-z0-9.@+_-]+$"
SENTENCE = "A user name has letters a to z without accents, digits, and . @ + - _ and nothing else."
TAKEN = "Another account has this name, or one that looks the same. Choose another one."
MARKS = r"[\s\u00ad\u0300-\u036f\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]"


def is_allowed(name: str) -> bool:
    """Whether a new account may have this name."""
    return re.fullmatch(ALLOWED.strip("^$"), name) is not None


def key_of(name: str) -> str:
    """What two names have in common that differ in case, width, spaces or marks only; the database keeps it with each."""
    return re.sub(MARKS, "", unicodedata.normalize("NFKD", name)).lower()[:150]
