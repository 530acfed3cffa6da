"""Rows of the landed version outlive the upgrade; those that break a newer CHECK are named, and no new one gets in."""

from django.apps import apps
from django.db import IntegrityError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from ecpd.checks import standing
from ecpd.checks.constraint import FieldCheck
from ecpd.checks.exceptions import MAY_BE_EMPTY
from tests.upgrade.filling import Filled
from tests.upgrade.landed import ALIAS


def _named() -> dict[tuple[str, str], set[str]]:
    """(table, key) -> the CHECKs that the row breaks."""
    found: dict[tuple[str, str], set[str]] = {}
    for breach in standing.breaches(standing.waiting(ALIAS), ALIAS):
        for key in breach.keys:
            found.setdefault((breach.check.table, key), set()).add(breach.check.name)
    return found


def _held_now() -> set[tuple[str, str]]:
    """(table, column) of every value that a derived check holds today; some columns went, a few are exceptions."""
    return {
        (model._meta.db_table, model._meta.get_field(name).column)
        for model in apps.get_models()
        for check in model._meta.constraints
        if isinstance(check, FieldCheck)
        for name in check.fields
    }


def _wrong(filled: Filled) -> list[tuple[str, str, str, str]]:
    held, empty = _held_now(), _may_be_empty()
    return [
        wrong
        for wrong in filled.wrong
        if (wrong[0], wrong[2]) in held and not (wrong[3] == "blank text" and (wrong[0], wrong[2]) in empty)
    ]


def _may_be_empty() -> set[tuple[str, str]]:
    """(table, column) of the texts that are bounded but may say nothing."""
    found = set()
    for name in MAY_BE_EMPTY:
        label, column = name.rsplit(".", 1)
        model = apps.get_model(label)
        found.add((model._meta.db_table, model._meta.get_field(column).column))
    return found


def test_every_table_was_filled_and_no_row_is_lost(filled, upgraded):
    assert len(filled.counts) > 85 and 0 not in filled.counts.values()
    after = {}
    for table in filled.counts:
        upgraded.execute(f"SELECT count(*) FROM {table}")
        after[table] = upgraded.fetchone()[0]
    assert {table: count for table, count in filled.counts.items() if after[table] < count} == {}


def test_the_migrations_are_all_applied(upgraded):
    executor = MigrationExecutor(connections[ALIAS])
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_each_row_that_breaks_a_new_check_is_named_with_its_table_and_key(filled, upgraded):
    named = _named()
    assert len(_wrong(filled)) > 200
    kinds = {how for *_, how in _wrong(filled)}
    assert kinds == {"unknown choice", "blank text", "not a number"}
    assert [wrong for wrong in _wrong(filled) if not named.get(wrong[:2])] == []


def test_sound_rows_are_not_named_and_their_tables_checks_are_validated(filled, upgraded):
    wrong = {row[:2] for row in filled.wrong}
    assert sorted(row for row in _named() if row[0] in filled.counts and row not in wrong) == []
    upgraded.execute("SELECT count(*) FILTER (WHERE convalidated), count(*) FROM pg_constraint WHERE contype = 'c'")
    validated, everything = upgraded.fetchone()
    assert validated > everything / 3


def test_no_row_like_them_gets_in_any_more(filled, upgraded):
    got_in = []
    for table, key, column, how in _wrong(filled):
        upgraded.execute("SET LOCAL session_replication_role = replica")
        try:
            with transaction.atomic(using=ALIAS):
                upgraded.execute(
                    f'UPDATE {table} SET "{column}" = "{column}" WHERE {_key_of(upgraded, table)}::text = %s', [key]
                )
        except IntegrityError as refused:
            assert refused.__cause__.sqlstate == "23514"
        else:
            got_in.append((table, key, column, how))
    assert got_in == []


def test_once_the_rows_are_mended_every_check_is_validated(filled, upgraded):
    upgraded.execute("SET LOCAL session_replication_role = replica")
    for table, key in _named():
        upgraded.execute(f"DELETE FROM {table} WHERE {_key_of(upgraded, table)}::text = %s", [key])
    assert standing.validate(standing.waiting(ALIAS), ALIAS) == []
    assert standing.waiting(ALIAS) == []


def _key_of(cursor, table: str) -> str:
    cursor.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " WHERE i.indisprimary AND i.indrelid = %s::regclass", [table],
    )  # fmt: skip
    return cursor.fetchone()[0]
