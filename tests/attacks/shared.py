"""Attacks with one decision for two rows of a table that does not keep it."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from ecpd.audit import whose
from ecpd.checks.single import NAME, ONE_ROW, SEVERAL
from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, tables
from tests.attacks.made import clone

# Who acts where no row of the battlefield names anybody.
SOMEBODY = "{user_parking_manager}"


def two_rows() -> Iterator[Attack]:
    """Each such table: one decision that fits, and two rows at once."""
    for table, model in tables().items():
        if not any(trigger.name == NAME for trigger in getattr(model._meta, "triggers", None) or []):
            continue
        later = (*getattr(model, "once", ()), *getattr(model, "may_change", {}))
        acts = (one for one in whose.steps_of(model) or [] if "I" in one["o"] and "a" in one)
        act = next(one for one in acts if one.get("c") not in later)
        guard = Guard(table, NAME, f"AU-03: {ONE_ROW}")
        yield Attack("two rows by one decision", guard, _twice(model, act), (_made(model, act),), shielded=True)


def _where(model: type[models.Model], act: dict[str, Any]) -> str:
    """A row that this act stands behind, and that shares it with no other."""
    several = SEVERAL.get(model._meta.label, ("false", ""))[0]
    asked = [f"NOT ({several.replace('NEW.', 'o.')})", *(_not(*one) for one in act.get("w", ()) if not one[2])]
    if person := act.get("p"):
        nobody = f'NOT EXISTS (SELECT 1 FROM "{model._meta.db_table}" x WHERE x."{person}" IS NOT NULL)'
        asked.append(f'(o."{person}" IS NOT NULL OR {nobody})')
    return " AND ".join(asked)


def _not(row: str, column: str, yes: bool, values: list[str | None]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f'o."{column}" IS NOT NULL' if values == [None] else f'o."{column}"::text NOT IN ({listed})'


def _as_it_says(act: dict[str, Any]) -> dict[str, str]:
    """What a row has to say for this act to stand behind it."""
    said = {one[1]: one[3][0] for one in act.get("w", ()) if one[2]}
    return {column: "NULL" if value is None else f"'{value}'" for column, value in said.items()}


def _twice(model: type[models.Model], act: dict[str, Any]) -> str:
    """Two copies of one row, by whoever decided."""
    table = model._meta.db_table
    named = {act["p"]: f'coalesce(o."{act["p"]}", {SOMEBODY})'} if "p" in act else {}
    once = clone(table, _where(model, act), **named, **_as_it_says(act)).removesuffix("LIMIT 1")
    return (
        once.replace(f'FROM "{table}" o WHERE', f'FROM "{table}" o CROSS JOIN generate_series(1, 2) WHERE') + "LIMIT 2"
    )


def _made(model: type[models.Model], act: dict[str, Any]) -> str:
    """The decision that fits the row."""
    table, pk = model._meta.db_table, model._meta.pk.column
    of = f'FROM "{table}" o WHERE {_where(model, act)} ORDER BY o."{pk}" LIMIT 1)'
    column = next((key for key in act.get("k", ()) if key and key != pk), "")
    about = f'(SELECT o."{column}"::text {of}' if column else "''" if "k" in act else "'1'"
    person = f'(SELECT coalesce(o."{act["p"]}", {SOMEBODY}) {of}' if "p" in act else SOMEBODY
    return clone(
        "policy_decision", outcome="'allowed'", verdicts="'[]'::jsonb", action=f"'{act['a']}'",
        subject_type=f"'{act['t']}'", subject_id=about, actor_id=person,
    )  # fmt: skip
