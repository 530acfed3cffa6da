"""AC-07, AU-01: what the application's own database role may not do, table by table, tried for real."""

import os

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from ecpd.audit import privileges
from ecpd.audit.grants import (
    APPEND_ONLY_TABLES,
    DELETABLE,
    MADE_BY_OWNER,
    REFERENCE,
    grant_application_role,
    grant_sealer_role,
)

pytestmark = pytest.mark.django_db
LEDGERS = APPEND_ONLY_TABLES | {
    model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)
}
# What triggers and the sealer write, nobody else (AU-01).
READ_ONLY = {model._meta.db_table for model in apps.get_models() if getattr(model, "application_may", "") == "SELECT"}

OWNERS = REFERENCE | {model._meta.db_table for model in apps.get_models() if getattr(model, "owners_data", False)}


@pytest.fixture
def tables(db) -> list[str]:
    """Every table there is, those of other packages too."""
    return connection.introspection.table_names()


def refused(sql: str) -> bool:
    """Whether the role lacks the privilege; what it does have is rolled back."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        assert "permission denied" in str(error) or "must be owner" in str(error), str(error)
        return True
    return False


def columns(table: str, *, keys: bool) -> list[str]:
    """The table's columns that are its key, or that are not."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_columns(cursor, table)
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    return [f'"{name}"' for name in names if (name in key) == keys]


def test_the_tests_themselves_run_with_the_applications_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
                       "FROM pg_roles WHERE rolname = current_user")  # fmt: skip
        assert cursor.fetchone() == (settings.DATABASE_APP_ROLE, False, False, False, False, False)


def test_the_role_is_a_member_of_no_other_and_owns_nothing(tables):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_every_table_named_here_exists(tables):
    assert set(tables) >= LEDGERS | DELETABLE | REFERENCE
    assert not LEDGERS & DELETABLE
    assert not REFERENCE & (LEDGERS | DELETABLE)


def test_no_record_can_be_deleted(tables):
    deletable = {table for table in tables if not refused(f'DELETE FROM "{table}"')}
    assert deletable == DELETABLE


def test_no_table_can_be_emptied(tables):
    assert [table for table in tables if not refused(f'TRUNCATE "{table}" CASCADE')] == []


def test_no_tables_triggers_can_be_switched_off(tables):
    for trigger in ("ALL", "USER"):
        assert [table for table in tables if not refused(f'ALTER TABLE "{table}" DISABLE TRIGGER {trigger}')] == []


def test_no_table_can_be_dropped_or_given_away(tables):
    for sql in (
        'DROP TABLE "{}" CASCADE',
        'ALTER TABLE "{}" OWNER TO CURRENT_USER',
        'CREATE RULE r AS ON DELETE TO "{}" DO INSTEAD NOTHING',
    ):
        assert [table for table in tables if not refused(sql.format(table))] == []


def test_no_trigger_can_be_dropped():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")
        triggers = cursor.fetchall()
    assert len(triggers) > 50
    assert [name for name, table in triggers if not refused(f'DROP TRIGGER "{name}" ON {table}')] == []


def test_no_ledger_can_be_changed(tables):
    unchangeable = {
        table
        for table in tables
        if all(refused(f'UPDATE "{table}" SET {column} = {column}') for column in columns(table, keys=False))
    }
    given_or_taken = {"guardian_userobjectpermission"}  # access to a case is never moved to another person or case
    assert unchangeable == LEDGERS | OWNERS | READ_ONLY | given_or_taken


def test_no_key_can_be_changed_or_chosen(tables):
    for table in tables:
        for key in columns(table, keys=True):
            assert refused(f'UPDATE "{table}" SET {key} = {key}'), table
    assert refused("INSERT INTO cases_case (id) VALUES (1)")
    assert refused("INSERT INTO leads_candidate (id) VALUES (1)")
    assert refused("INSERT INTO audit_auditevent (id) VALUES (1)")


