"""The forms an attack can take: the same change of the same row, by every way a session has of making it.

What an attack does is learned from a run in which its guards sleep: which row it wrote, and what it changed. The other
forms then make that change by COPY, a CTE, MERGE, a DO block, the ORM, under settings that were meant to help. A form
that does not apply says why (`Reason`). Objects that shadow a table are tried in test_shadows, two sessions at once in
test_races; that no session may make objects, take roles or put triggers to sleep is tried in test_privileges.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from django.db import connections, models, transaction
from django.db.utils import Error as DjangoError
from pgvector.django import HalfVectorField, VectorField
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.attacks.attack import AT_ONCE, DEFERRED, Attack, Peeled, Refusal, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.guards import every_table
from tests.attacks.stamps import stamped_by_django

ALIAS = "attacked"
PLAIN = "plain"
ORM = ("bulk_create", "update()", "delete()")
FORMS = {"settings", "do block", "cte", "copy", "merge", *ORM}
TRIED: Counter[str] = Counter()


@dataclass(frozen=True)
class Change:
    """What an attack did when nothing stopped it: the row as it is then, and which columns differ from before."""

    table: str
    operation: str
    row: dict[str, Any]
    changed: dict[str, Any]
    key: Any  # that the row had before


def learn(attack: Attack, statement: str, peeled: Peeled) -> Change | None:
    """What the attack did once its guards slept; None when it is not one row's."""
    if len(peeled.rows) != 1:
        return None
    operation, half = statement.split(None, 1)[0].upper(), len(peeled.columns) // 2
    names, was, becomes = peeled.columns[:half], peeled.rows[0][:half], peeled.rows[0][half:]
    old, row = dict(zip(names, was, strict=True)), dict(zip(names, becomes, strict=True))
    changed = {name: value for name, value in row.items() if operation == "INSERT" or old[name] != value}
    return Change(attack.guard.table, operation, row, changed, old[every_table()[attack.guard.table]._meta.pk.column])


def _adapted(table: str, column: str, value: Any) -> Any:
    """As the driver wants it: a list is an array or JSON, whatever the column is."""
    field = next(field for field in every_table()[table]._meta.concrete_fields if field.column == column)
    return Jsonb(value) if isinstance(field, models.JSONField) and value is not None else value


class Reason(str):
    """Why a form does not apply to an attack."""


NOT_ONE_ROW = Reason("It changes several rows or none that can be told apart; COPY, MERGE and the ORM name one.")
ADDS = Reason("The form adds rows; this attack changes or removes one.")
CHANGES = Reason("The form changes a row that is there; this attack adds or removes one.")
REMOVES = Reason("The form removes a row; this attack adds or changes one.")
KEEPS = Reason("The form changes or removes a row; this attack adds one.")
NO_NAN = Reason("Django's DecimalField takes no NaN and no infinity: nothing reaches the database.")
OLD_SNAPSHOT = Reason("Which isolation a transaction has does not depend on who builds the statement.")
STAMPS_ITSELF = Reason("Django stamps this column itself, whatever it is given.")
UNCHANGED = Reason("The row is written as it was; there is nothing to merge.")


def refusals(
    field: Battlefield, attack: Attack, before: Sequence[str], statement: str, change: Change | None
) -> Iterator[tuple[str, Refusal | None]]:
    """Every form that applies, tried as the application's role over its own login; each with the database's answer.

    The plain statement comes first. Of each form nothing stays but the lead-up, which is the same for all.
    """
    every = forms(field, attack, statement, change)
    assert set(every) == FORMS, "A form is neither tried nor told why not."
    TRIED.update(form for form in every.values() if isinstance(form, Reason))
    tried = {name: form for name, form in every.items() if not isinstance(form, Reason)}
    TRIED["forms"] += len(tried)
    with rolled_back(field.app, attack.isolation) as cursor:
        for one in (DEFERRED, *before):
            cursor.execute(one)
        yield PLAIN, _answer(cursor, lambda inside: _touches(inside, statement))
        for name, form in tried.items():
            if name not in ORM:
                yield name, _answer(cursor, form)
    for name, form in tried.items():
        if name in ORM:
            yield name, _orm_answer(before, form)


def forms(
    field: Battlefield, attack: Attack, statement: str, change: Change | None
) -> dict[str, Callable[..., Any] | Reason]:
    """Each form with how it is run, or with why it does not apply."""
    every: dict[str, Callable[..., Any] | Reason] = {
        "settings": lambda cursor: _under_settings(field, cursor, statement),
        "do block": lambda cursor: cursor.execute(f"DO $attack$ BEGIN {statement}; END $attack$"),
        "cte": lambda cursor: cursor.execute(f"WITH a AS ({statement} RETURNING 1) SELECT count(*) FROM a"),
    }
    if change is None:
        return every | dict.fromkeys(("copy", "merge", *ORM), NOT_ONE_ROW)
    every["copy"] = (lambda cursor: _copy(cursor, change)) if change.operation == "INSERT" else ADDS
    every["merge"] = _merge_or_reason(change)
    return every | _orm_forms(attack, change)


