"""Every guard the database holds, as data: what triggers refuse, constraints, and privileges that are withheld."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import connection, models
from pgtrigger import Trigger

from ecpd.audit.fixed import Born, Fixed

# A sentence, and what is put into it where it says %.
REFUSAL = re.compile(r"RAISE EXCEPTION '((?:[^']|'')*)'(?:,[^;]*?)?\s+USING", re.DOTALL)
OURS = {"accounts", "policy", "audit", "web", "cases", "leads", "parking"}


@dataclass(frozen=True, order=True)
class Guard:
    """One refusal: a sentence of a trigger, a constraint (no sentence), or a privilege (`name` is the verb)."""

    table: str
    name: str
    sentence: str = ""
    kind: str = "trigger"

    def __str__(self) -> str:
        return f"{self.table}: {self.name}" + (f" ({self.sentence[:60]})" if self.sentence else "")


@cache
def tables() -> dict[str, type[models.Model]]:
    """Our own tables with their models; those between two models come with the model that says something of them."""
    every = apps.get_models(include_auto_created=True)
    ours = [model for model in every if model._meta.app_label in OURS]
    last = [model for model in ours if model._meta.auto_created]
    return {model._meta.db_table: model for model in (*last, *(one for one in ours if one not in last))}


@cache
def every_table() -> dict[str, type[models.Model]]:
    """The same, and the libraries' tables: what a row of any table is made of."""
    known = {one._meta.db_table: one for one in apps.get_models(include_auto_created=True) if not one._meta.proxy}
    return known | tables()


def sentences() -> Iterator[Guard]:
    """Each sentence that a trigger can refuse with."""
    for table, model in tables().items():
        for trigger in getattr(model._meta, "triggers", None) or []:
            told = trigger.get_func(model) if isinstance(trigger, Born | Fixed) else body(trigger)
            for sentence in sorted(set(REFUSAL.findall(told))):
                yield Guard(table, trigger.name, sentence.replace("''", "'"))


def body(trigger: Trigger) -> str:
    """A trigger's PL/pgSQL, also that of one that writes it itself (Protect, ReadOnly)."""
    return str(getattr(trigger, "func", None) or "")


def constraints() -> Iterator[Guard]:
    """Each named constraint."""
    for table, model in tables().items():
        for constraint in named_of(model):
            yield Guard(table, constraint.name, kind="constraint")


def named_of(model: type[models.Model]) -> list[models.BaseConstraint]:
    """A model's constraints; a proxy's are those of the table it stands for."""
    return [*model._meta.concrete_model._meta.constraints]


def signs() -> Iterator[tuple[Guard, models.Field]]:
    """The CHECK that PostgreSQL names after the column: a number that Django keeps at zero or more."""
    for table, model in tables().items():
        for field in model._meta.concrete_fields:
            if field.db_check(connection):
                yield Guard(table, f"{table}_{field.column}_check", kind="constraint"), field


def keys() -> Iterator[tuple[Guard, list[models.Field]]]:
    """Keys beside the primary one that no model names: `unique=True`, and the pairs of a table between two models."""
    for table, model in tables().items():
        for field in model._meta.concrete_fields:
            if field.unique and not field.primary_key:
                yield Guard(table, f"{table}_{field.column}_key", kind="constraint"), [field]
        for names in model._meta.concrete_model._meta.unique_together:
            fields = [model._meta.get_field(name) for name in names]
            editor = connection.schema_editor(collect_sql=True)
            name = editor._create_index_name(table, [field.column for field in fields], suffix="_uniq")
            yield Guard(table, name, kind="constraint"), fields


def on_libraries() -> Iterator[Guard]:
    """The CHECKs that migrations of ours put on a library's table."""
    for name in ("0030_moments_of_libraries", "0047_steps_alone"):
        bounds = import_module(f"ecpd.accounts.migrations.{name}").CHECKS
        yield from (Guard(table, check, kind="constraint") for table, _, check, _ in bounds)


# Guards that a statement can run into and that no model names: keys, and privileges.
DENIED = re.compile(r"^permission denied for table (\w+)$")


@cache
def every_guard() -> tuple[Guard, ...]:
    """All of them: sentences, constraints, signs and keys, and what is ours on a library's table."""
    derived = (guard for guard, _ in (*signs(), *keys()))
    return (*sentences(), *constraints(), *derived, *on_libraries())


@cache
def known() -> frozenset[Guard]:
    """The same, to look one up."""
    return frozenset(every_guard())


@cache
def by_words() -> dict[str, list[Guard]]:
    """Guards by what identifies their refusal: a trigger's sentence, a constraint's name. Some share a sentence."""
    found: dict[str, list[Guard]] = {}
    for guard in every_guard():
        found.setdefault(guard.name if guard.kind == "constraint" else guard.sentence, []).append(guard)
    return found
