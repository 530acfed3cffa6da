"""Triggers and functions whose meaning no session can change: no ignore list, names qualified, settings fixed.

django-pgtrigger's own template asks a session setting whether a trigger should be ignored, and leaves search path, time
zone and string syntax to the session. Ours does neither. Templates are migration history: a change is a new version.
"""

from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db.models import Model
from pgtrigger import compiler

# Temporary objects are searched last, dates and strings are read one way, floats and bytes are printed one way.
SETTINGS_V1 = {
    "search_path": "pg_catalog, public, pg_temp",
    "TimeZone": "UTC",
    "DateStyle": "iso, mdy",
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}


def _set_clauses(settings: dict[str, str]) -> str:
    lists = {"search_path", "DateStyle"}
    return " ".join(
        f"SET {name} = {value}" if name in lists else f"SET {name} = '{value}'" for name, value in settings.items()
    )


class PinnedV1(compiler.UpsertTriggerSql):
    """Installs one trigger and its function, first version. Do not edit: migrations refer to it."""

    settings = SETTINGS_V1

    def get_template(self) -> str:
        """Without the ignore call, with qualified names and fixed settings."""
        return (
            "CREATE OR REPLACE FUNCTION public.{pgid}() RETURNS trigger LANGUAGE plpgsql "
            + _set_clauses(SETTINGS_V1)
            + """
            AS $guard${declare}
            BEGIN
            {func}
            END;$guard$;
            DROP TRIGGER IF EXISTS {pgid} ON public.{table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON public.{table} {timing} {referencing}
                FOR EACH {level} {condition} EXECUTE FUNCTION public.{execute};
            COMMENT ON TRIGGER {pgid} ON public.{table} IS '{hash}';
        """
        )

    @property
    def body(self) -> str:
        """The function's source as the catalog keeps it."""
        return self.data.split("$guard$")[1]


def add_guards(model: type[Model], *guards: pgtrigger.Trigger) -> None:
    """Add triggers to a model that is made already; its migrations carry them, for they read `original_attrs`.

    To be called where models are made: as Django prepares one, or for a table of an app that must not know what they read.
    """
    listed = [*getattr(model._meta, "triggers", []), *guards]
    model._meta.triggers = model._meta.original_attrs["triggers"] = listed  # type: ignore[attr-defined]


class Pinned(pgtrigger.Trigger):
    """A trigger that is compiled with the pinned template; mixed into the library's own kinds too."""

    def compile(self, model: Any) -> compiler.Trigger:
        """The compiled trigger that migrations keep."""
        timing = self.timing
        return compiler.Trigger(
            name=self.name,
            sql=PinnedV1(
                pgid=self.get_pgid(model),
                declare=self.render_declare(model),
                func=self.render_func(model),
                table=model._meta.db_table,
                constraint="CONSTRAINT" if timing else "",
                when=self.when,
                operation=self.operation,
                timing=f"DEFERRABLE INITIALLY {timing}" if timing else "",
                referencing=self.referencing or "",
                level=self.level,
                condition=self.render_condition(model),
                execute=self.render_execute(model),
            ),
        )


class Trigger(Pinned):
    """A free trigger, pinned."""


@dataclass(frozen=True)
class FunctionV1:
    """A function of ours that guards call, first version of its template. `body` is LANGUAGE plpgsql or sql.

    `definer`: it runs with its owner's privileges. `closed`: nobody else may call it.
    """

    name: str
    arguments: str
    returns: str
    body: str
    language: str = "sql"
    volatility: str = "STABLE"
    definer: bool = False
    closed: bool = False
    settings = SETTINGS_V1

    @property
    def signature(self) -> str:
        """As DROP and GRANT want it: types without names."""
        types = ", ".join(argument.split(maxsplit=1)[1] for argument in self.arguments.split(", ") if argument)
        return f"public.{self.name}({types})"

    @property
    def sql(self) -> str:
        """Create it, or replace it by this."""
        return (
            f"CREATE OR REPLACE FUNCTION public.{self.name}({self.arguments}) RETURNS {self.returns} "
            f"LANGUAGE {self.language} {self.volatility} {'SECURITY DEFINER ' if self.definer else ''}"
            f"{_set_clauses(self.settings)} AS $body${self.body}$body$;"
            + (f" REVOKE ALL ON FUNCTION {self.signature} FROM PUBLIC;" if self.closed else "")
        )
