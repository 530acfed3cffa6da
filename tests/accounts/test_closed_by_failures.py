"""AC-01, AC-02: what the pages count closes codes and passwords, with the guards as they are wherever ECPD runs."""

import pytest
from django.db import DatabaseError, connection, transaction

from ecpd.accounts import codes, lockout, rehearsal
from ecpd.accounts.models import FactorState, PasswordLock
from tests.signing_in import code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(okafor, strictly):
    """Somebody with an app."""
    rehearsal.app_of(okafor)
    return okafor


def test_five_wrong_codes_close_the_codes_and_a_right_one_opens_nothing_then(person):
    for _ in range(5):
        assert codes.take(user=person, code="000000") is None
    with pytest.raises(codes.CodesClosed):
        codes.take(user=person, code=code_of(person))
    with pytest.raises(DatabaseError, match="Codes are closed by the fifth"), transaction.atomic():
        FactorState.objects.filter(user=person).update(closed_until="2036-01-01T00:00Z")


def test_five_wrong_passwords_lock_and_nobody_locks_without_them(person):
    for _ in range(5):
        lockout.failed(lockout.begin("okafor", "192.0.2.7"))
    assert PasswordLock.objects.get(user=person).source == "192.0.2.7"
    sql = "INSERT INTO accounts_passwordlock (name, source, locked_at, user_id) VALUES (%s, '*', now(), %s)"
    with (
        pytest.raises(DatabaseError, match="locked by five wrong ones"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [f"account:{person.pk}", person.pk])