def test_every_table_can_be_read_and_every_working_table_added_to(tables):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t FROM unnest(%s::text[]) t WHERE NOT has_table_privilege(quote_ident(t), 'SELECT')", [tables]
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT t FROM unnest(%s::text[]) t WHERE NOT has_any_column_privilege(quote_ident(t), 'INSERT')", [tables]
        )
        assert {table for (table,) in cursor.fetchall()} == OWNERS | MADE_BY_OWNER | READ_ONLY


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION public.ecpd_has_role(person bigint, role text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "DROP FUNCTION public.ecpd_parameter(text) CASCADE",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "COPY cases_case TO PROGRAM 'true'",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE TEMP VIEW accounts_user AS SELECT 1",
        "CREATE TEMP SEQUENCE mine",
        "SELECT 1 INTO TEMP mine",
        "CREATE SCHEMA mine",
        "CREATE DOMAIN public.mine AS int",
        "CREATE TYPE public.mine AS ENUM ('a')",
        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = bigint, FUNCTION = int8eq)",
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_put(1, 0, 'x')",
        "SELECT lo_unlink(1)",
        "SELECT lowrite(0, 'x')",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '0009_x', now())",
        "UPDATE django_migrations SET name = 'x'",
        "INSERT INTO auth_group (name) VALUES ('captain2')",
        "UPDATE auth_group SET name = 'chief' WHERE name = 'captain'",
        "UPDATE cases_nibrsoffense SET crime_against = 'person'",
        "UPDATE django_content_type SET model = 'x'",
        "SELECT setval('parking_look', 1)",
        "SELECT setval(pg_get_serial_sequence('audit_auditevent', 'id'), 1000000)",
        "SELECT nextval(pg_get_serial_sequence('audit_auditevent', 'id'))",
    ],
)
def test_the_rules_of_the_database_cannot_be_taken_out_of_the_way(sql):
    assert refused(sql)


def test_the_application_grants_itself_nothing():
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT DELETE, TRIGGER ON cases_case TO {settings.DATABASE_APP_ROLE}")
        cursor.execute(
            "SELECT has_table_privilege('cases_case', 'DELETE'), has_table_privilege('cases_case', 'TRIGGER')"
        )
        assert cursor.fetchone() == (False, False)


def test_granting_again_as_the_application_changes_nothing(tables):
    grant_application_role(None)
    assert refused("DELETE FROM cases_case")
    assert refused("UPDATE audit_auditevent SET action = 'x'")


def test_granting_again_as_the_owner_takes_back_what_somebody_granted(owner_cursor):
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    owner_cursor.execute(f"GRANT ALL ON audit_auditevent, cases_case TO {role}")
    grant_application_role(None)
    owner_cursor.execute(f"SET ROLE {role}")
    try:
        assert refused("DELETE FROM cases_case")
        assert refused("UPDATE audit_auditevent SET action = 'x'")
        assert refused("TRUNCATE audit_auditevent")
    finally:
        owner_cursor.execute("RESET ROLE")


def test_the_doctor_finds_nothing_more_and_nothing_less():
    assert privileges.differences() == []


