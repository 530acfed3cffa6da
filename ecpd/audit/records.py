"""Abstract bases for everything that is kept: `Record` is never deleted, `Ledger` is never changed either.

The database holds both promises twice: triggers refuse everyone, and the application's own role is not even
granted the privilege (ecpd.audit.grants). Each row is sealed in the chain (ecpd.audit.sealed); a model that is not
says why in `unsealed_because`.
"""

import re
from typing import ClassVar

import pgtrigger
from django.db import models

from ecpd.audit import pinned
from ecpd.audit.fixed import Unchanged
from ecpd.audit.refusing import refuse
from ecpd.audit.sealed import Seal

# A guard that reads rows (a table's name after FROM or JOIN, or a function of ours that does; some look at what they get).
READS_ROWS = re.compile(
    r"(?<!\bDISTINCT )\b(?:FROM|JOIN)\s+(?:public\.)?[a-z]\w*\b(?!\s*\()|\becpd_(?!(?:now|json_happened|shaped)\b)"
)


# With an older snapshot a guard would judge by what was, not by what is.
NEWEST_STATE = f"""
IF current_setting('transaction_isolation') <> 'read committed' THEN
    {refuse("AU-03", "A rule is asked of what is committed now: use a read committed transaction.")}
END IF;
"""


class Protect(pinned.Pinned, pgtrigger.Trigger):
    """Refuses every such operation under its rule."""

    def __init__(self, *, name: str, operation: pgtrigger.Operation, rule_id: str, sentence: str) -> None:
        super().__init__(name=name, operation=operation, when=pgtrigger.Before, func=refuse(rule_id, sentence))


NEVER_DELETED = Protect(
    name="ac_07_no_delete",
    operation=pgtrigger.Delete,
    rule_id="AC-07",
    sentence="A record is not deleted; it is withdrawn with a reason.",
)
APPEND_ONLY = Protect(
    name="au_01_append_only",
    operation=pgtrigger.Update | pgtrigger.Delete,
    rule_id="AU-01",
    sentence="What is written here is neither changed nor deleted; a correction is a new row.",
)


class Record(models.Model):
    """A row nobody deletes (AC-07). What was wrong is withdrawn with a reason.

    `once`: columns that get their value once in the row's life (a withdrawal, a decision, an end): from NULL, an empty
    text or false to a value, and never to another one or back. `may_change`: columns that change, each with the condition
    under which it may (`while_in`, `while_empty`, or `ALWAYS`). Every other column is fixed (ecpd.audit.fixed). In a new
    row the first have no value yet and the second their default, but for those in `born_with`.
    """

    append_only = False
    once: ClassVar[tuple[str, ...]] = ()
    may_change: ClassVar[dict[str, str]] = {}
    born_with: ClassVar[tuple[str, ...]] = ()
    row_seal: ClassVar[Seal | bool] = True
    unsealed_because = ""

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [NEVER_DELETED]


class Ledger(models.Model):
    """A row that is written once (AU-01, AC-07): a correction is a new row."""

    append_only = True
    row_seal: ClassVar[Seal | bool] = True
    unsealed_because = ""

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [APPEND_ONLY]


def guard(
    name: str, sql: str, *, on: pgtrigger.Operation, declare: list[tuple[str, str]] | None = None
) -> pinned.Trigger:
    """A BEFORE row trigger named after its rule; `sql` is PL/pgSQL that raises through `refuse()` or returns NEW.

    One that reads rows refuses every isolation but read committed.
    """
    func = f"{_newest_first(sql)}\nRETURN NEW;"
    return pinned.Trigger(name=name, when=pgtrigger.Before, operation=on, declare=declare or [], func=func)


def at_commit(name: str, sql: str, *, on: pgtrigger.Operation, declare: list[tuple[str, str]] | None = None):
    """A guard that is asked as the transaction ends: of rows that change together, one after the other.

    `NEW` is the row as it was written; what it became later in the transaction is to be read.
    """
    func = f"{_newest_first(sql)}\nRETURN NULL;"
    return pinned.Trigger(
        name=name, when=pgtrigger.After, operation=on, timing=pgtrigger.Deferred, declare=declare or [], func=func
    )


def _newest_first(sql: str) -> str:
    return (NEWEST_STATE if READS_ROWS.search(sql) else "") + sql


def recorded_now(name: str, column: str) -> pinned.Trigger:
    """A guard that puts the moment of the entry into a column of a new row, whatever moment the row came with.

    For columns whose order with others decides something; ecpd.checks.stamped lists them (BY_THE_DATABASE).
    """
    return guard(name, f"NEW.{column} := ecpd_now();", on=pgtrigger.Insert)


def marked_now(name: str, *columns: str) -> pinned.Trigger:
    """A guard that puts the moment of the step into columns that come once in a row's life, whatever moment it came with."""
    step = "IF NEW.{0} IS NOT NULL AND OLD.{0} IS NULL THEN NEW.{0} := ecpd_now(); END IF;"
    return guard(name, "\n".join(step.format(column) for column in columns), on=pgtrigger.Update)


def unchanged(name: str, fields: list[str], rule_id: str, sentence: str) -> Unchanged:
    """A trigger that refuses an UPDATE of any of these columns."""
    differs = " OR ".join(f"OLD.{field} IS DISTINCT FROM NEW.{field}" for field in fields)
    sql = f"IF {differs} THEN {refuse(rule_id, sentence)} END IF;\nRETURN NEW;"
    return Unchanged(name=name, fields=fields, when=pgtrigger.Before, operation=pgtrigger.Update, func=sql)
