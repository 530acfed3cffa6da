"""The file of a hotlist: what is in it, line by line, before anything is written.

Columns: plate, state (two letters, or empty), vehicle, reference, expires (YYYY-MM-DD, or empty: as long as the list).
Only plate is needed; further columns are left alone.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from ecpd.checks.plain import printable
from parking.ingest.regions import STATES
from parking.plates.likeness import normalise

COLUMNS = ("plate", "state", "vehicle", "reference", "expires")
MOST_LINES = 50_000
MOST_LETTERS = 8
# An officer sees the description before dispatch has confirmed, so it says what the vehicle is and never why (PK-01).
SAYS_WHY = re.compile(r"\b(stolen|stole|theft|wanted|warrant|felony|felon|armed|carjack\w*|missing|kidnap\w*)\b", re.I)
SAYS_WHY_REFUSED = "The description says why somebody looks for it; describe the vehicle only."


@dataclass(frozen=True)
class EntryLine:
    """A line that can be taken; `state` is "US-CA" like, or "" when the list does not say."""

    line: int
    plate: str
    state: str
    vehicle: str = ""
    reference: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class Reject:
    """A line that cannot be taken, and why."""

    line: int
    plate: str
    reason: str


class UnreadableFile(ValueError):
    """The whole file cannot be read: not text, no plates, too long."""


def read_entries(content: bytes, *, today: date, last: date) -> tuple[list[EntryLine], list[Reject]]:
    """The lines of a file, good and bad; `last` is the last day an entry may be good.

    Raises UnreadableFile when it is no such file at all.
    """
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        heads = [str(name).strip().lower() for name in table.fieldnames or []]
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"The file is not a CSV in UTF-8: {error}.") from error
    if "plate" not in heads:
        raise UnreadableFile("There is no column “plate”. Columns: " + ", ".join(COLUMNS) + ".")
    if len(rows) > MOST_LINES:
        raise UnreadableFile(f"More than {MOST_LINES:,} lines; split the file.")
    named = [
        {head: printable(str(cell or "")).strip() for head, cell in zip(heads, row.values(), strict=False)}
        for row in rows
    ]
    return _sorted_out(named, today, last)


def _sorted_out(rows: list[dict[str, str]], today: date, last: date) -> tuple[list[EntryLine], list[Reject]]:
    good: list[EntryLine] = []
    bad: list[Reject] = []
    seen: set[tuple[str, str]] = set()
    for line, row in enumerate(rows, start=2):
        try:
            entry = _read(line, row, today, last)
            if (entry.plate, entry.state) in seen:
                raise ValueError("This plate stands in the file twice.")
            good.append(entry)
            seen.add((entry.plate, entry.state))
        except ValueError as error:
            bad.append(Reject(line, row.get("plate", "")[:20], str(error)))
    return good, bad


def _read(line: int, row: dict[str, str], today: date, last: date) -> EntryLine:
    plate = normalise(row.get("plate", ""))
    if not 2 <= len(plate) <= MOST_LETTERS:
        raise ValueError(f"A plate has 2 to {MOST_LETTERS} letters and digits.")
    state = row.get("state", "").upper().removeprefix("US-")
    if state and state not in STATES:
        raise ValueError(f"“{state[:10]}” is no state; write two letters, or leave it empty.")
    if SAYS_WHY.search(row.get("vehicle", "")):
        raise ValueError(SAYS_WHY_REFUSED)
    return EntryLine(
        line, plate, f"US-{state}" if state else "", row.get("vehicle", "")[:120], row.get("reference", "")[:60],
        _day(row.get("expires", ""), today, last),
    )  # fmt: skip


def _day(text: str, today: date, last: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:20]}” is no date; write it as 2026-11-25.") from None
    if day < today:
        raise ValueError(f"It expired on {day}.")
    if day > last:
        raise ValueError(f"{day} is too far away; an entry is good until {last} at most.")
    return day
