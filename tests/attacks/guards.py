"""Every guard the database holds, as data: what triggers refuse, constraints, and privileges that are withheld."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models
from pgtrigger import Trigger

# A sentence, and what is put into it where it says %.
REFUSAL = re.compile(r"RAISE EXCEPTION '((?:[^']|'')*)'(?:,[^;]*?)? USING", re.DOTALL)
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


def tables() -> dict[str, type[models.Model]]:
    """Our own tables with their models."""
    return {model._meta.db_table: model for model in apps.get_models() if model._meta.app_label in OURS}


def sentences() -> Iterator[Guard]:
    """Each sentence that a trigger can refuse with."""
    for table, model in tables().items():
        for trigger in getattr(model._meta, "triggers", None) or []:
            for sentence in sorted(set(REFUSAL.findall(body(trigger)))):
                yield Guard(table, trigger.name, sentence.replace("''", "'"))


def body(trigger: Trigger) -> str:
    """A trigger's PL/pgSQL, also that of one that writes it itself (Protect, ReadOnly)."""
    return str(getattr(trigger, "func", None) or "")


def constraints() -> Iterator[Guard]:
    """Each named constraint."""
    for table, model in tables().items():
        for constraint in model._meta.constraints:
            yield Guard(table, constraint.name, kind="constraint")


# Guards that a statement can run into and that no model names: keys, and privileges.
DENIED = re.compile(r"^permission denied for table (\w+)$")


@cache
def every_guard() -> tuple[Guard, ...]:
    """All of them, sentences and constraints."""
    return (*sentences(), *constraints())
