"""The list of offense classes, which belongs to the database's owner (FR-02): another city's comes in here."""

import csv
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import NibrsOffense
from ecpd.audit import labels
from ecpd.audit.services import record

COLUMNS = ("code", "name", "group", "crime_against")


def load_offenses(*, lines: Iterable[str], reason: str) -> int:
    """Add the offenses of a CSV (code, name, group, crime_against); gives how many are new. All of them, or none.

    What stands already stays: cases and searches rest on its class. Raises ValidationError with the line for a value
    that there is not, and for a code that stands with another name or class. Needs the owner's connection.
    """
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValidationError(f"The first line names the columns: {', '.join(COLUMNS)}.")
    there = {one.code: one for one in NibrsOffense.objects.all()}
    new = [made for number, line in enumerate(reader, start=2) if (made := _read(number, line, there))]
    with transaction.atomic():
        NibrsOffense.objects.bulk_create(new)
        record(actor=None, action="offenses.loaded", actor_label=labels.OWNER, reason=reason,
               codes=[one.code for one in new])  # fmt: skip
    return len(new)


def _read(number: int, line: dict[str, str], there: dict[str, NibrsOffense]) -> NibrsOffense | None:
    """The offense of a line, or None when it stands as the line says it."""
    made = NibrsOffense(**{name: (line[name] or "").strip() for name in COLUMNS})
    old = there.setdefault(made.code, made)
    if old is not made:
        if all(getattr(old, name) == getattr(made, name) for name in COLUMNS):
            return None
        raise ValidationError(f"Line {number}: {made.code} stands with another name or class; it is not rewritten.")
    try:
        made.full_clean(validate_unique=False)
    except ValidationError as error:
        raise ValidationError(f"Line {number}: {' '.join(error.messages)}") from error
    return made
