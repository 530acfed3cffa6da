"""The forms an attack can take: the same change of the same row, by every way a session has of making it.

What an attack does is learned from a run in which its guards sleep: which row it wrote, and what it changed. The other
forms then make that change by COPY, a CTE, MERGE, a DO block, the ORM, under settings that were meant to help, and
under another isolation. A form that does not apply says why.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections, models, transaction
from django.db.utils import Error as DjangoError
from pgvector.django import HalfVectorField, VectorField
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.attacks.attack import Attack, Refusal, put_asleep, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.guards import Guard, tables

ALIAS = "attacked"
TRIED: Counter[str] = Counter()


@dataclass(frozen=True)
class Change:
    """What an attack did when nothing stopped it: the row as it is then, and which columns differ from before."""

    table: str
    operation: str
    row: dict[str, Any]
    changed: dict[str, Any]

    @property
    def key(self) -> Any:
        """The row's primary key."""
        return self.row[tables()[self.table]._meta.pk.column]


def learn(field: Battlefield, attack: Attack, asleep: Sequence[Guard]) -> Change | None:
    """Run the attack with these guards asleep and look at its row; None when it is not one row's INSERT or UPDATE."""
    statement = field.words(attack.statement).strip()
    operation = statement.split(None, 1)[0].upper()
    if operation not in {"INSERT", "UPDATE"} or "returning" in statement.lower():
        return None
    with rolled_back(field.owner) as cursor:
        for guard in asleep:
            put_asleep(cursor, guard, field.role)
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(field.role)))
        for one in attack.before:
            cursor.execute(field.words(one))
        model = tables()[attack.guard.table]
        before = _rows(cursor, model) if operation == "UPDATE" else {}
        cursor.execute(statement + " RETURNING *")
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    if len(rows) != 1:
        return None
    old = before.get(rows[0][model._meta.pk.column], {})
    changed = {name: value for name, value in rows[0].items() if old.get(name) != value}
    return Change(attack.guard.table, operation, rows[0], changed)


def _rows(cursor: psycopg.Cursor, model: type[models.Model]) -> dict[Any, dict[str, Any]]:
    cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(model._meta.db_table)))
    names = [column.name for column in cursor.description or ()]
    rows = (dict(zip(names, values, strict=True)) for values in cursor.fetchall())
    return {row[model._meta.pk.column]: row for row in rows}


def _adapted(table: str, column: str, value: Any) -> Any:
    """As the driver wants it: a list is an array or JSON, whatever the column is."""
    field = next(field for field in tables()[table]._meta.concrete_fields if field.column == column)
    return Jsonb(value) if isinstance(field, models.JSONField) and value is not None else value


def refusals(field: Battlefield, attack: Attack, change: Change | None) -> Iterator[tuple[str, Refusal | None]]:
    """Every form that applies, tried as the application's role over its own login; each with the database's answer."""
    lead_up = [field.words(one) for one in attack.before]
    statement = field.words(attack.statement)
    for name, run in _sql_forms(statement, change).items():
        TRIED["forms"] += 1
        with rolled_back(field.app, attack.isolation) as cursor:
            yield name, _answer(cursor, lead_up, run)
    if attack.isolation is not None:
        return
    for name, run in _orm_forms(change).items():
        TRIED["forms"] += 1
        yield name, _orm_answer(lead_up, run)


Run = Callable[[psycopg.Cursor], None]


def _answer(cursor: psycopg.Cursor, lead_up: list[str], run: Run) -> Refusal | None:
    for one in lead_up:
        cursor.execute(one)
    try:
        with cursor.connection.transaction():
            run(cursor)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        return Refusal.of(error)
    return None


def _sql_forms(statement: str, change: Change | None) -> dict[str, Run]:
    forms: dict[str, Run] = {
        "settings": lambda cursor: _under_settings(cursor, statement),
        "do block": lambda cursor: cursor.execute(f"DO $attack$ BEGIN {statement}; END $attack$"),
    }
    if change is None:
        return forms
    forms["cte"] = lambda cursor: cursor.execute(
        f"WITH attacked AS ({statement} RETURNING 1) SELECT count(*) FROM attacked"
    )
    if change.operation == "INSERT":
        forms["copy"] = lambda cursor: _copy(cursor, change)
    elif change.changed:
        forms["merge"] = lambda cursor: _merge(cursor, change)
    return forms


def _under_settings(cursor: psycopg.Cursor, statement: str) -> None:
    """Whatever a session may set that could make a guard look away; what it may not set, it goes without."""
    wanted = {
        "pgtrigger.ignore": "{}",
        "search_path": "pg_temp, public",
        "session_replication_role": "replica",
        "row_security": "off",
        "timezone": "Pacific/Kiritimati",
        "role": "none",
        "check_function_bodies": "off",
        "default_transaction_isolation": "serializable",
    }
    cursor.execute("SELECT array_agg(tgname::text)::text FROM pg_trigger WHERE NOT tgisinternal")
    wanted["pgtrigger.ignore"] = cursor.fetchone()[0]
    for name, value in wanted.items():
        try:
            with cursor.connection.transaction():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        except psycopg.Error:
            continue
    cursor.execute(statement)


def _copy(cursor: psycopg.Cursor, change: Change) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in change.row)
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(change.table), columns)
    with cursor.copy(into) as copy:
        copy.write_row([_adapted(change.table, name, value) for name, value in change.row.items()])


def _merge(cursor: psycopg.Cursor, change: Change) -> None:
    pk = tables()[change.table]._meta.pk.column
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in change.changed
    )
    merge = sql.SQL("MERGE INTO {} t USING (SELECT 1) AS one ON t.{} = {} WHEN MATCHED THEN UPDATE SET ").format(
        sql.Identifier(change.table), sql.Identifier(pk), sql.Placeholder()
    )
    cursor.execute(
        merge + sets, [change.key, *(_adapted(change.table, name, value) for name, value in change.changed.items())]
    )


def _orm_forms(change: Change | None) -> dict[str, Callable[[], None]]:
    if change is None:
        return {}
    model = tables()[change.table]
    manager = model._base_manager.using(ALIAS)
    names = {field.column: field.attname for field in model._meta.concrete_fields}
    if change.operation == "INSERT":
        made = model(**{names[column]: _loaded(model, column, value) for column, value in change.row.items()})
        return {"bulk_create": lambda: manager.bulk_create([made])}
    values = {names[column]: _loaded(model, column, value) for column, value in change.changed.items()}
    return {"update()": lambda: manager.filter(pk=change.key).update(**values)}


def _loaded(model: type[models.Model], column: str, value: Any) -> Any:
    """A vector comes as its text; the ORM wants numbers."""
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return json.loads(value) if isinstance(field, HalfVectorField | VectorField) and isinstance(value, str) else value


def _orm_answer(lead_up: list[str], run: Callable[[], object]) -> Refusal | None:
    connection = connections[ALIAS]
    with transaction.atomic(using=ALIAS):
        try:
            with connection.cursor() as cursor:
                for one in lead_up:
                    cursor.execute(one)
            with transaction.atomic(using=ALIAS):
                run()
        except DjangoError as error:
            cause = error.__cause__
            assert isinstance(cause, psycopg.Error)
            return Refusal.of(cause)
        finally:
            transaction.set_rollback(True, using=ALIAS)
    return None
