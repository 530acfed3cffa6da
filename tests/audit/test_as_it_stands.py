"""AU-01: a statement that writes two tables is sealed as it leaves them; a row keeps the key that its entries call it by."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from ecpd.accounts.api_tokens import make_token
from ecpd.accounts.codes import locked_state
from ecpd.accounts.models import AccountRole, ApiToken, Factor, FactorState, User
from ecpd.accounts.roles import Role
from ecpd.audit import catalog
from tests.audit.test_rows import breaks
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
PILOT = "(SELECT id FROM auth_group WHERE name = 'drone_pilot')"
GIVEN = f"INSERT INTO accounts_user_groups (user_id, group_id) VALUES ({{user}}, {PILOT}) RETURNING user_id"
TAKEN = "DELETE FROM accounts_user_groups WHERE user_id = {user} RETURNING user_id"
TURNED = f"UPDATE accounts_user_groups SET group_id = {PILOT} WHERE user_id = {{user}} RETURNING user_id"
RENAMED = "UPDATE accounts_user u SET email = 'x@example.org' FROM a WHERE u.id = a.user_id"
APP = (
    "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES ({user}, 'totp', jsonb_build_object('secret', "
    "'gAAAAAB' || repeat('x', 113)), now()) RETURNING user_id"
)
FAILED = "UPDATE accounts_factorstate s SET failures = s.failures + 1 FROM a WHERE s.user_id = a.user_id"
ENDED = "UPDATE accounts_user SET is_active = false WHERE id = {user} RETURNING id AS user_id"
USED = "UPDATE accounts_apitoken t SET last_used_at = now(), last_used_from = '192.0.2.7' FROM a WHERE t.owner_id = a.user_id"
# Each trigger that writes another sealed table, with a statement that writes both: the one first, and the other first.
BOTH = {
    ("accounts_user_groups", "accounts_user"): [(GIVEN, RENAMED), (TAKEN, RENAMED), (TURNED, RENAMED)],
    ("accounts_user_groups", "accounts_apitoken"): [(TAKEN, USED), (TURNED, USED)],
    ("accounts_user", "accounts_apitoken"): [(ENDED, USED)],
}
# The one fires before its row is written, and PostgreSQL lets no statement change a row that its trigger has changed.
BEFORE = {("mfa_authenticator", "accounts_factorstate"), ("mfa_authenticator", "accounts_rescue")}
LEDGER = {("mfa_authenticator", "accounts_factoradded")}  # a row of a ledger is written once
STATEMENTS = [pair for pairs in BOTH.values() for pair in pairs]
WRITES = r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+public\.(\w+)"


@pytest.fixture
def okafor(db) -> User:
    """Somebody with a role, a token and a state of codes."""
    user = make_user(Role.INVESTIGATOR, username="okafor")
    make_token(owner=user, name="Export", scope="read", days=30)
    locked_state(user)
    return user


def broken() -> list[tuple[str, str]]:
    """What does not fit among the rows of these tables."""
    return [one for model in (User, AccountRole, ApiToken, Factor, FactorState) for one in breaks(model)]


@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
@pytest.mark.parametrize(("one", "other"), STATEMENTS)
def test_one_statement_that_writes_both_leaves_a_whole_record(okafor, one, other, first):
    one, other = one.format(user=okafor.pk), other.format(user=okafor.pk)
    if first:
        sql = f"WITH a AS ({one}) {other}"
    else:
        sql = f"WITH a AS (SELECT {okafor.pk}::bigint AS user_id), b AS ({other} RETURNING 1) {one}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount
    assert broken() == []


def test_a_row_that_a_trigger_has_changed_before_is_not_changed_by_the_same_statement(okafor):
    with pytest.raises(DatabaseError, match="already modified"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"WITH a AS ({APP.format(user=okafor.pk)}) {FAILED}")


def test_every_trigger_that_writes_another_table_is_tried():
    found = {
        (table, written)
        for (table, _), sql in catalog.declared().items()
        for written in re.findall(WRITES, sql.kwargs.get("func", ""))
    }
    assert found == set(BOTH) | BEFORE | LEDGER


def test_a_row_that_changes_twice_in_a_transaction_is_as_it_stands(okafor):
    with transaction.atomic(), connection.cursor() as cursor:
        for name in ("a@example.org", "b@example.org"):
            cursor.execute("UPDATE accounts_user SET email = %s WHERE id = %s", [name, okafor.pk])
    assert broken() == []


def test_a_row_keeps_its_key(okafor):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        FactorState.objects.filter(user=okafor).update(id=990001)
