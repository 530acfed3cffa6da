"""Objects that shadow what a guard reads: with a temporary table before every table of ours, guards refuse as before.

The role may make none (test_privileges). Here it may all the same, and is given one for each table, empty and readable,
on a search path that finds them first: what a guard decides must not hang on one privilege.
"""

import re

import psycopg
import pytest
from psycopg import sql

from tests.attacks.attack import Attack, attempt, named, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.by_default import is_late
from tests.attacks.every import ATTACKS
from tests.attacks.guards import tables

pytestmark = pytest.mark.django_db
# One attack for each trigger: what it reads is the same whoever asks. A CHECK reads its own row, a privilege none.
READING = {a.guard: a for a in ATTACKS if a.guard.kind == "trigger" and a.isolation is None and not is_late(a)}
NAMES = re.compile(rf'(?<![.\w])"?({"|".join(sorted(tables(), key=len, reverse=True))})"?(?![\w"])')


def test_no_object_that_shadows_a_table_changes_what_a_guard_says(reached: Battlefield):
    field, wrong = reached, {}
    with rolled_back(field.owner) as cursor:
        shadow(cursor, field.role)
        for attack in READING.values():
            if words := refused_otherwise(cursor, field, attack):
                wrong[attack.id] = words
    assert len(READING) > 200
    assert wrong == {}


def shadow(cursor: psycopg.Cursor, role: str) -> None:
    """An empty temporary table before each of ours, which the role may read and write."""
    for table in tables():
        name = sql.Identifier(table)
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} (LIKE public.{}) ON COMMIT DROP").format(name, name))
        cursor.execute(sql.SQL("GRANT ALL ON pg_temp.{} TO {}").format(name, sql.Identifier(role)))
    cursor.execute("SET LOCAL search_path = pg_temp, public")
    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))


def refused_otherwise(cursor: psycopg.Cursor, field: Battlefield, attack: Attack) -> str:
    """What the database answers now where it refused by name before; "" when a guard of ours still refuses."""
    before, statement = [qualified(field, one) for one in attack.before], qualified(field, attack.statement)
    with rolled_back(cursor.connection) as inside:
        refusal = attempt(inside, before, statement)
    if refusal is None:
        return "It went through."
    return "" if named(refusal, attack.guard.table, statement.split(None, 1)[0]) else str(refusal)


def qualified(field: Battlefield, text: str) -> str:
    """The statement itself means the real tables."""
    return NAMES.sub(r'public."\1"', field.words(text))
