"""Sealed tables: each row that is written makes an event with the digest of the whole row (AU-01).

A `Record` or `Ledger` is sealed unless it says why not. The trigger calls one function of the owner,
`ecpd_seal_row` (migration audit 0002); the application's role may neither call it nor add an event by itself.
"""

import re
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db.migrations import RunSQL
from django.db.models import Model
from django.db.models.signals import class_prepared
from pgtrigger import compiler

from ecpd.audit import whose
from ecpd.audit.pinned import add_guards

NAME = "au_01_sealed"


class SealTriggerV1(compiler.UpsertTriggerSql):
    """Installs the trigger of one table, first version: it has no function of its own. Do not edit: migrations refer to it."""

    def get_template(self) -> str:
        """Create the trigger and note its hash, by which pgtrigger knows it."""
        return """
            DROP TRIGGER IF EXISTS {pgid} ON public.{table};
            CREATE TRIGGER {pgid} {when} {operation} ON public.{table} FOR EACH {level} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON public.{table} IS '{hash}';
        """

    body = ""  # the one function of all is declared with the others (ecpd.audit.functions)

    @property
    def arguments(self) -> str:
        """What the function is told, as the catalog prints it."""
        return "".join(f"{told}\\000" for told in re.findall(r"'([^']*)'", self.kwargs["execute"]))


@dataclass(frozen=True)
class Seal:
    """How a model's rows are sealed: columns left out (they only say that somebody is alive), columns by their hash.

    `erased`: this column may be emptied. `founded`: SQL that is true when the opt-out in `erased_under_id` of the row
    `t` is of what was erased.
    """

    left_out: tuple[str, ...] = ()
    by_hash: tuple[str, ...] = ()
    erased: str = ""
    founded: str = ""


class Sealed(pgtrigger.Trigger):
    """Writes an event for each row that is added, changed or removed."""

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(
        self,
        *,
        name: str = NAME,
        label: str = "",
        seal: Seal | None = None,
        steps: str = "",
        **options: Any,
    ) -> None:
        self.label, self.seal, self.steps = label, seal or Seal(), steps
        super().__init__(name=name, **options)

    def compile(self, model: Any) -> compiler.Trigger:
        """The trigger's SQL, with what the function is told: label, key, columns left out, by hash, whose entry."""
        told = [self.label, model._meta.pk.column, _array(self.seal.left_out), _array(self.seal.by_hash)]
        told += [_array(()), self.steps] if self.steps else []
        sql = SealTriggerV1(
            pgid=self.get_pgid(model),
            func="",
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
            execute=f"public.ecpd_seal_row({', '.join(map(repr, told))})",
        )
        return compiler.Trigger(name=self.name, sql=sql)


def _array(names: tuple[str, ...]) -> str:
    return "{" + ",".join(sorted(names)) + "}"


def seal_of(model: type[Model]) -> Seal | None:
    """How a model is sealed, or None."""
    found = getattr(model, "row_seal", None)
    if not found or model._meta.abstract or (model._meta.proxy and "row_seal" not in vars(model)):
        return None
    return found if isinstance(found, Seal) else Seal()


def sealed_models() -> list[type[Model]]:
    """Every sealed model, by the name of its table."""
    found = [model for model in apps.get_models(include_auto_created=True) if seal_of(model)]
    return sorted(found, key=lambda model: model._meta.db_table)


def seal_found(app_label: str, *, again: bool = False) -> RunSQL:
    """For a migration: seal the rows that an app's tables hold already, each by an event of its own.

    `again` seals all of them anew: needed when a sealed column is dropped, renamed or changes its type.
    """
    return RunSQL(
        f"SELECT public.ecpd_seal_found(c.oid, {str(again).lower()}) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        f"WHERE t.tgfoid = 'public.ecpd_seal_row'::regproc AND c.relname LIKE '{app_label}\\_%' ORDER BY c.relname",
        RunSQL.noop,
    )


def _add_trigger(sender: type[Model], **kwargs: Any) -> None:
    """A sealed model gets its trigger when Django has prepared it, so that none can be forgotten."""
    if (seal := seal_of(sender)) is None:
        return
    add_guards(sender, Sealed(label=sender._meta.label_lower, seal=seal, steps=whose.told(sender)))


class_prepared.connect(_add_trigger, dispatch_uid="ecpd.audit.sealed")
