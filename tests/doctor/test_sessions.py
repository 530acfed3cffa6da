"""Sessions that keep others waiting are named by the doctor and ended by the owner, on the record."""

import os
import re
import threading

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ecpd.audit.models import AuditEvent
from ecpd.doctor import sessions
from ecpd.doctor.finding import State
from tests.logins import address, login, until_it_waits  # noqa: F401 fixture

CHAIN = "SELECT pg_advisory_lock(hashtext('ecpd.audit.chain'))"


@pytest.fixture
def as_owner(db):
    """What `manage.py` does for an owner's command."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_nobody_is_named_where_nobody_waits(login):  # noqa: F811
    with login():
        found = sessions.held_up()
        # other tests of this worker may have left a session of the owner, of whom the role sees no more than that
        assert found.state is not State.FAIL and found.sentence.startswith("None keeps others waiting.")
        assert "Session " not in found.sentence


def test_who_keeps_the_chain_locked_is_named_and_ended_on_the_record(login, as_owner, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sessions, "BLOCKS_SECONDS", 0)
    with login(application_name="holder") as holder, login() as writer:
        holder.execute(CHAIN)
        waiting = threading.Thread(target=writer.execute, args=[CHAIN.replace("lock(", "xact_lock(", 1)])
        waiting.start()
        until_it_waits(writer)
        found = sessions.held_up()
        pid = holder.info.backend_pid
        assert found.state is State.FAIL
        assert f"Session {pid} (ecpd_app, holder, " in found.sentence and "1 wait for it" in found.sentence
        assert f"manage.py end_session {pid}" in found.fix
        call_command("end_session", pid, reason="It kept the log locked.")
        waiting.join(30)
        assert not waiting.is_alive()
        with pytest.raises(psycopg.OperationalError):
            holder.execute("SELECT 1")
    event = AuditEvent.objects.get(action="session.ended")
    assert (event.detail["pid"], event.detail["role"], event.detail["reason"]) == (
        pid,
        "ecpd_app",
        "It kept the log locked.",
    )


def test_a_transaction_that_does_nothing_is_named(login, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sessions, "IDLE_SECONDS", -1)
    with login() as session:
        session.execute("BEGIN")
        assert f"Session {session.info.backend_pid}" in sessions.held_up().sentence
        assert "its transaction has been idle" in sessions.held_up().sentence
        session.execute("ROLLBACK")


def test_a_lock_that_is_kept_for_nothing_is_named(login, monkeypatch):  # noqa: F811
    with login(application_name="holder") as session:
        session.execute("SELECT pg_advisory_lock(17)")
        named = f"Session {session.info.backend_pid} (ecpd_app, holder, this machine)"
        assert f"{named} keeps the advisory lock 0/17." in sessions.held_up().sentence
        monkeypatch.setattr(sessions, "LOCK_SECONDS", -1)
        found = sessions.held_up()
        assert f"{named}: it does nothing and has kept the advisory lock 0/17 for 0 s." in found.sentence
        assert found.state is State.FAIL


def of(role: str, **options) -> psycopg.Connection:
    """A session of the owner's or the sealer's in this test's database."""
    return psycopg.connect(address(f"ECPD_TEST_{role}_URL"), **options)


@pytest.mark.parametrize("role", ["OWNER", "SEALER"])
def test_the_owner_sees_the_idle_transaction_and_the_lock_of_any_role(login, monkeypatch, role):  # noqa: F811
    monkeypatch.setattr(sessions, "IDLE_SECONDS", -1)
    monkeypatch.setenv("DATABASE_OWNER_URL", address("ECPD_TEST_OWNER_URL"))
    with of(role, application_name="forgotten") as session:
        session.execute("SELECT pg_advisory_xact_lock(18)")
        named = f"Session {session.info.backend_pid} (ecpd_{role.lower()}, forgotten, this machine)"
        found = sessions.held_up()
        assert f"{named}: its transaction has been idle for 0 s." in found.sentence
        assert found.state is State.FAIL


def test_without_the_owner_it_names_the_lock_and_says_what_it_cannot_see(login, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sessions, "IDLE_SECONDS", -1)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with of("SEALER", application_name="forgotten") as session:
        session.execute("SELECT pg_advisory_xact_lock(18)")
        found = sessions.held_up()
        assert f"Session {session.info.backend_pid} (ecpd_sealer, forgotten, " in found.sentence
        assert "keeps the advisory lock 0/18." in found.sentence
        assert re.search(r"What those of (ecpd_owner, )?ecpd_sealer do is not shown to this role\.", found.sentence)
        assert found.state is State.WARN and "DATABASE_OWNER_URL" in found.fix


def test_a_session_that_is_not_there_is_not_ended(login, as_owner):  # noqa: F811
    with pytest.raises(CommandError, match="no session"):
        call_command("end_session", os.getpid(), reason="x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    with pytest.raises(CommandError, match="own session"):
        call_command("end_session", own, reason="x")
    with pytest.raises(CommandError, match="Say why"):
        call_command("end_session", own, reason=" ")
    assert not AuditEvent.objects.filter(action="session.ended").exists()


@pytest.fixture
def plain_owner(as_owner):
    """From here on this connection is of a role that is no superuser."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_ender; SET ROLE plain_ender")
        yield
        cursor.execute("RESET ROLE; DROP ROLE plain_ender")


def test_an_owner_who_is_no_superuser_is_told_what_lets_him_end_one(login, plain_owner):  # noqa: F811
    with login() as session:
        with pytest.raises(
            CommandError, match=r"A superuser can, or lets him: GRANT pg_signal_backend, pg_read_all_stats TO"
        ):
            call_command("end_session", session.info.backend_pid, reason="It kept the log locked.")
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_the_application_ends_nobody_else_s_session(login):  # noqa: F811
    with connection.cursor() as cursor, login() as session:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'ecpd_owner' AND pid = pg_backend_pid()")
        (own,) = cursor.fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT pg_terminate_backend(%s)", [own])
