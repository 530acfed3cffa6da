"""No column of a step changes without its step: each that may change is tried alone, in rows of every age."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import models
from psycopg import sql

from tests.attacks import battlefield
from tests.attacks.alone import FREE, add_early_rows, changeable, goes_through, name_of, pairs, rows_of, single, steps
from tests.attacks.attack import DEFERRED, rolled_back
from tests.attacks.battlefield import Battlefield, at
from tests.attacks.late import add_late_rows
from tests.attacks.written import STRICTLY

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cursor(field: Battlefield) -> Iterator[psycopg.Cursor]:
    """As the application's role, in a copy with rows early and late in their life, where who decides has decided."""
    database = f"{field.owner.info.dbname}_alone"
    battlefield.copy(field.owner_url, battlefield.FILLED, database)
    with psycopg.connect(at(field.owner_url, database)) as owner, owner.cursor() as rows:
        rows.execute("SET LOCAL session_replication_role = replica")
        assert add_early_rows(rows) == []
        assert add_late_rows(rows) == []
    with psycopg.connect(at(field.app_url, database), autocommit=True) as app, rolled_back(app) as made:
        made.execute(DEFERRED)
        made.execute(STRICTLY)
        yield made
    with psycopg.connect(at(field.owner_url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


def through(
    cursor: psycopg.Cursor, tries: Callable[[type[models.Model], list[models.Field]], Iterator[dict[str, str]]]
):
    """By the columns that changed: what a row says then."""
    found: dict[tuple[str, ...], str] = {}
    for table, model, fields in changeable():
        names = {field.column: name_of(field) for field in fields}
        keys = rows_of(cursor, table, model, fields)
        for sets in tries(model, fields):
            for key in keys:
                if said := goes_through(cursor, table, str(model._meta.pk.column), key, sets):
                    found.setdefault(tuple(names[column] for column in sets), said)
    return found


def test_a_column_changes_alone_only_where_it_says_why(cursor: psycopg.Cursor):
    found = through(cursor, lambda _, fields: single(fields))
    assert {name: said for (name,), said in found.items() if name not in FREE} == {}
    assert {name for (name,) in found} == set(FREE), "A reason for what does not go through any more."


def test_no_two_columns_change_without_their_step(cursor: psycopg.Cursor):
    assert through(cursor, lambda _, fields: pairs(fields)) == {}


def test_nothing_of_a_step_comes_or_goes_without_its_state_and_its_decision(cursor: psycopg.Cursor):
    found = through(cursor, lambda model, _: steps(model))
    assert {names: said for names, said in found.items() if not set(names) & set(FREE)} == {}