MORE = {
    "GRANT DELETE ON cases_case TO {}": "may DELETE on TABLE cases_case, which it is not to",
    "GRANT UPDATE (digest) ON audit_auditevent TO PUBLIC": "may UPDATE digest of TABLE audit_auditevent, which it is not to",
    "GRANT TEMP ON DATABASE test_ecpd TO PUBLIC": "may TEMPORARY on DATABASE",
    "GRANT CONNECT ON DATABASE postgres TO PUBLIC": "may also connect to postgres",
    "GRANT CREATE ON SCHEMA public TO {}": "may CREATE on SCHEMA public",
    "CREATE SCHEMA more; GRANT USAGE, CREATE ON SCHEMA more TO {}": "may CREATE on SCHEMA more",
    "GRANT UPDATE ON SEQUENCE parking_look TO {}": "may UPDATE on SEQUENCE parking_look",
    "CREATE FUNCTION public.more() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'": "EXECUTE on FUNCTION more()",
    "GRANT EXECUTE ON FUNCTION lo_create(oid) TO {}": "may write large objects",
    "CREATE ROLE helper; GRANT helper TO {}": "may act as helper",
    "ALTER ROLE {} CREATEROLE": "may create roles",
    "ALTER ROLE {} SET default_transaction_read_only = on": "has default_transaction_read_only=on set for every session",
    "ALTER TABLE cases_case OWNER TO {}": "cases_case belongs to",
    "ALTER DATABASE test_ecpd SET session_replication_role = replica": "Every guard sleeps in sessions to come",
    "ALTER ROLE ALL SET session_replication_role = 'local'": "ALTER ROLE ALL RESET session_replication_role",
    "ALTER ROLE ALL IN DATABASE test_ecpd SET session_replication_role = replica": "Every guard sleeps in sessions to come",
    "GRANT SET ON PARAMETER session_replication_role TO {}": "may SET session_replication_role, which nobody but a superuser",
    "GRANT SET ON PARAMETER session_replication_role TO PUBLIC": "everybody may SET session_replication_role",
    "GRANT ALTER SYSTEM ON PARAMETER work_mem TO ecpd_sealer": "ecpd_sealer may ALTER SYSTEM work_mem",
    "GRANT UPDATE, DELETE ON audit_auditevent, audit_chainseal TO ecpd_sealer": (
        "ecpd_sealer may DELETE on TABLE audit_auditevent, which it is not to"
    ),
    "GRANT UPDATE (hash) ON audit_chainseal TO ecpd_sealer": "ecpd_sealer may UPDATE hash of TABLE audit_chainseal",
    "GRANT UPDATE ON SEQUENCE parking_look TO ecpd_sealer": "ecpd_sealer may UPDATE on SEQUENCE parking_look",
    "REVOKE INSERT ON audit_chainseal FROM ecpd_sealer": "ecpd_sealer may not INSERT on TABLE audit_chainseal, which it needs",
    "CREATE ROLE helper; GRANT helper TO ecpd_sealer": "ecpd_sealer may act as helper",
    "CREATE ROLE helper; GRANT UPDATE ON cases_case TO helper": "helper may UPDATE on cases_case, which nobody is to",
    "CREATE ROLE helper; GRANT INSERT (title) ON cases_case TO helper": "helper may INSERT on cases_case, which nobody is to",
    "REVOKE INSERT (title) ON cases_case FROM {}": "may not INSERT title of TABLE cases_case, which it needs",
}


@pytest.mark.parametrize("sql", MORE)
def test_what_an_owner_granted_or_took_is_named(owner_cursor, sql):
    owner_cursor.execute(sql.format(settings.DATABASE_APP_ROLE).replace("test_ecpd", connection.settings_dict["NAME"]))
    assert MORE[sql] in " ".join(privileges.differences())


def test_a_session_that_began_with_every_guard_asleep_is_named():
    """As it does where the server's file says so; the doctor's own session begins like any other's."""
    begun = psycopg.connect(os.environ["ECPD_TEST_OWNER_URL"], options="-c session_replication_role=replica")
    with begun, begun.cursor() as cursor:
        [sentence] = privileges._asleep(cursor, [settings.DATABASE_APP_ROLE])
    assert "began with session_replication_role = replica" in sentence


def test_who_else_may_only_read_is_the_agencys_affair(owner_cursor):
    owner_cursor.execute("CREATE ROLE helper; GRANT SELECT ON ALL TABLES IN SCHEMA public TO helper")
    assert privileges.differences() == []


def test_granting_again_takes_back_what_the_sealer_got(owner_cursor):
    owner_cursor.execute(
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO ecpd_sealer; GRANT UPDATE (hash) ON audit_chainseal TO ecpd_sealer;"
        " GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ecpd_sealer; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public"
        " TO ecpd_sealer"
    )
    assert privileges.differences() != []
    grant_sealer_role(None)
    assert privileges.differences() == []
