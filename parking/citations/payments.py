"""The file of an outside payment processor: what is in it, line by line, before anything is written.

Columns: reference (the processor's own, unique for ever), citation, kind (payment or returned), amount (dollars, no
sign), date (YYYY-MM-DD). The file names no plate: plate data does not go to private companies (PK-08).
"""

import csv
import io
from dataclasses import dataclass
from datetime import date

from ecpd.checks.plain import printable
from parking.citations.money import cents_of
from parking.citations.number import read_number

COLUMNS = ("reference", "citation", "kind", "amount", "date")
KINDS = ("payment", "returned")
MOST_LINES = 50_000


@dataclass(frozen=True)
class PaymentLine:
    """A line that can be taken: positive cents, the citation's printed number."""

    line: int
    reference: str
    citation: str
    kind: str
    cents: int
    on: date


@dataclass(frozen=True)
class Reject:
    """A line that cannot be taken, and why."""

    line: int
    reference: str
    reason: str


class UnreadableFile(ValueError):
    """The whole file cannot be read: not text, wrong columns, too long."""


def read_payments(content: bytes, *, today: date) -> tuple[list[PaymentLine], list[Reject]]:
    """The lines of the file, good and bad. Raises UnreadableFile when it is not such a file at all."""
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        heads = [str(name).strip().lower() for name in table.fieldnames or []]
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"The file is not a CSV in UTF-8: {error}.") from error
    if missing := [name for name in COLUMNS if name not in heads]:
        raise UnreadableFile(f"Columns are missing: {', '.join(missing)}.")
    if len(rows) > MOST_LINES:
        raise UnreadableFile(f"More than {MOST_LINES:,} lines; split the file.")
    return _sorted_out([_named(row, heads) for row in rows], today)


def _named(row: dict, heads: list[str]) -> dict[str, str]:
    return {head: printable(str(value or "")).strip() for head, value in zip(heads, row.values(), strict=False)}


def _sorted_out(rows: list[dict[str, str]], today: date) -> tuple[list[PaymentLine], list[Reject]]:
    good: list[PaymentLine] = []
    bad: list[Reject] = []
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        try:
            if row["reference"] in seen:
                raise ValueError("The same reference stands in this file twice.")
            good.append(_read(line, row, today))
            seen.add(row["reference"])
        except ValueError as error:
            bad.append(Reject(line, row["reference"][:80], str(error)))
    return good, bad


def _read(line: int, row: dict[str, str], today: date) -> PaymentLine:
    if not row["reference"] or len(row["reference"]) > 80:
        raise ValueError("The reference is missing or longer than 80 characters.")
    if (number := read_number(row["citation"])) is None:
        raise ValueError(f"“{row['citation'][:40]}” is no citation number: its check digit does not fit.")
    if row["kind"].lower() not in KINDS:
        raise ValueError(f"The kind is “{row['kind'][:20]}”; it is payment or returned.")
    if (cents := cents_of(row["amount"])) == 0:
        raise ValueError("The amount is zero.")
    return PaymentLine(line, row["reference"], number, row["kind"].lower(), cents, _day(row["date"], today))


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:20]}” is no date; write it as 2026-11-25.") from None
    if day > today:
        raise ValueError(f"The date {day} is in the future.")
    return day
