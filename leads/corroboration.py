"""What each kind of corroborating evidence must say of itself (FR-10)."""

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


# Asked of whatever may be or hold a statement, under any label but that of a line-up: the answer is one of two words.
SHOWN_PHOTOS = Detail("shown_photos", "Photos shown to a witness before the statement")
NONE_SHOWN, WERE_SHOWN = "None", "Photos were shown"
MAY_BE_A_STATEMENT = ("interview", "document", "audio", "clip", "other")  # kinds of exhibits
IS_A_LINEUP = (
    "This is a photo line-up, whatever its link is called: the exhibit, what it was made of, or the photos that were shown "
    "say so. Link it as one."
)
SAY_WHAT_WAS_SHOWN = (
    "Say whether a witness was shown photos before the statement that this exhibit is or holds: none, or photos were "
    "shown."
)
IS_ANOTHER_KIND = (
    "An exhibit is linked as what it is: a DNA report, fingerprints or cell-phone data under no other name."
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
    ),
    "witness": (
        Detail("witness", "Witness"),
        Detail("statement_date", "Date of the statement", is_date=True),
        Detail("knows_how", "How the witness knows this", "Saw the event, knows the person, and so on."),
        SHOWN_PHOTOS,
    ),
    "whereabouts": (
        Detail("record", "Which record", "Transit tap, receipt, time clock, camera."),
        Detail("period", "Period and time zone"),
        Detail("place", "Place"),
    ),
    "lineup": (
        Detail("witness", "Witness"),
        Detail("lineup_date", "Date of the line-up", is_date=True),
        Detail("administrator", "Administrator", "Somebody who is not on the case."),
        Detail("blind", "Blind or blinded", "If not blind, the written reason (Pen. Code 859.7)."),
        Detail("recording", "Recording", "Audio and video; audio alone with its reason."),
        Detail("answer", "The witness's answer, in the witness's own words"),
    ),
}


def asks_of_photos(kind: str, exhibit_kind: str) -> bool:
    """Whether a link of this kind says, of an exhibit of that kind, what a witness was shown (FR-11)."""
    return kind == "witness" or (kind != "lineup" and exhibit_kind in MAY_BE_A_STATEMENT)


def details_of(kind: str, exhibit_kind: str) -> tuple[Detail, ...]:
    """The fields of a link of this kind to an exhibit of that kind."""
    more = (SHOWN_PHOTOS,) if asks_of_photos(kind, exhibit_kind) and SHOWN_PHOTOS not in KINDS[kind] else ()
    return (*KINDS[kind], *more)


def missing_details(kind: str, details: dict[str, str], *, exhibit_kind: str) -> list[Detail]:
    """The fields that are required and empty."""
    asked = details_of(kind, exhibit_kind)
    return [field for field in asked if field.required and not str(details.get(field.name, "")).strip()]


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
