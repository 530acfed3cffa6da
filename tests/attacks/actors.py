"""Attacks on who is named: an account that holds no role for it, in each column of parking that names one (AC-08)."""

from collections.abc import Iterator

from django.apps import apps

from parking.actors import ACTORS, NAME
from tests.attacks.attack import Attack
from tests.attacks.guards import every_guard
from tests.attacks.made import clone

NOBODY = "{user_auditor}"  # no action that writes is open to an auditor


def named_without_the_role() -> Iterator[Attack]:
    """Each such column names the auditor, in a new row and in one that is there."""
    for name, (_, columns) in ACTORS.items():
        model = apps.get_model("parking", name)
        table, pk = model._meta.db_table, model._meta.pk.column
        for column in columns:
            said = next(
                one for one in every_guard() if (one.table, one.name) == (table, NAME) and f"({column})" in one.sentence
            )
            yield Attack(f"{column} holds no role, anew", said, clone(table, **{column: NOBODY}), shielded=True)
            if getattr(model, "append_only", False):
                continue  # its privilege is withheld and tried with the kept rows
            changed = (
                f'UPDATE "{table}" SET "{column}" = {NOBODY} WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" '
                f'WHERE "{column}" IS DISTINCT FROM {NOBODY} ORDER BY 1 LIMIT 1)'
            )
            yield Attack(f"{column} holds no role, afterwards", said, changed, shielded=True)
