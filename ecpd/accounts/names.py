"""Names: no account's can be taken for another's (AC-10)."""

import re
import unicodedata

ALLOWED = "^[.@+_-]*[A-Za-z0-9][A-Za-z0-9.@+_-]*$"
SENTENCE = "A user name has letters a to z without accents, digits, and . @ + - _ and nothing else."
TAKEN = "Another account has this name, or one that looks the same. Choose another one."
SAME_PERSON = (
    "Another account is shown by this rank, name and badge number. Give the badge number that tells them apart."
)
# What pages show as a person's name; of other scripts many letters look like these.
LATIN = "^[A-Za-z0-9À-ÖØ-öø-žȘ-țḀ-ỿ .,’''()/&-]*$"
IN_LATIN = "Rank, names and badge number are written in Latin letters and digits."
MARKS = r"[\s\u00ad\u0300-\u036f\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]"
FOLDED, ONTO = "01i|5ıłøđð", "olllsllodd"  # read as one another
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
JOINED = "[._@+-]"  # tells no two names apart
PERSON = ("rank", "first_name", "last_name", "badge")
BETWEEN = r"[/,’'()&\s]"  # marks between the parts of a name; in which field a word stands is not shown


def is_allowed(name: str) -> bool:
    """Whether a new account may have this name."""
    return re.fullmatch(ALLOWED.strip("^$"), name) is not None


def in_latin(*parts: str) -> bool:
    """Whether rank, names and badge number are in letters that nobody takes for others."""
    return all(re.fullmatch(LATIN.strip("^$").replace("''", "'"), part) is not None for part in parts)


def key_sql(name: str, longest: int = 150) -> str:
    """`key_of` of an SQL expression, as the database asks it."""
    plain = f"lower(regexp_replace(normalize({name}, NFKD), '{MARKS}', '', 'g'))"
    folded = f"regexp_replace(translate({plain}, '{FOLDED}', '{ONTO}'), '{JOINED}', '', 'g')"
    for one, other in PAIRS:
        folded = f"replace({folded}, '{one}', '{other}')"
    return f"left({folded}, {longest})"


def person_sql(row: str) -> str:
    """`person_of` of a row of accounts."""
    shown = " || ".join(f"{row}.{field}" for field in PERSON[:3])
    marks = BETWEEN.replace("'", "''")
    name = f"regexp_replace(coalesce(nullif(btrim({shown}), ''), {row}.username), '{marks}', '', 'g')"
    return f"{key_sql(name, 500)} || '/' || {key_sql(f'{row}.badge')}"


def key_of(name: str, longest: int = 150) -> str:
    """What two names share that differ in case, width, marks, punctuation, or letters that look alike; kept with each."""
    plain = re.sub(MARKS, "", unicodedata.normalize("NFKD", name)).lower()
    folded = re.sub(JOINED, "", plain.translate(str.maketrans(FOLDED, ONTO)))
    for one, other in PAIRS:
        folded = folded.replace(one, other)
    return folded[:longest]


def person_of(*, username: str, rank: str, first_name: str, last_name: str, badge: str) -> str:
    """What two accounts share that pages and the record show as one person: what is shown, and the badge number."""
    shown = (rank + first_name + last_name).strip(" ") or username
    return f"{key_of(re.sub(BETWEEN, '', shown), 500)}/{key_of(badge)}"
