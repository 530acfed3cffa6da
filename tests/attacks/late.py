"""Rows late in their life: withdrawn, ended, decided. The world is filled in the middle of things and has few of them."""

import json
from collections.abc import Iterator, Mapping
from itertools import product

import psycopg
from django.db import models

from ecpd.audit.fixed import Fixed, has_value
from tests.attacks.by_default import lists
from tests.attacks.made import clone
from tests.upgrade.filling import of_shape


def add_late_rows(cursor: psycopg.Cursor) -> list[str]:
    """For each condition of a list that no row meets: a copy of a row that does, put there by the owner, triggers asleep.

    Returns the conditions, with their tables, that no copy of a row can meet.
    """
    left = []
    for table, model, trigger in lists():
        for wanted in conditions(model, trigger):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE {wanted})')
            if not cursor.fetchone()[0] and not _add(cursor, table, model, trigger, wanted):
                left.append(f"{table}: {wanted}")
    return left


def conditions(model: type[models.Model], trigger: Fixed) -> Iterator[str]:
    """What a row has to be so that each column that is set once, or changes for a time, is past it."""
    for field in model._meta.concrete_fields:
        if field.column in trigger.once:
            yield has_value(field).replace("OLD.", "t.")
    for column, condition in trigger.may_change.items():
        if "NEW." in condition:
            yield f't."{column}" IS NOT NULL'
        elif condition:
            yield f"NOT ({condition.replace('OLD.', 't.')})"


def _add(cursor: psycopg.Cursor, table: str, model: type[models.Model], trigger: Fixed, wanted: str) -> bool:
    for how, values in product((_copied, _aged), _lives(model, trigger)):
        try:
            with cursor.connection.transaction():
                cursor.execute(how(table, model, values))
                cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE {wanted})')
                if not cursor.fetchone()[0]:
                    raise psycopg.DataError
            return True
        except psycopg.Error:
            continue
    return False


def _copied(table: str, model: type[models.Model], values: Mapping[str, str]) -> str:
    return clone(table, **(new_key(model) | values))


def _aged(table: str, model: type[models.Model], values: Mapping[str, str]) -> str:
    """The newest row itself, where a second one like it cannot be."""
    pk = model._meta.pk.column
    changed = ", ".join(f'"{column}" = {value}' for column, value in values.items()) or f'"{pk}" = "{pk}"'
    newest = f'(SELECT "{pk}" FROM "{table}" ORDER BY "{pk}" DESC LIMIT 1)'
    return f'UPDATE "{table}" SET {changed} WHERE "{pk}" = {newest}'


def _lives(model: type[models.Model], trigger: Fixed) -> Iterator[Mapping[str, str]]:
    """Ways to be late: all that is set once has its value or nothing has, in each state."""
    ending = {*trigger.once, *(column for column, condition in trigger.may_change.items() if "NEW." in condition)}
    fields = [field for field in model._meta.concrete_fields if field.column in ending]
    states = [field for field in model._meta.concrete_fields if field.name in {"state", "status", "outcome"}]
    ends = [{state.column: repr(str(value))} for state in states[:1] for value, _ in state.flatchoices if value]
    sets = [{field.column: _value(field) for field in fields}, *({f.column: _value(f)} for f in fields), {}]
    for end, some in product([{}, *ends], sets):
        yield some | end


def _value(field: models.Field) -> str:
    if isinstance(field, models.ForeignKey):
        to = field.related_model._meta
        return f'(SELECT x."{field.target_field.column}" FROM "{to.db_table}" x ORDER BY 1 LIMIT 1)'
    if isinstance(field, models.DateTimeField):
        return "now()"
    if isinstance(field, models.BooleanField):
        return "true"
    if isinstance(field, models.CharField | models.TextField):
        choices = [repr(str(value)) for value, _ in field.flatchoices if value]
        return choices[0] if choices else f"repeat('a', {min(field.max_length or 64, 64)})"
    if isinstance(field, models.JSONField):
        return f"'{json.dumps(of_shape(getattr(field, 'shape', '*')))}'"
    return "1"


def new_key(model: type[models.Model]) -> dict[str, str]:
    """Numbers that no other row has, where rows are told apart by numbers."""
    sets = [*model._meta.unique_together, *(getattr(one, "fields", ()) for one in model._meta.constraints)]
    apart = {name for names in sets for name in names} | {"serial"}
    numbers = [f for f in model._meta.concrete_fields if f.name in apart and isinstance(f, models.IntegerField)]
    return {field.column: "(10000 + random() * 20000)::int" for field in numbers if field.name != "year"}
