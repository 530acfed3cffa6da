"""Deny by default: a column of a record stays as it was written unless the model lists it as one that changes (AC-07).

Every `Record`, and every other model that has a list, gets one trigger when Django prepares it. A new column is fixed
until somebody lists it. `once` names columns that get their value once; `may_change` names columns that change, with the
condition on the row as it was. A second trigger holds a new row to its beginning: what is set once has no value yet, and
what changes has its first one, unless the model says in `born_with` that a row may come with it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pgtrigger
from django.db import models
from django.db.models.fields import NOT_PROVIDED
from django.db.models.signals import class_prepared

from ecpd.audit import pinned
from ecpd.audit.refusing import refuse

NAME = "unlisted_ac_07_fixed"  # fires after the guards of a table's own rules, which say more
BORN = "unlisted_ac_07_born"
ALWAYS = ""
STAYS = "What was recorded stays as it is: {} is not among what changes here."
ONCE = "This is set once: {} has its value already."
FIRST = "A new row is at its beginning: {} has a value that comes later."
DONE = "RETURN NEW;"
NOT_NOW = "This does not change any more, as this row is now: {}."


def while_in(column: str, *states: str) -> str:
    """A condition of `may_change`: while the row is in one of these states."""
    return f"OLD.{column} IN ({', '.join(repr(state) for state in states)})"


def as_it_leaves(column: str, *states: str, to: Sequence[str] = ()) -> str:
    """A condition of `may_change`: in the step itself, with which the row leaves these states (for one of `to`)."""
    goes = f"IN ({', '.join(map(repr, to))})" if to else f"NOT IN ({', '.join(map(repr, states))})"
    return f"{while_in(column, *states)} AND NEW.{column} {goes}"


def never_later(column: str) -> str:
    """A condition of `may_change`: what has an end ends earlier or as it was, and never again without one."""
    return f"OLD.{column} IS NULL OR NEW.{column} <= OLD.{column}"


def to_nothing(column: str) -> str:
    """A condition of `may_change`: it goes, and nothing else comes in its place."""
    return f"NEW.{column} IS NULL"


def while_empty(column: str) -> str:
    """A condition of `may_change`: while this column has no value."""
    return f"OLD.{column} IS NULL"


class Unchanged(pinned.Trigger):
    """Refuses a change of any of `fields` (columns) under a rule of its own; what it holds is not held twice."""

    def __init__(self, *, fields: Sequence[str], **options: Any) -> None:
        self.fields = tuple(fields)
        super().__init__(**options)


class Fixed(pinned.Pinned, pgtrigger.Trigger):
    """Refuses an UPDATE of what is not listed, of what has its one value, and of what may not change in this state.

    The lists are kept here, because migrations compile triggers against models that have only fields.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Update
    declare = [("changed", "text")]

    def __init__(
        self, *, once: Sequence[str] = (), may_change: Mapping[str, str] | None = None, **options: Any
    ) -> None:
        self.once, self.may_change = tuple(once), dict(may_change or {})
        super().__init__(name=options.pop("name", NAME), **options)

    def columns(self, model: type[models.Model]) -> list[str]:
        """The columns that are fixed from the first on: neither listed nor held by an `Unchanged` of this table."""
        held = {
            name for each in getattr(model._meta, "triggers", []) if isinstance(each, Unchanged) for name in each.fields
        }
        free = {*self.once, *self.may_change, *held, model._meta.pk.column}  # type: ignore[union-attr]
        return [str(field.column) for field in model._meta.concrete_fields if field.column not in free]

    def refuses(self, model: type[models.Model]) -> bool:
        """Whether there is anything for it to refuse."""
        return self.get_func(model) != DONE

    def get_func(self, model: Any) -> str:
        """One step for each kind of column."""
        fields = {field.column: field for field in model._meta.concrete_fields}
        conditional = {name: f"({when}) IS NOT TRUE AND " for name, when in self.may_change.items() if when}
        steps = [
            _step(dict.fromkeys(self.columns(model), ""), STAYS),
            _step({name: f"{has_value(fields[name])} AND " for name in self.once}, ONCE),
            _step(conditional, NOT_NOW),
        ]
        return "".join(steps) + DONE


