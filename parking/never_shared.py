"""The words that name immigration enforcement in a letter, a purpose or an agency's name (PK-08; Gov. Code 7284.6).

Whole words only: "Police", "Sheriff's Office" and "notice" end in the letters of an agency and name none.
"""

import re
import unicodedata

# The database asks the same two patterns (parking.models.share): \y there is \b here.
IN_ANY_CASE = (
    r"\y(immigration|deport(s|ed|ing|ation|ations|able)?|customs enforcement|customs (and|&) border|"
    r"border (patrol|protection)|homeland security|cbp|uscis)\y"
)
IN_CAPITALS = r"\y(ICE|I\.C\.E|HSI)\y"
_NAMES = (
    re.compile(IN_ANY_CASE.replace(r"\y", r"\b"), re.IGNORECASE),
    re.compile(IN_CAPITALS.replace(r"\y", r"\b")),
)


def names_immigration_enforcement(*texts: str) -> str:
    """The first words in these texts that name immigration enforcement, or ""."""
    for text in texts:
        plain = _plain(text)
        if found := next((found for pattern in _NAMES if (found := pattern.search(plain))), None):
            return found[0]
    return ""


def _plain(text: str) -> str:
    """One kind of letter, one space between words, and nothing between letters that cannot be seen."""
    letters = unicodedata.normalize("NFKC", text)
    seen = "".join(letter for letter in letters if unicodedata.category(letter) != "Cf")
    return " ".join(seen.split())
