"""Attacks on what is fixed by default: each column that is not listed, that has its one value, that is past changing."""

from collections.abc import Iterator

from django.db import models
from pgvector.django import HalfVectorField

from ecpd.audit.fixed import BORN, FIRST, NAME, NOT_NOW, ONCE, STAYS, Born, Fixed, has_value
from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, tables
from tests.attacks.made import clone, other

SET, LATE = "that is set", "too late"


def lists() -> Iterator[tuple[str, type[models.Model], Fixed]]:
    """Each table with the trigger that holds its lists."""
    for table, model in tables().items():
        for trigger in getattr(model._meta, "triggers", None) or []:
            if isinstance(trigger, Fixed):
                yield table, model, trigger


def fixed() -> Iterator[Attack]:
    """Each column that nobody listed is changed."""
    for table, model, trigger in lists():
        for column in trigger.columns(model):
            yield _change(table, model, column, STAYS, "true")


def set_once() -> Iterator[Attack]:
    """Each column that has its one value gets another, and none: what was withdrawn is back."""
    for table, model, trigger in lists():
        for column in trigger.once:
            field = next(field for field in model._meta.concrete_fields if field.column == column)
            there = has_value(field).replace("OLD.", "t.")
            yield _change(table, model, column, ONCE, there, why=SET)
            yield _change(table, model, column, ONCE, there, why=f"taken from where {SET}", value=nothing(field))


def not_now() -> Iterator[Attack]:
    """Each column that changes only for a time is changed afterwards."""
    for table, model, trigger in lists():
        for column, condition in trigger.may_change.items():
            if condition:
                past = (
                    f't."{column}" IS NOT NULL' if "NEW." in condition else f"NOT ({condition.replace('OLD.', 't.')})"
                )
                yield _change(table, model, column, NOT_NOW, past, why=LATE)


def born_late() -> Iterator[Attack]:
    """Each column that has one value at first begins with another."""
    for table, model in tables().items():
        fields = {field.column: field for field in model._meta.concrete_fields}
        for trigger in getattr(model._meta, "triggers", None) or []:
            for column in trigger.first if isinstance(trigger, Born) else ():
                late = later_value(fields[column])
                guard = Guard(table, BORN, f"AC-07: {FIRST.replace('{}', '%')}")
                yield Attack(f"{column} from the first on", guard, clone(table, **{column: late}), shielded=True)


def later_value(field: models.Field) -> str:
    """SQL for a value that a new row does not have: that of a later state, or any."""
    if isinstance(field, models.CharField) and field.choices:
        return next(repr(str(value)) for value, _ in field.flatchoices if value and value != field.default)
    return another(field).replace("t.", "o.")


def nothing(field: models.Field) -> str:
    """SQL for no value."""
    return "NULL" if field.null else "false" if isinstance(field, models.BooleanField) else "''"


def _change(
    table: str, model: type[models.Model], column: str, sentence: str, where: str, *, why: str = "", value: str = ""
) -> Attack:
    """Another value for this column, in a row of which `where` is true, rather one that has a value."""
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    pk = model._meta.pk.column
    value = value or (later(field) if why == LATE else another(field))
    statement = (
        f'UPDATE "{table}" t SET "{column}" = {value} WHERE t."{pk}" = '
        f'(SELECT t."{pk}" FROM "{table}" t WHERE {where} '
        f'ORDER BY t."{column}" IS NULL, 1 LIMIT 1)'
    )
    guard = Guard(table, NAME, f"AC-07: {sentence.replace('{}', '%')}")
    return Attack(f"{column} {why or 'by default'}", guard, statement, shielded=True)


def later(field: models.Field) -> str:
    """SQL for another value; of a moment, a later one: what ends may end earlier. Of a number, one far above."""
    if isinstance(field, models.IntegerField):
        return f'coalesce(t."{field.column}", 0) + 1000'
    if isinstance(field, models.DateTimeField):
        return f"coalesce(t.\"{field.column}\", '2026-01-01') + interval '1 day'"
    return another(field)


def is_late(attack: Attack) -> bool:
    """Whether it needs a row late in its life (`late.add_late_rows`)."""
    return attack.guard.name == NAME and attack.title.endswith((SET, LATE))


def another(field: models.Field) -> str:
    """SQL for another value, also where the row has none."""
    if isinstance(field, HalfVectorField):
        return f"array_fill(0.125::real, ARRAY[{field.dimensions}])::halfvec"
    if isinstance(field, models.CharField | models.TextField) and not field.choices:
        return f"coalesce({other(field)}, 'X')"
    if isinstance(field, models.BooleanField):
        return f"coalesce({other(field)}, true)"
    if isinstance(field, models.ForeignKey) and isinstance(field.target_field, models.IntegerField):
        return f"coalesce({other(field)}, 0)"
    return other(field)
