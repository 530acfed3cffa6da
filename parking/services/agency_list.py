"""The list of public agencies that may receive plate data, which belongs to the database's owner (PK-08)."""

import csv
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ecpd.audit import labels
from ecpd.audit.services import record
from parking.models import PublicAgency
from parking.never_shared import is_a_federal_name, names_immigration_enforcement, names_somebody_elsewhere

COLUMNS = ("key", "name", "kind", "law")


def load_agencies(*, lines: Iterable[str], reason: str) -> int:
    """Add the agencies of a CSV (key, name, kind, law); gives how many are new. All of them, or none.

    What stands already stays. Raises ValidationError with the line for a value that there is not, a name that no public
    agency of California has, and a key that stands with another name. Needs the owner's connection.
    """
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValidationError(f"The first line names the columns: {', '.join(COLUMNS)}.")
    there = {one.key: one for one in PublicAgency.objects.all()}
    new = [made for number, line in enumerate(reader, start=2) if (made := _read(number, line, there))]
    if not new:
        return 0
    with transaction.atomic():
        PublicAgency.objects.bulk_create(new)
        record(
            actor=None, action="agencies.loaded", actor_label=labels.OWNER, reason=reason, keys=[one.key for one in new]
        )
    return len(new)


def withdraw_agency(*, key: str, reason: str) -> PublicAgency:
    """Take an agency off the list: nothing goes to it any more. Raises ValidationError. Needs the owner's connection."""
    with transaction.atomic():
        agency = PublicAgency.objects.select_for_update().filter(key=key, withdrawn_at=None).first()
        if agency is None:
            raise ValidationError(f"No agency stands on the list as {key}.")
        agency.withdrawn_at = timezone.now()
        agency.save(update_fields=["withdrawn_at"])
        record(actor=None, action="agencies.withdrawn", actor_label=labels.OWNER, reason=reason, keys=[key])
    return agency


def _read(number: int, line: dict[str, str], there: dict[str, PublicAgency]) -> PublicAgency | None:
    """The agency of a line, or None when it stands as the line says it."""
    made = PublicAgency(**{name: " ".join((line[name] or "").split()) for name in COLUMNS})
    old = there.setdefault(made.key, made)
    if old is not made:
        if all(getattr(old, name) == getattr(made, name) for name in COLUMNS):
            return None
        raise ValidationError(f"Line {number}: {made.key} stands with another name or law; it is not rewritten.")
    try:
        made.full_clean(validate_unique=False)
    except ValidationError as error:
        raise ValidationError(f"Line {number}: {' '.join(error.messages)}") from error
    name = made.name
    if words := is_a_federal_name(name) or names_immigration_enforcement(name) or names_somebody_elsewhere(name):
        raise ValidationError(f"Line {number}: “{words}” is in the name of no public agency of California.")
    if any(one.name.lower() == name.lower() for one in there.values() if one is not made):
        raise ValidationError(f"Line {number}: {name} stands under another key.")
    return made
