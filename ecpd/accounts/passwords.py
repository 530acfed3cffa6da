"""What makes a long password easy to guess: one's own name, the same again and again, keys in a row.

Beside length and the common list, after NIST SP 800-63B: no rules about kinds of signs.
"""

import re
import unicodedata
from itertools import pairwise

from django.core.exceptions import ValidationError

HOUSE = ("ecpd", "police", "cerrito", "password")
ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
LEAST_LEFT, LEAST_SIGNS = 8, 5
MOST_IN_A_ROW = 0.6


class GuessableValidator:
    """Refuses what whoever knows the person would try first."""

    def validate(self, password: str, user=None) -> None:
        """Raises ValidationError in words."""
        folded = unicodedata.normalize("NFKC", password).casefold()
        if _repeats(folded) or len(set(folded)) < LEAST_SIGNS:
            raise ValidationError("This password repeats the same few characters.", code="password_repeats")
        if _in_a_row(folded):
            raise ValidationError("This password runs along the keyboard or the alphabet.", code="password_in_a_row")
        left = _without_names(folded, user)
        if len(left) < LEAST_LEFT and left != folded:  # one that is short by itself is told so by another
            raise ValidationError(
                "Without your name, badge and the department's name too little is left of this password.",
                code="password_names",
            )

    def get_help_text(self) -> str:
        """For a form."""
        return "Not your name, not the same again and again, no keys in a row."


def _repeats(word: str) -> bool:
    """Whether it is a shorter piece said twice or more, the last time perhaps cut off."""
    return any(word == (word[:size] * len(word))[: len(word)] for size in range(1, len(word) // 2 + 1))


def _in_a_row(word: str) -> bool:
    pairs = [first + second for first, second in pairwise(word)]
    along = sum(any(pair in row or pair in row[::-1] for row in ROWS) for pair in pairs)
    return bool(pairs) and along / len(pairs) > MOST_IN_A_ROW


def _without_names(word: str, user) -> str:
    known = " ".join(str(getattr(user, name, "") or "") for name in ("username", "first_name", "last_name", "badge"))
    names = {part for part in re.split(r"[\W_]+", unicodedata.normalize("NFKC", known).casefold()) if len(part) > 2}
    for name in sorted({*names, *HOUSE}, key=len, reverse=True):
        word = word.replace(name, "")
    return word
