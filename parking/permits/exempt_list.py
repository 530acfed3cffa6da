"""A list of exempt plates as CSV, line by line, before anything is written.

Columns: plate, state (CA or US-CA), kind, expires (YYYY-MM-DD), words. Kinds are those of the register.
"""

import csv
import io
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from ecpd.checks.plain import printable
from parking.ingest.regions import STATES
from parking.plates.likeness import normalise

COLUMNS = ("plate", "state", "kind", "expires")
MOST_LINES = 20_000
LONGEST_YEARS = 5


class UnreadableList(ValueError):
    """The whole file cannot be read: not text, wrong columns, too long."""


@dataclass(frozen=True)
class Line:
    """A line that can be taken; `expires` is the last day."""

    line: int
    plate: str
    state: str
    kind: str
    expires: date
    words: str


@dataclass(frozen=True)
class Reject:
    """A line that cannot be taken, and why."""

    line: int
    plate: str
    reason: str

    def as_data(self) -> dict:
        """As JSON keeps it."""
        return asdict(self)


def read_list(content: bytes, *, kinds: Collection[str], today: date) -> tuple[list[Line], list[Reject]]:
    """The lines of the file, good and bad. Raises UnreadableList when it is no such file at all."""
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        heads = [str(name).strip().lower() for name in table.fieldnames or []]
        rows = [list(row.values()) for row in table]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableList(f"The file is not a CSV in UTF-8: {error}.") from error
    if missing := [name for name in COLUMNS if name not in heads]:
        raise UnreadableList(f"Columns are missing: {', '.join(missing)}.")
    if len(rows) > MOST_LINES:
        raise UnreadableList(f"More than {MOST_LINES:,} lines; split the file.")
    named = [
        {head: printable(str(value or "")).strip() for head, value in zip(heads, row, strict=False)} for row in rows
    ]
    return _sorted_out(named, kinds, today)


def _sorted_out(rows: list[dict[str, str]], kinds: Collection[str], today: date) -> tuple[list[Line], list[Reject]]:
    good: list[Line] = []
    bad: list[Reject] = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=2):
        try:
            line = _read(number, row, kinds, today)
            if (line.plate, line.state) in seen:
                raise ValueError("This plate stands in the file twice.")
            seen.add((line.plate, line.state))
            good.append(line)
        except ValueError as error:
            bad.append(Reject(number, row.get("plate", "")[:20], str(error)))
    return good, bad


def _read(number: int, row: dict[str, str], kinds: Collection[str], today: date) -> Line:
    plate = normalise(row["plate"])
    if not 1 <= len(plate) <= 12:
        raise ValueError("The plate has no letters or digits, or more than 12.")
    kind = row["kind"].lower().replace(" ", "_")
    if kind not in kinds:
        raise ValueError(f"The kind is “{row['kind'][:20]}”; it is one of {', '.join(sorted(kinds))}.")
    words = row.get("words", "")[:200]
    if kind == "other" and not words:
        raise ValueError("Another reason is said in words.")
    return Line(number, plate, _state(row["state"]), kind, _day(row["expires"], today), words)


def _state(text: str) -> str:
    code = text.upper().removeprefix("US-")
    if code not in STATES:
        raise ValueError(f"“{text[:10]}” is no state; write CA or US-CA.")
    return f"US-{code}"


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:20]}” is no date; write it as 2026-11-25.") from None
    if day < today:
        raise ValueError(f"It expired on {day}.")
    if day.year > today.year + LONGEST_YEARS:
        raise ValueError(f"It would last more than {LONGEST_YEARS} years; enter a nearer day.")
    return day
