"""What each kind of corroborating evidence must say of itself (FR-10)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ecpd.checks.ranges import FIRST_DAY
from ecpd.web.words import day_in


@dataclass(frozen=True)
class Detail:
    """One field of a kind: its name, label, hint, and whether it may be left out."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    is_date: bool = False


# Asked of whatever may be or hold a statement, of whatever kind the exhibit is. Words of somebody are linked as a witness's,
# whose name they bear: what is linked as anything else holds none.
SHOWN_PHOTOS = Detail("shown_photos", "Photos shown to a witness before the statement")
NONE_SHOWN, WERE_SHOWN, NO_STATEMENT = "None", "Photos were shown", "No statement"
IS_A_LINEUP = (
    "This is a photo line-up, whatever its link is called: the exhibit, what it was made of, or the photos that were shown "
    "say so. Link it as one."
)
SAY_WHAT_WAS_SHOWN = (
    "Say whether a witness was shown photos before the statement that this exhibit is: none, or photos were shown. What is "
    "linked as anything else than a witness’s words holds no statement."
)
HOLDS_WORDS = (
    "Somebody’s words, written or spoken, are a witness’s statement, whose name they bear: link this as an independent "
    "witness."
)
IS_ANOTHER_KIND = (
    "An exhibit is linked as what it is. Somebody’s words, written or recorded, are a witness’s statement. A DNA report, "
    "fingerprints and cell-phone data are exhibits of that kind with a PDF; cell-phone data may be a table. A document is "
    "neither an object nor a record of transit, payment or time; an exhibit of the kind “Other” counts for nothing. Where the "
    "exhibit was entered as another kind than it is, add it anew."
)
IS_OF_THE_SEARCH = (
    "The probe itself, its copies, near copies and versions, and the gallery's photo corroborate nothing."
)
IS_NOT_COMPARED = (
    "This picture or the probe has not been compared yet: a worker does so within a minute. One that cannot be read is "
    "added again as JPEG or PNG."
)
WHY_NOT = {"lineup": IS_A_LINEUP, "search": IS_OF_THE_SEARCH, "not compared": IS_NOT_COMPARED}
SECURED = Detail(
    "secured_on", "When the item was secured at the scene",
    "Material from the scene counts by this day, whenever it was compared.", is_date=True,
)  # fmt: skip
# What a witness did in a line-up; only who picked this person says something for the lead.
OUTCOME = Detail("outcome", "Whom the witness picked")
PICKED, OUTCOMES = "The suspect", ("The suspect", "A filler", "Nobody", "Unsure")
SAY_WHOM = "Say whom the witness picked: the suspect, a filler, nobody, or that the witness was unsure."
# The numbers by which others keep what is linked; an exhibit with neither a file nor one of them counts for nothing.
NUMBERS = ("lab_number", "process_number", "reference")
REFERENCE = Detail(
    "reference", "Custodian’s number", required=False,
    hint="By which its keeper finds it: of a property tag, a report, a record, a recording. Needed where the exhibit has no "
    "file. The same number counts once.",
)  # fmt: skip
NO_REFERENCE = (
    "This exhibit has no file: enter the number by which its custodian finds it. Without either it counts for nothing."
)
NO_NUMBER = "A report or a process has a number: enter it with its letters and digits."
KINDS: dict[str, tuple[Detail, ...]] = {
    "dna": (
        Detail("laboratory", "Laboratory"),
        Detail("lab_number", "Laboratory number"),
        Detail("analyst", "Analyst"),
        SECURED,
        Detail(
            "reference_date", "When the reference sample was taken", "If there is one.", required=False, is_date=True
        ),
        Detail("report_date", "Date of the report", is_date=True),
        Detail("statistic", "What the report says", "Likelihood ratio or statistic, in the laboratory's words."),
    ),
    "fingerprint": (
        Detail("laboratory", "Laboratory"),
        Detail("lab_number", "Laboratory number"),
        Detail("examiner", "Examiner"),
        Detail("finger", "Finger"),
        Detail("points", "Points or conclusion"),
        SECURED,
        Detail("report_date", "Date of the report", is_date=True),
    ),
    "phone": (
        Detail("process_type", "Legal process", "Search warrant, consent, emergency (Pen. Code 1546.1)."),
        Detail("court", "Court"),
        Detail("process_number", "Number"),
        Detail("process_date", "Date of the process", is_date=True),
        Detail("carrier", "Carrier"),
        Detail("period", "Period and time zone", "As the records say; a record without a time zone is not guessed."),
        Detail("covers", "What it shows", "A sector is an area, not a point."),
    ),
    "physical": (
        Detail("found_at", "Where it was found"),
        Detail("found_by", "Who found it"),
        Detail("found_date", "When", is_date=True),
        REFERENCE,
        SHOWN_PHOTOS,
    ),
    "witness": (
        Detail("witness", "Witness"),
        Detail("statement_date", "Date of the statement", is_date=True),
        Detail("knows_how", "How the witness knows this", "Saw the event, knows the person, and so on."),
        REFERENCE,
        SHOWN_PHOTOS,
    ),
    "whereabouts": (
        Detail("record", "Which record", "Transit tap, receipt, time clock, camera."),
        Detail("period", "Period and time zone"),
        Detail("place", "Place"),
        REFERENCE,
        SHOWN_PHOTOS,
    ),
    "lineup": (
        Detail("witness", "Witness"),
        Detail("lineup_date", "Date of the line-up", is_date=True),
        Detail("administrator", "Administrator", "Somebody who is not on the case."),
        Detail("blind", "Blind or blinded", "If not blind, the written reason (Pen. Code 859.7)."),
        Detail("recording", "Recording", "Audio and video; audio alone with its reason."),
        OUTCOME,
        Detail("answer", "The witness's answer, in the witness's own words"),
        REFERENCE,
    ),
}


