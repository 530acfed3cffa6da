"""AC-07, AU-01: what the application's own database role may not do, table by table, tried for real."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from ecpd.audit.grants import APPEND_ONLY_TABLES, DELETABLE, REFERENCE, grant_application_role

pytestmark = pytest.mark.django_db
LEDGERS = APPEND_ONLY_TABLES | {
    model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)
}


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


def first_column(table: str) -> str:
    """A column to write to."""
    with connection.cursor() as cursor:
        return connection.ops.quote_name(connection.introspection.get_table_description(cursor, table)[0].name)


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
        table for table in tables if refused(f'UPDATE "{table}" SET {first_column(table)} = {first_column(table)}')
    }
    assert unchangeable == LEDGERS | REFERENCE


@pytest.mark.parametrize("privilege", ["SELECT", "INSERT"])
def test_every_table_can_be_read_and_added_to(tables, privilege):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t FROM unnest(%s::text[]) t WHERE NOT has_table_privilege(quote_ident(t), %s)", [tables, privilege]
        )
        assert {table for (table,) in cursor.fetchall()} == (REFERENCE if privilege == "INSERT" else set())


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
