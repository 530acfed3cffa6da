"""Attacks on the moments that ECPD takes from its own clock: a row is back-dated, or made newer than it is."""

from collections.abc import Iterator

from django.db import models

from ecpd.checks.ahead import happened
from ecpd.checks.derive import label_of
from ecpd.checks.stamped import NAME, stamped_columns
from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, every_guard, every_table, tables
from tests.attacks.made import clone, said_ahead

MOMENTS = {"back-dated": "now() - interval '1 day'", "made newer": "now() + interval '1 day'"}


def guard_of(table: str, column: str) -> Guard:
    """What the guard of a stamped column says."""
    return next(
        one for one in every_guard() if (one.table, one.name) == (table, NAME) and f"({column})" in one.sentence
    )


def stamped_by_django(table: str) -> list[Guard]:
    """The guards of columns that the ORM fills by itself in a new row: by it nobody can attack them."""
    model = every_table()[table]
    fields = {field.column: field for field in model._meta.concrete_fields if _fills_itself(field)}
    ahead = [said_ahead(table, label_of(field)) for field in happened(model) if field.column in fields]
    return [*ahead, *(guard_of(table, column) for column in stamped_columns(model) if column in fields)]


def _fills_itself(field: models.Field) -> bool:
    return getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)


def recorded_at() -> Iterator[Attack]:
    """Each moment of recording is another one than now, in a new row and in one that is there."""
    for table, model in tables().items():
        pk = model._meta.pk.column
        for column in stamped_columns(model):
            guard = guard_of(table, column)
            for words, moment in MOMENTS.items():
                yield Attack(f"{column} {words}, anew", guard, clone(table, **{column: moment}), shielded=True)
                if getattr(model, "append_only", False):
                    continue  # its privilege is withheld and tried with the kept rows
                changed = (
                    f'UPDATE "{table}" SET "{column}" = {moment} WHERE "{pk}" = '
                    f'(SELECT "{pk}" FROM "{table}" ORDER BY ("{column}" IS NOT NULL), "{pk}" LIMIT 1)'
                )
                yield Attack(f"{column} {words}, afterwards", guard, changed, shielded=True)
