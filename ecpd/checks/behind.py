"""Nobody acts in another's name: whom a row names as acting has decided on it, in the transaction that writes it (AU-03).

One guard for each table with such a column, in a new row and in a change. It is asked after every other guard and CHECK, so
that what is wrong with a row itself is said first. Which acts count stands in `deeds`.
"""

from collections.abc import Iterator

import pgtrigger
from django.db import models

from ecpd.audit.pinned import Trigger
from ecpd.audit.refusing import refuse
from ecpd.checks.acts import ANY, ITSELF, NOTHING, Act
from ecpd.checks.deeds import COMES, PEOPLE, STEPS

NAME = "zz_au_03_who_acts"
WHO_ACTS = "Whom a row names as acting has decided on it, in the same transaction ({})."
COMES_BY = "A row of this kind comes by a decision, in the same transaction."
A_STEP = "This is changed by a decision on it, in the same transaction ({})."


def columns_of(model: type[models.Model], listed) -> list[models.Field]:
    """The columns of a model that stand in a table of `deeds`."""
    names = {f"{model._meta.label}.{field.name}": field for field in model._meta.concrete_fields}
    return [field for name, field in names.items() if name in listed]


def guard_of(model: type[models.Model]) -> Trigger | None:
    """The guard of a model's acting people and steps, None for one that has none."""
    from ecpd.audit.records import NEWEST_STATE  # its bases are models, and this is imported before there can be any

    if not (steps := [*_comes(model), *_people(model), *_steps(model)]):
        return None
    ledger = getattr(model, "append_only", False)
    on = pgtrigger.Insert if ledger else pgtrigger.Insert | pgtrigger.Update
    return Trigger(name=NAME, when=pgtrigger.After, operation=on, func=NEWEST_STATE + "".join(steps) + "RETURN NULL;")


def _comes(model: type[models.Model]) -> Iterator[str]:
    if acts := COMES.get(model._meta.label):
        behind = " OR ".join(f"({decided_on(model, act, '')})" for act in acts)
        yield f"""
IF TG_OP = 'INSERT' AND ({behind}) IS NOT TRUE THEN
    {refuse("AU-03", COMES_BY)}
END IF;
"""


def _people(model: type[models.Model]) -> Iterator[str]:
    for field in columns_of(model, PEOPLE):
        column = f'"{field.column}"'
        acts = PEOPLE[f"{model._meta.label}.{field.name}"]
        behind = " OR ".join(f"({decided_on(model, act, f'NEW.{column}')})" for act in acts)
        yield f"""
IF NEW.{column} IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column})
   AND ({behind}) IS NOT TRUE THEN
    {refuse("AU-03", WHO_ACTS.format(field.column))}
END IF;
"""


def _steps(model: type[models.Model]) -> Iterator[str]:
    for field in columns_of(model, STEPS):
        column, step = f'"{field.column}"', STEPS[f"{model._meta.label}.{field.name}"]
        yield f"""
IF TG_OP = 'UPDATE' AND NEW.{column} IS DISTINCT FROM OLD.{column} AND ({step.when})
   AND ({decided_on(model, step.act, step.by)}) IS NOT TRUE THEN
    {refuse("AU-03", A_STEP.format(field.column))}
END IF;
"""


def decided_on(model: type[models.Model], act: Act, who: str) -> str:
    """SQL: whether this transaction has the decision on this act, of `who` (SQL, "" for anybody)."""
    by = f"coalesce({who}, 0)" if who else "NULL"
    asked = f"public.ecpd_decided('{act.action}', '{act.about}', {_subjects(model, act)}, {by})"
    return f"{act.when} AND {asked}" if act.when else asked


def _subjects(model: type[models.Model], act: Act) -> str:
    """SQL: the keys of what the decision may be about, NULL for any."""
    if act.which == ITSELF:
        return f"ARRAY['', NEW.{model._meta.pk.column}::text]"
    if act.which == ANY:
        return "NULL"
    if act.which == NOTHING:
        return "ARRAY['']"
    if act.which.startswith("ARRAY"):
        return act.which
    return f"ARRAY[{'NEW.' if act.by_column else ''}{act.which}::text]"