def asks_of_photos(kind: str) -> bool:
    """Whether a link of this kind says what a witness was shown before (FR-11): only a report and phone records do not."""
    return SHOWN_PHOTOS in KINDS[kind]


ASKED_OF = tuple(kind for kind in KINDS if asks_of_photos(kind))


def answers_no(kind: str) -> str:
    """What a link of this kind says where no photos were shown: whatever is no witness's words holds no statement at all."""
    return NONE_SHOWN if kind == "witness" else NO_STATEMENT


def missing_details(kind: str, details: dict[str, str]) -> list[Detail]:
    """The fields that are required and empty."""
    return [field for field in KINDS[kind] if field.required and not str(details.get(field.name, "")).strip()]


def lacks_reference(details: Mapping[str, str], *, has_file: bool) -> bool:
    """Whether nobody could find what is linked: it has no file, and no number of a custodian's with a digit in it."""
    said = " ".join(str(details.get(name, "")) for name in NUMBERS)
    return not has_file and re.search("[0-9]", unicodedata.normalize("NFKC", said)) is None


def number_of(kind: str) -> str:
    """The field of this kind that holds the number by which others keep it."""
    return next(field.name for field in KINDS[kind] if field.name in NUMBERS)


def says_no_number(kind: str, details: Mapping[str, str]) -> bool:
    """Whether the number that this kind wants has neither letter nor digit, so that nobody could tell it from another."""
    number = next(field for field in KINDS[kind] if field.name in NUMBERS)
    return number.required and not any(sign.isalnum() for sign in str(details.get(number.name, "")))


def wrong_dates(kind: str, details: dict[str, str], *, today: date) -> dict[str, str]:
    """By field, what is wrong with the dates that are filled in: each is written as 2026-05-31 and has been."""
    said = {field: str(details.get(field.name, "")).strip() for field in KINDS[kind] if field.is_date}
    problems = {field.name: _wrong(field, value, today) for field, value in said.items() if value}
    return {name: sentence for name, sentence in problems.items() if sentence}


def _wrong(field: Detail, value: str, today: date) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value or day < FIRST_DAY:  # also what Python reads and the database does not
        return f"“{field.label}”: write the date as 2026-05-31."
    return f"“{field.label}” lies in the future: enter the day on which it was." if day > today else ""


def told(kind: str, details: dict[str, str]) -> list[tuple[str, str]]:
    """Label and what is said, of each field of this kind; a date as pages write it."""
    more = (SHOWN_PHOTOS,) if SHOWN_PHOTOS.name in details and SHOWN_PHOTOS not in KINDS[kind] else ()
    shown = [(field, details.get(field.name, "")) for field in (*KINDS[kind], *more)]
    return [(field.label, day_in(said) if field.is_date else said) for field, said in shown]
