"""What the application's role is not granted: each withheld verb is tried on each table, then granted and tried again.

A verb that goes through once it is granted was held by the privilege alone. Where a trigger or a foreign key holds as
well, it has to be the one the table declares.
"""

import psycopg
import pytest
from django.apps import apps
from psycopg import sql

from tests.attacks.attack import Refusal, named, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.guards import tables

VERBS = {
    "DELETE": "DELETE FROM {t} WHERE ctid = (SELECT ctid FROM {t} LIMIT 1)",
    "UPDATE": "UPDATE {t} SET {pk} = {pk} WHERE ctid = (SELECT ctid FROM {t} LIMIT 1)",
    "TRUNCATE": "TRUNCATE {t} CASCADE",
    "INSERT": "INSERT INTO {t} SELECT * FROM {t} LIMIT 1",
}
PROTECTED = ("AC-07", "AU-01")  # rules under which a second guard refuses what a privilege would have let through

pytestmark = pytest.mark.django_db


def withheld(field: Battlefield) -> list[tuple[str, str]]:
    """(table, verb) that the role has no privilege for."""
    every = [(table, verb) for table in sorted(all_tables()) for verb in VERBS]
    return [(table, verb) for table, verb in every if not _may(field, table, verb)]


def _may(field: Battlefield, table: str, verb: str) -> bool:
    """Whether the role may do it to any column; which columns it may not write is tried in tests/audit/test_grants."""
    asks = "has_any_column_privilege" if verb in {"INSERT", "UPDATE"} else "has_table_privilege"
    row = field.owner.execute(f"SELECT {asks}(%s, %s, %s)", [field.role, f'public."{table}"', verb]).fetchone()
    return bool(row and row[0])