class Born(pinned.Pinned, pgtrigger.Trigger):
    """Refuses a new row that is not at its beginning: decided, ended, withdrawn or done as it comes.

    `first` is the SQL of each such column's value, from the field's default.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert
    declare = [("changed", "text")]

    def __init__(self, *, first: Mapping[str, str], **options: Any) -> None:
        self.first = dict(first)
        super().__init__(name=options.pop("name", BORN), **options)

    def get_func(self, model: Any) -> str:
        """Names the columns that are further than a new row can be."""
        each = ",\n    ".join(
            f"CASE WHEN NEW.{name} IS DISTINCT FROM {value} THEN '{name}' END" for name, value in self.first.items()
        )
        said = refuse("AC-07", FIRST, "changed")
        return f"changed := concat_ws(', ',\n    {each});\nIF changed <> '' THEN {said} END IF;\n{DONE}"


def first_value(field: Any, *, once: bool = False) -> str | None:
    """SQL for the value of this column in a new row; None where a new row may have any. Set `once`: no text is first."""
    default = field.default
    if default in (dict, list) and isinstance(field, models.JSONField):
        return f"'{json.dumps(default())}'::jsonb"
    if default is NOT_PROVIDED or default is None or callable(default):
        return (
            "NULL" if field.null else "''" if once and isinstance(field, models.CharField | models.TextField) else None
        )
    return repr(str(default)) if isinstance(default, str) else json.dumps(default)


def first_values(model: type[models.Model]) -> dict[str, str]:
    """The columns that begin with one value, each with the SQL for it."""
    once, free = getattr(model, "once", ()), getattr(model, "born_with", ())
    fields = {field.column: field for field in model._meta.concrete_fields}
    listed = [name for name in (*once, *getattr(model, "may_change", {})) if name not in free]
    values = {name: first_value(fields[name], once=name in once) for name in listed}
    return {name: value for name, value in values.items() if value is not None}


def has_value(field: Any) -> str:
    """SQL: whether the row as it was has a value in this column; an empty text and false are none."""
    name = f"OLD.{field.column}"
    if isinstance(field, models.BooleanField):
        return f"{name} IS TRUE"
    if isinstance(field, models.CharField | models.TextField):
        return f"{name} <> ''"
    return f"{name} IS NOT NULL"


def _step(columns: Mapping[str, str], sentence: str) -> str:
    """PL/pgSQL that names the columns which changed though their condition forbids it."""
    if not columns:
        return ""
    each = ",\n    ".join(
        f"CASE WHEN {when}OLD.{name} IS DISTINCT FROM NEW.{name} THEN '{name}' END" for name, when in columns.items()
    )
    return f"changed := concat_ws(', ',\n    {each});\nIF changed <> '' THEN {refuse('AC-07', sentence, 'changed')} END IF;\n"


def has_list(model: type[models.Model]) -> bool:
    """Whether a model's table says what of it changes: records do, ledgers never change, working rows may."""
    return hasattr(model, "may_change") and not getattr(model, "append_only", False) and not model._meta.abstract


def _add_trigger(sender: type[models.Model], **kwargs: Any) -> None:
    if not has_list(sender) or sender._meta.proxy:
        return
    fixed = Fixed(once=getattr(sender, "once", ()), may_change=getattr(sender, "may_change", {}))
    if fixed.refuses(sender):  # else every column is listed or held by a guard of the table's own
        pinned.add_guards(sender, fixed)
    if first := first_values(sender):
        pinned.add_guards(sender, Born(first=first))


class_prepared.connect(_add_trigger, dispatch_uid="ecpd.audit.fixed")