def _merge_or_reason(change: Change) -> Callable[..., Any] | Reason:
    if change.operation == "INSERT":
        return KEEPS
    if change.operation == "UPDATE" and not change.changed:
        return UNCHANGED
    return lambda cursor: _merge(cursor, change)


Run = Callable[[psycopg.Cursor], None]


def _answer(cursor: psycopg.Cursor, run: Run) -> Refusal | None:
    try:
        with rolled_back(cursor.connection) as inside:
            run(inside)
            inside.execute(AT_ONCE)
    except psycopg.Error as error:
        return Refusal.of(error)
    return None


def _touches(cursor: psycopg.Cursor, statement: str) -> None:
    cursor.execute(statement)
    assert cursor.rowcount, f"The attack touched no row: {statement}"


# Whatever a session may set that could make a guard look away.
SETTINGS = {
    "pgtrigger.ignore": "SELECT array_agg(tgname::text)::text FROM pg_trigger WHERE NOT tgisinternal",
    "search_path": "SELECT 'pg_temp, public'",
    "session_replication_role": "SELECT 'replica'",
    "row_security": "SELECT 'off'",
    "timezone": "SELECT 'Pacific/Kiritimati'",
    "role": "SELECT 'none'",
    "check_function_bodies": "SELECT 'off'",
    "default_transaction_isolation": "SELECT 'serializable'",
}


def _settable(field: Battlefield) -> str:
    """A statement that sets all of them that this role may set at all; asked once."""
    if not field.settings:
        calls = []
        for name, value in SETTINGS.items():
            call = f"set_config('{name}', ({value}), true)"
            try:
                with rolled_back(field.app) as cursor:
                    cursor.execute(f"SELECT {call}")
                calls.append(call)
            except psycopg.errors.InsufficientPrivilege:
                continue  # tried in test_privileges
        field.settings = "SELECT " + ", ".join(calls)
    return field.settings


def _under_settings(field: Battlefield, cursor: psycopg.Cursor, statement: str) -> None:
    cursor.execute(_settable(field))
    cursor.execute(statement)


def _copy(cursor: psycopg.Cursor, change: Change) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in change.row)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(change.table), columns)
    with cursor.copy(into) as copy:
        copy.write_row([_adapted(change.table, name, value) for name, value in change.row.items()])


def _merge(cursor: psycopg.Cursor, change: Change) -> None:
    pk = every_table()[change.table]._meta.pk.column
    merge = sql.SQL("MERGE INTO {} t USING (SELECT 1) AS one ON t.{} = {} WHEN MATCHED THEN ").format(
        sql.Identifier(change.table), sql.Identifier(pk), sql.Placeholder()
    )
    if change.operation == "DELETE":
        cursor.execute(merge + sql.SQL("DELETE"), [change.key])
        return
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in change.changed
    )
    values = [_adapted(change.table, name, value) for name, value in change.changed.items()]
    cursor.execute(merge + sql.SQL("UPDATE SET ") + sets, [change.key, *values])


def _orm_forms(attack: Attack, change: Change) -> dict[str, Callable[..., Any] | Reason]:
    """The ORM's three ways that fire no `save()`: each writes straight into the table."""
    if attack.isolation is not None:
        return dict.fromkeys(ORM, OLD_SNAPSHOT)
    model = every_table()[change.table]
    manager = model._base_manager.using(ALIAS)
    names = {field.column: field.attname for field in model._meta.concrete_fields}
    values = {names[column]: _loaded(model, column, value) for column, value in change.changed.items()}
    made: dict[str, Callable[..., Any] | Reason] = {"bulk_create": ADDS, "update()": CHANGES, "delete()": REMOVES}
    if any(isinstance(value, Decimal) and not value.is_finite() for value in values.values()):
        return made | {"bulk_create" if change.operation == "INSERT" else "update()": NO_NAN}
    if change.operation == "INSERT" and attack.guard in stamped_by_django(change.table):
        return made | {"bulk_create": STAMPS_ITSELF}
    if change.operation == "INSERT":
        return made | {"bulk_create": lambda: manager.bulk_create([model(**values)])}
    one = manager.filter(pk=change.key)
    if change.operation == "UPDATE":
        return made | {"update()": lambda: one.update(**values)}
    return made | {"delete()": lambda: one._raw_delete(ALIAS)}


def _loaded(model: type[models.Model], column: str, value: Any) -> Any:
    """A vector comes as its text; the ORM wants numbers. An address comes as one; it wants text."""
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    if isinstance(field, models.GenericIPAddressField) and value is not None:
        return str(value)
    return json.loads(value) if isinstance(field, HalfVectorField | VectorField) and isinstance(value, str) else value


def _orm_answer(lead_up: Sequence[str], run: Callable[[], object]) -> Refusal | None:
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        try:
            for one in lead_up:
                cursor.execute(one)
            run()
            cursor.execute(AT_ONCE)
        except DjangoError as error:
            cause = error.__cause__
            assert isinstance(cause, psycopg.Error)
            return Refusal.of(cause)
        finally:
            transaction.set_rollback(True, using=ALIAS)
    return None
