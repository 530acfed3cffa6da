"""Abstract bases for everything that is kept: `Record` is never deleted, `Ledger` is never changed either.

The database holds both promises twice: triggers refuse everyone, and the application's own role is not even
granted the privilege (ecpd.audit.grants).
"""

from typing import ClassVar

import pgtrigger
from django.db import models


class Record(models.Model):
    """A row nobody deletes (AC-07). What was wrong is withdrawn with a reason."""

    append_only = False

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="ac_07_no_delete", operation=pgtrigger.Delete)
        ]


class Ledger(models.Model):
    """A row that is written once (AU-01, AC-07): a correction is a new row."""

    append_only = True

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="au_01_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


def guard(name: str, sql: str, *, on: pgtrigger.Operation, declare: list[tuple[str, str]] | None = None):
    """A BEFORE row trigger named after its rule; `sql` is PL/pgSQL that raises through `refuse()` or returns NEW."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=on, declare=declare or [], func=f"{sql}\nRETURN NEW;"
    )


def refuse(rule_id: str, sentence: str) -> str:
    """PL/pgSQL that refuses the row under a rule; the engine turns it into PolicyDenied."""
    quoted = f"{rule_id}: {sentence}".replace("'", "''").replace("%", "%%")
    return f"RAISE EXCEPTION '{quoted}' USING ERRCODE = '23514';"


def unchanged(name: str, fields: list[str], rule_id: str, sentence: str) -> pgtrigger.Trigger:
    """A trigger that refuses an UPDATE of any of these columns."""
    differs = " OR ".join(f"OLD.{field} IS DISTINCT FROM NEW.{field}" for field in fields)
    return guard(name, f"IF {differs} THEN {refuse(rule_id, sentence)} END IF;", on=pgtrigger.Update)
