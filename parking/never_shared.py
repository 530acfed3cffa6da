"""The words that name immigration enforcement, or a federal agency, in a letter, a purpose or an agency's name (PK-08;
Gov. Code 7284.6).

Whole words only: "Police", "Sheriff's Office" and "notice" end in the letters of an agency and name none. A text is read
as a person reads it: letters that only look Latin are Latin, accents fall away, a hyphen parts two words.
"""

import re
import unicodedata

# The database asks the same patterns (parking.models.share): \y there is \b here.
IN_ANY_CASE = (
    r"\y(immigration|deport(s|ed|ing|ation|ations|able)?|customs enforcement|customs (and|&) border|"
    r"border (patrol|protection)|enforcement (and|&) removal|homeland security|cbp|uscis)\y"
)
IN_CAPITALS = r"\y(I\.? ?C\.? ?E|H\.?S\.?I|ERO)\y"
_UNION = r"(federal|united states|u\.? ?s\.?)"
FEDERAL_IN_ANY_CASE = (
    rf"\y({_UNION} (agents?|agency|agencies|attorneys?|authorit(y|ies)|bureau|customs|department|government|"
    r"investigat(ion|ions|or|ors)|law enforcement|marshals?|officers?|secret service|task force)|"
    r"drug enforcement administration|marshals service|secret service|bureau of alcohol)\y"
)
FEDERAL_IN_CAPITALS = r"\y(F\.?B\.?I|D\.?E\.?A|A\.?T\.?F|D\.?H\.?S|USMS)\y"
# No agency of California is called so. Its own purpose may well be a road (US 101) or a federal building.
NO_NAME_IN_ANY_CASE = r"\y(federal|united states|u\. ?s)\y"
NO_NAME_IN_CAPITALS = r"\y(US|USA)\y"
IMMIGRATION = (IN_ANY_CASE, IN_CAPITALS)
FEDERAL = (FEDERAL_IN_ANY_CASE, FEDERAL_IN_CAPITALS)
FEDERAL_NAME = (
    rf"({FEDERAL_IN_ANY_CASE}|{NO_NAME_IN_ANY_CASE})",
    rf"({FEDERAL_IN_CAPITALS}|{NO_NAME_IN_CAPITALS})",
)
ACCENTS = r"[\u0300-\u036f]"
GAPS = r"[-_/\u00b7\u2010-\u2015\u2022\u2027\u2212\u30fb]"
# Cyrillic and Greek letters that look like these.
LOOKS_LATIN = {
    "\u0410": "A", "\u0412": "B", "\u0415": "E", "\u0405": "S", "\u0406": "I", "\u0408": "J", "\u041a": "K",
    "\u041c": "M", "\u041d": "H", "\u041e": "O", "\u0420": "P", "\u0421": "C", "\u0422": "T", "\u0425": "X",
    "\u0423": "Y", "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y",
    "\u0445": "x", "\u0455": "s", "\u0456": "i", "\u0458": "j", "\u0501": "d", "\u04bb": "h", "\u04c0": "I",
    "\u0391": "A", "\u0392": "B", "\u0395": "E", "\u0396": "Z", "\u0397": "H", "\u0399": "I", "\u039a": "K",
    "\u039c": "M", "\u039d": "N", "\u039f": "O", "\u03a1": "P", "\u03a4": "T", "\u03a5": "Y", "\u03a7": "X",
    "\u03b1": "a", "\u03b9": "i", "\u03ba": "k", "\u03bd": "v", "\u03bf": "o", "\u03c1": "p", "\u03c4": "t",
}  # fmt: skip
_LATIN = str.maketrans(LOOKS_LATIN)


def names_immigration_enforcement(*texts: str) -> str:
    """The first words in these texts that name immigration enforcement, or ""."""
    return _first(IMMIGRATION, texts)


def names_a_federal_agency(*texts: str) -> str:
    """The first words in these texts that name an agency of the United States, or ""."""
    return _first(FEDERAL, texts)


def is_a_federal_name(name: str) -> str:
    """The words in an agency's name that no agency of California has in its own, or ""."""
    return _first(FEDERAL_NAME, (name,))


def _first(patterns: tuple[str, str], texts: tuple[str, ...]) -> str:
    any_case, capitals = (pattern.replace(r"\y", r"\b") for pattern in patterns)
    for plain in map(_plain, texts):
        if found := re.search(any_case, plain, re.IGNORECASE) or re.search(capitals, plain):
            return found[0]
    return ""


def _plain(text: str) -> str:
    """One kind of letter, one space between words, and nothing between letters that cannot be seen."""
    letters = re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text)).translate(_LATIN)
    seen = "".join(letter for letter in letters if unicodedata.category(letter) != "Cf")
    return " ".join(re.sub(GAPS, " ", seen).split())
