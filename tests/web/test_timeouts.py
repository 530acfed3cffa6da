"""A page that would wait for ever is answered; each kind of process has its times."""

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from ecpd.timeouts import DEFAULTS, busy
from tests.logins import login  # noqa: F401 fixture


@pytest.mark.django_db
def test_a_session_begins_with_the_times_of_its_process():
    options = settings.DATABASES["default"]["OPTIONS"]["options"]
    assert options == DEFAULTS["command"].options("command")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1h",)


@pytest.mark.django_db(transaction=True)
def test_the_web_s_times_end_statements_waits_and_idle_transactions(login):  # noqa: F811
    with (
        login(options=DEFAULTS["web"].options("web").replace("10s", "50ms").replace("15s", "200ms")) as web,
        login() as other,
    ):
        with pytest.raises(psycopg.errors.QueryCanceled):
            web.execute("SELECT pg_sleep(60)")
        other.execute("SELECT pg_advisory_lock(7)")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            web.execute("SELECT pg_advisory_lock(7)")
        assert web.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)
        assert web.execute("SHOW application_name").fetchone() == ("ecpd-web",)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (psycopg.errors.LockNotAvailable, "Somebody else is changing the same thing."),
        (psycopg.errors.DeadlockDetected, "Somebody else is changing the same thing."),
        (psycopg.errors.QueryCanceled, "That took too long"),
    ],
)
def test_who_waited_in_vain_reads_what_to_do(rf, error, words):
    from ecpd.web.middleware import ProblemMiddleware
    from ecpd.web.problems import api_exception_handler

    raised = OperationalError("x")
    raised.__cause__ = error("x")
    assert busy(raised).message.startswith(words)
    assert (
        ProblemMiddleware(lambda _: None)
        .process_exception(rf.get("/", headers={"hx-request": "true"}), raised)
        .status_code
        == 503
    )
    assert api_exception_handler(raised, {}).status_code == 503


def test_another_error_stays_a_bug(rf):
    raised = OperationalError("x")
    raised.__cause__ = psycopg.errors.DiskFull("x")
    assert busy(raised) is None
