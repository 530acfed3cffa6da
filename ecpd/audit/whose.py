"""Whose entry a write makes: the acts of which its step is one, as the seal's trigger is told them.

Told in JSON, one object an act: `o` operations it counts for, `c` the column that is filled or changed, `w` what the row
says then (row, column, whether, values), `a` the action, `t` what it is about and `k` by which of the row's columns ("" for
nothing yet), `p` the column of the person, `l` the ledger whose row is written with it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from ecpd.checks.acts import DECISIONS, ITSELF, NOTHING, Act
from ecpd.checks.carried import CARRIED, CARRIED_BY, KEPT_BY
from ecpd.checks.deeds import PEOPLE, STEPS

# A row that says who did what, whatever it was; and one of the software, which says what was done.
SAYS_WHO = {"cases.TimelineEntry": "actor_id"}
ADDS, CHANGES, TAKES = "I", "U", "D"
IS = re.compile(r"(NEW|OLD)\.(\w+) (?:(=|<>) '(\w+)'|IN \(([^)]*)\)|IS (NOT )?NULL)")


def steps_of(model: type[Model]) -> list[dict[str, Any]] | None:
    """The acts behind writes of a table; None where no list speaks of it, so that any act may stand behind one."""
    label = model._meta.label
    if label in SAYS_WHO:
        who = SAYS_WHO[label]
        return [{"o": ADDS, "p": who}, {"o": ADDS, "w": [["n", who, True, [None]]]}]
    found = [*_of_columns(model), *_carried(model)]
    columns = {f"{label}.{field.name}" for field in model._meta.concrete_fields}
    listed = any(key in {label, f"{label}.*"} | columns for key in (*PEOPLE, *STEPS, *DECISIONS, *CARRIED))
    return found if listed else None


def told(model: type[Model]) -> str:
    """The same as the trigger's argument, "" where no list speaks of the table."""
    steps = steps_of(model)
    return "" if steps is None else json.dumps(steps, separators=(",", ":"), sort_keys=True)


def _of_columns(model: type[Model]) -> Iterator[dict[str, Any]]:
    for field in model._meta.concrete_fields:
        name, column = f"{model._meta.label}.{field.name}", str(field.column)
        for act in PEOPLE.get(name, ()):
            yield _step(model, act, ADDS + CHANGES, c=column, p=column)
        if (step := STEPS.get(name)) is not None:
            yield _step(model, step.act, CHANGES, when=step.when, c=column, p=step.by.removeprefix("NEW."))
        if (decided := DECISIONS.get(name)) is not None:
            for act in decided.acts:
                yield _step(model, act, ADDS + CHANGES, c=column, p="" if "(" in decided.by else decided.by)
        for act in CARRIED.get(name, ()):
            yield _step(model, act, CHANGES, c=column, l=KEPT_BY.get(name, ""))


def _carried(model: type[Model]) -> Iterator[dict[str, Any]]:
    label = model._meta.label
    for act in CARRIED.get(label, ()):
        yield _step(model, act, ADDS + TAKES, p=CARRIED_BY.get(label, ""))
    for act in CARRIED.get(f"{label}.*", ()):
        yield _step(model, act, CHANGES, l=KEPT_BY.get(f"{label}.*", ""))


def _step(model: type[Model], act: Act, on: str, *, when: str = "", **more: str) -> dict[str, Any]:
    says = [*_says(when), *_says(act.when)]
    about = {} if (keys := _keys(model, act)) is None else {"k": keys}
    return {"o": on, "a": act.action, "t": act.about, **about, **({"w": says} if says else {}),
            **{name: value for name, value in more.items() if value}}  # fmt: skip


def _keys(model: type[Model], act: Act) -> list[str] | None:
    """By which columns the row points to what the decision is about, None for any."""
    if act.which == ITSELF:
        return ["", str(model._meta.pk.column)]
    if act.which == NOTHING:
        return [""]
    return [act.which] if act.by_column else None


def _says(condition: str) -> Iterator[list[Any]]:
    """What a condition of SQL asks of columns alone; of the rest nothing is asked here."""
    for one in condition.split(" AND "):
        if (found := IS.fullmatch(one)) is None:
            continue
        row, column, sign, value, several, some = found.groups()
        yes = sign == "=" or several is not None or (sign is None and several is None and not some)
        values = [value] if sign else re.findall(r"'(\w+)'", several) if several else [None]
        yield [row[0].lower(), column, yes, values]
