"""The door holds the row it decides about, a ledger's too, and takes no lock that anybody may take."""

import psycopg
import pytest
from django.db import connection, transaction

from ecpd.policy import engine
from tests.factories import leads as make
from tests.logins import login  # noqa: F401 fixture

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ledger_s_row_is_held_by_the_door(login):  # noqa: F811
    people = make.agency()
    candidate = make.candidate(people)
    with transaction.atomic(), connection.cursor() as cursor:
        engine._lock(candidate)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)
        with login() as other:
            other.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("SELECT public.ecpd_lock_ledger_row('leads_candidate', %s)", [candidate.pk])
            other.rollback()
            with pytest.raises(psycopg.errors.CheckViolation, match="AU-01: cases_case is no ledger"):
                other.execute("SELECT public.ecpd_lock_ledger_row('cases_case', 1)")
