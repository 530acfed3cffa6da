"""Attacks that follow from what a guard is: columns that are fixed, values a column does not take, rows that are twice."""

import re
from collections.abc import Iterator

from django.db import models
from pgtrigger import Trigger

from tests.attacks.attack import Attack
from tests.attacks.guards import REFUSAL, Guard, body, tables

FIXED = re.compile(r"OLD\.(\w+) IS DISTINCT FROM NEW\.\1")
ONLY_FIXED = re.compile(r"^\s*IF (?:OLD\.\w+ IS DISTINCT FROM NEW\.\w+(?: OR )?)+ THEN RAISE EXCEPTION")
# What is no text: blanks, line ends, tabs, and characters that take no room.
NO_TEXT = {"blanks": "'   '", "line ends": "E'\\n\\t\\r\\n'", "no width": "E'\\u200b\\u2060\\ufeff'"}


def clone(table: str, where: str = "true", **changes: str) -> str:
    """An INSERT that repeats a row of the table; `changes` are SQL by column. A new key and new unique words are made."""
    model = tables()[table]
    values = {}
    for field in model._meta.concrete_fields:
        if field.column in changes:
            values[field.column] = changes.pop(field.column)
        elif field.primary_key and not isinstance(field, models.OneToOneField):
            if isinstance(field, models.UUIDField):
                values[field.column] = "gen_random_uuid()"
        elif getattr(field, "generated", False):
            continue
        elif field.unique and isinstance(field, models.CharField | models.TextField):
            values[field.column] = f"substr(md5(random()::text) || md5(random()::text), 1, {field.max_length or 32})"
        elif field.unique and isinstance(field, models.UUIDField):
            values[field.column] = "gen_random_uuid()"
        else:
            values[field.column] = f'o."{field.column}"'
    assert not changes, f"{table} has no columns {sorted(changes)}"
    columns = ", ".join(f'"{name}"' for name in values)
    return (
        f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(values.values())} FROM "{table}" o '
        f"WHERE {where} ORDER BY 1 LIMIT 1"
    )


def other(field: models.Field) -> str:
    """SQL for a value of this column that differs from the one it has."""
    name = f'"{field.column}"'
    if isinstance(field, models.ForeignKey):
        to = field.related_model._meta
        key = field.target_field.column
        return f'(SELECT x."{key}" FROM "{to.db_table}" x WHERE x."{key}" IS DISTINCT FROM t.{name} ORDER BY 1 LIMIT 1)'
    kinds = {
        models.BooleanField: f"NOT t.{name}",
        models.DateTimeField: f"coalesce(t.{name}, '2026-01-01') - interval '1 day'",
        models.DateField: f"coalesce(t.{name}, '2026-01-01') - 1",
        models.UUIDField: "gen_random_uuid()",
        models.JSONField: "'{\"swapped\": 1}'::jsonb",
        models.IntegerField: f"coalesce(t.{name}, 0) + 1",
        models.FloatField: f"coalesce(t.{name}, 0) / 2 + 0.125",
        models.DecimalField: f"coalesce(t.{name}, 0) / 2 + 0.125",
    }
    for kind, text in kinds.items():
        if isinstance(field, kind):
            return text
    if isinstance(field, models.CharField | models.TextField):
        choices = [repr(str(value)) for value, _ in field.flatchoices if value]
        if len(choices) > 1:
            return f"CASE WHEN t.{name} = {choices[0]} THEN {choices[1]} ELSE {choices[0]} END"
        return f"overlay(t.{name} placing (CASE WHEN left(t.{name}, 1) = 'X' THEN 'Y' ELSE 'X' END) from 1 for 1)"
    return f"t.{name}"


def fixed_columns() -> Iterator[Attack]:
    """Each column that a guard keeps as it was is changed."""
    for table, model in tables().items():
        fields = {field.column: field for field in model._meta.concrete_fields}
        pk = model._meta.pk.column
        for trigger in getattr(model._meta, "triggers", None) or []:
            if not ONLY_FIXED.match(body(trigger)):
                continue
            for column in FIXED.findall(body(trigger)):
                statement = (
                    f'UPDATE "{table}" t SET "{column}" = {other(fields[column])} WHERE t."{pk}" = '
                    f'(SELECT "{pk}" FROM "{table}" ORDER BY ("{column}" IS NULL), "{pk}" LIMIT 1)'
                )
                yield Attack(f"{column} afterwards", _guard(table, trigger), statement, shielded=True)


def _guard(table: str, trigger: Trigger) -> Guard:
    sentence = REFUSAL.findall(body(trigger))[0].replace("''", "'").replace("%%", "%")
    return Guard(table, trigger.name, sentence)
