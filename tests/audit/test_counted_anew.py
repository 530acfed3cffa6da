"""AU-01: a database that was restored from a dump counts transactions anew; an entry of an old one with the same number is
none of the new one.
"""

import psycopg
import pytest
from django.db import connection, transaction

from ecpd.accounts.roles import Role
from tests.factories.leads import allowed, by_the_owner
from tests.factories.people import make_user
from tests.logins import login  # noqa: F401 fixture

NUMBER = "SELECT pg_current_xact_id()::text::bigint"
CONDUCT = (
    "INSERT INTO audit_conduct (actor_id, actor_label, action, subject_type, subject_id, subject_label, case_number, detail) "
    "VALUES (%s, 'x', 'audit.viewed', '', '', '', '', '{}')"
)


def renumbered(key: int) -> int:
    """As the owner, who restores: the entry of this decision has the number that the next transaction will have."""
    with by_the_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE audit_auditevent SET txid = ({NUMBER}) + 1 WHERE table_name = 'policy_decision' AND row_id = %s "
            "RETURNING txid",
            [str(key)],
        )
        return cursor.fetchone()[0]


def in_its_number(session: psycopg.Connection, key: int) -> None:
    """The session is in a transaction that has the number of the entry of this decision."""
    for _ in range(50):  # somebody else may have taken the number
        number = renumbered(key)
        if session.execute(NUMBER).fetchone()[0] == number:
            return
        session.rollback()
    raise AssertionError("No transaction had the number that it was to have.")


@pytest.mark.django_db(transaction=True)
def test_a_decision_of_an_old_transaction_with_the_same_number_is_behind_nothing(login):  # noqa: F811
    captain = make_user(Role.CAPTAIN)
    made = allowed(captain, "warrant.approve")
    with login() as session:
        session.autocommit = False
        in_its_number(session, made.pk)
        assert session.execute("SELECT count(*) FROM public.ecpd_decisions()").fetchone() == (0,)
        assert session.execute("SELECT public.ecpd_noted('policy_decision', NULL)").fetchone() == (False,)
        session.execute(CONDUCT, [captain.pk])
        told = "SELECT decision_id FROM audit_auditevent WHERE table_name = 'audit_conduct' ORDER BY id DESC LIMIT 1"
        assert session.execute(told).fetchone() == (None,)
        session.rollback()


@pytest.mark.django_db
def test_a_decision_of_this_transaction_is_found_also_from_a_savepoint():
    captain = make_user(Role.CAPTAIN)
    with transaction.atomic():
        made = allowed(captain, "warrant.approve")
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(m) FROM public.ecpd_decisions() m")
        assert cursor.fetchone() == ([made.pk],)