def all_tables() -> set[str]:
    """Every table of every app, with those between two models."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}


def statement(field: Battlefield, table: str, verb: str) -> str:
    """The plainest statement that needs the verb."""
    pk = field.owner.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
        "WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [f'public."{table}"'],
    ).fetchone()[0]
    return VERBS[verb].format(t=f'public."{table}"', pk=f'"{pk}"')


def answer(cursor: psycopg.Cursor, text: str) -> Refusal | None:
    """The refusal, or None when it went through."""
    try:
        with cursor.connection.transaction():
            cursor.execute(text)
    except psycopg.Error as error:
        return Refusal.of(error)
    return None


def test_what_is_withheld_is_refused_by_the_privilege(field: Battlefield):
    through = []
    for table, verb in withheld(field):
        with rolled_back(field.app) as cursor:
            refusal = answer(cursor, statement(field, table, verb))
        if refusal is None or refusal.state != "42501" or table not in refusal.sentence:
            through.append((table, verb, refusal))
    assert through == []


def test_once_granted_it_goes_through_or_a_trigger_of_the_table_refuses(field: Battlefield):
    wrong, every = [], withheld(field)
    for verb in VERBS:
        tables_of = [table for table, held in every if held == verb]
        with rolled_back(field.owner) as owner:
            keep_vacuum_away(owner)
            grant(owner, field.role, verb, tables_of)
            for table in tables_of:
                text = statement(field, table, verb)
                with rolled_back(owner.connection) as cursor:
                    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(field.role)))
                    refusal = answer(cursor, text)
                if not (refusal is None or held_twice(refusal, table, verb)):
                    wrong.append((table, verb, refusal))
    assert wrong == []


def keep_vacuum_away(owner: psycopg.Cursor) -> None:
    """Until the end of the transaction no table is vacuumed.

    VACUUM ends by writing to the table's row in pg_class, where it would wait for our GRANT, and our TRUNCATE for it:
    a deadlock. One that runs is asked to end by our waiting; the next ones leave out what is locked.
    """
    ask = "SELECT quote_ident(c.relname) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    every = owner.execute(ask).fetchall()
    owner.execute(f"LOCK TABLE {', '.join(name for (name,) in every)} IN SHARE UPDATE EXCLUSIVE MODE")


def grant(owner: psycopg.Cursor, role: str, verb: str, on: list[str]) -> None:
    """The verb on these tables, so that what refuses is another guard; TRUNCATE on all: CASCADE reaches other tables."""
    every = sql.SQL("ALL TABLES IN SCHEMA public")
    some = sql.SQL(", ").join(sql.Identifier(table) for table in on)
    which = every if verb == "TRUNCATE" else some
    owner.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(verb), which, sql.Identifier(role)))


def held_twice(refusal: Refusal, table: str, verb: str) -> bool:
    """Whether a second guard, and no accident, refused: one that has a name, or the database's own word on keys.

    A copied row meets a key that is taken (23505, of this very table), or a key that only the database gives (428C9).
    """
    if verb == "INSERT" and refusal.state == "428C9":
        return 'column "id"' in refusal.sentence
    if refusal.state == "23514" and refusal.sentence.startswith(PROTECTED):
        return True
    guard = named(refusal, table, verb)
    if guard is None or refusal.state not in {"23503", "23505", "23514"}:
        return False
    return verb == "DELETE" if refusal.state == "23503" else guard.table == table


def test_every_ledger_is_append_only_and_no_record_is_deleted(field: Battlefield):
    """From the models, not from the grants: a ledger is never changed, a record never deleted, nothing truncated."""
    held = set(withheld(field))
    missing = [(table, "TRUNCATE") for table in all_tables() if (table, "TRUNCATE") not in held]
    for table, model in tables().items():
        if getattr(model, "append_only", None) is not None:
            missing += [(table, "DELETE")] if (table, "DELETE") not in held and not _leaves(model) else []
        if getattr(model, "append_only", False):
            missing += [(table, "UPDATE")] if (table, "UPDATE") not in held else []
    assert missing == []


def _leaves(model) -> bool:
    """Plate data that leaves after a time: a trigger of its own says when (PK-05)."""
    from ecpd.audit.grants import DELETABLE

    return model._meta.db_table in DELETABLE


def test_the_role_can_make_nothing_and_become_nobody(field: Battlefield):
    """Schema, temporary objects, large objects, other roles, settings that put triggers to sleep, files, programs."""
    tried = {
        "CREATE TABLE public.shadow (id int)": "42501",
        "CREATE TEMP TABLE policy_manualversion (id int)": "42501",
        "CREATE SCHEMA shadow": "42501",
        "CREATE FUNCTION public.ecpd_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'": "42501",
        "CREATE OR REPLACE FUNCTION public.ecpd_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'": "42501",
        "ALTER TABLE leads_lead DISABLE TRIGGER ALL": "42501",
        "ALTER TABLE leads_lead OWNER TO CURRENT_USER": "42501",
        "SET session_replication_role = replica": "42501",
        "SET ROLE ecpd_owner": "42501",
        "SET SESSION AUTHORIZATION ecpd_owner": "42501",
        "ALTER ROLE CURRENT_USER CREATEROLE": "42501",
        "DROP OWNED BY CURRENT_USER": "42501",
        "COPY leads_lead TO PROGRAM 'true'": "42501",
        "COPY leads_lead TO '/tmp/leads'": "42501",
        "SELECT pg_read_file('PG_VERSION')": "42501",
        "SELECT lo_create(0)": "42501",
        "SELECT lo_from_bytea(0, 'x')": "42501",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('leads', '9999_gone', now())": "42501",
        "UPDATE django_migrations SET name = 'gone' WHERE app = 'leads'": "42501",
        "INSERT INTO auth_group (name) VALUES ('captain of captains')": "42501",
        "UPDATE auth_group SET name = 'captains' WHERE name = 'captain'": "42501",
    }
    wrong = {}
    for text, state in tried.items():
        with rolled_back(field.app) as cursor:
            refusal = answer(cursor, text)
        if refusal is None or refusal.state != state:
            wrong[text] = refusal
    assert wrong == {}
