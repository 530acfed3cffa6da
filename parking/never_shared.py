"""The words that name immigration enforcement, a federal agency, another state's or a company that pools plates (PK-08;
Gov. Code 7284.6).

No list of words is complete. Who receives plate data is one of the owner's list of agencies (`PublicAgency`); this is the
second line, asked of what is written beside it.

Whole words only: "Police", "Sheriff's Office" and "notice" end in the letters of an agency and name none. A text is read
as a person reads it: letters that only look Latin are Latin, accents fall away, a hyphen parts two words.
"""

import re
import unicodedata


def _spelled(letters: str) -> str:
    """These letters, with nothing, blanks or dots between them: FBI, f.b.i., F. B. I. A hyphen is a blank by then."""
    return "[ .]*".join(letters)


# The database asks the same patterns (parking.models.share): \y there is \b here.
_NO_FROZEN_WATER = r"(?! (cream|rink|skat|machine|truck|deliver|plant|cube|chest|pack|box|house|maker))"
IN_ANY_CASE = (
    r"\y(immigration|deport(s|ed|ing|ation|ations|able)?|customs enforcement|customs (and|&) border|"
    r"border (patrol|protection)|enforcement (and|&) removal|homeland sec(urity)?|"
    rf"{_spelled('cbp')}|{_spelled('uscis')}|{_spelled('hsi')}|i[ .]+c[ .]+e|"
    rf"(for|by|from|with|to|of|and|at) ice{_NO_FROZEN_WATER}|"
    r"ice (agents?|officers?|field|detainers?|holds?|warrants?|custody|asks?|asked|wants?))\y"
)
IN_CAPITALS = r"\y(I\.? ?C\.? ?E(?! (CREAM|RINK|SKAT|MACHINE|CUBE|CHEST|MAKER))|ERO)\y"
_UNION = r"(fed|feds|federal|united states|u\.? ?s)\.?"
_AGENCIES = "|".join(_spelled(name) for name in ("fbi", "dea", "atf", "batfe", "dhs", "usms", "usss", "tsa"))
FEDERAL_IN_ANY_CASE = (
    rf"\y({_UNION} (agents?|agency|agencies|attorneys?|authorit(y|ies)|bureau|customs|department|dept|government|"
    r"investigat(ion|ions|or|ors)|law enforcement|marshals?|officers?|secret service|task force|postal|"
    r"park police|forest service)|drug enforcement (administration|agency|admin)|marshals service|secret service|"
    r"bureau of alcohol|"
    r"postal inspect(ion|or|ors)|national park service|bureau of (prisons|land management)|"
    rf"internal revenue service|coast guard (agents?|investigat(ion|ive|or|ors))|amtrak police|{_AGENCIES})\y"
)
FEDERAL_IN_CAPITALS = r"\y(I[ .]*R[ .]*S|USPIS)\y"
# No agency of California is called so. Its own purpose may well be a road (US 101) or a federal building.
NO_NAME_IN_ANY_CASE = r"\y(federal|united states|u\. ?s)\y"
NO_NAME_IN_CAPITALS = r"\y(US|USA)\y"
# The other states and the District. Nevada City and the counties of that name are of California.
_OTHER_STATES = (
    "alabama|alaska|arizona|arkansas|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa|"
    "kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|"
    "nevada|new (hampshire|jersey|mexico|york)|(north|south) (carolina|dakota)|ohio|oklahoma|oregon|pennsylvania|"
    "rhode island|tennessee|texas|utah|vermont|(west )?virginia|washington|wisconsin|wyoming|district of columbia"
)
OUT_OF_STATE_IN_ANY_CASE = (
    rf"\y({_OTHER_STATES})( state)? (police|highway patrol|state patrol|troopers?|rangers|attorney general|"
    r"(department|dept\.?|division|bureau) of)\y"
)
# Companies that collect plates of many places.
POOLS_IN_ANY_CASE = (
    r"\y(flock safety|flock group|vigilant solutions|motorola solutions|digital recognition network|drn data|"
    r"thomson reuters|lexisnexis|palantir|private investigators?|data brokers?)\y"
)
NO_WORD = r"\y\Y"  # matches nothing
ELSEWHERE = (rf"({OUT_OF_STATE_IN_ANY_CASE}|{POOLS_IN_ANY_CASE})", NO_WORD)
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


def names_somebody_elsewhere(*texts: str) -> str:
    """The first words in these texts that name an agency of another state or a company that pools plates, or ""."""
    return _first(ELSEWHERE, texts)


def is_a_federal_name(name: str) -> str:
    """The words in an agency's name that no agency of California has in its own, or ""."""
    return _first(FEDERAL_NAME, (name,))


def _first(patterns: tuple[str, str], texts: tuple[str, ...]) -> str:
    any_case, capitals = (pattern.replace(r"\y", r"\b").replace(r"\Y", r"\B") for pattern in patterns)
    for plain in map(_plain, texts):
        if found := re.search(any_case, plain, re.IGNORECASE) or re.search(capitals, plain):
            return found[0]
    return ""


def _plain(text: str) -> str:
    """One kind of letter, one space between words, and nothing between letters that cannot be seen."""
    letters = re.sub(ACCENTS, "", unicodedata.normalize("NFKD", text)).translate(_LATIN)
    seen = "".join(letter for letter in letters if unicodedata.category(letter) != "Cf")
    return " ".join(re.sub(GAPS, " ", seen).split())


def as_words(text: str) -> str:
    """A text as names are compared: its words of small letters and digits, one blank between and around them."""
    letters = re.sub(r"['\u2018\u2019]", "", _plain(text)).lower()
    return f" {' '.join(re.sub(r'[^a-z0-9]+', ' ', letters).split())} "
