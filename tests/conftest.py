"""What every test stands on: the application's database role, a real worker, a browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created

from ecpd.embedded import processes
from tests import clock, database, owners_hand, statics  # noqa: F401 what is made once serves everybody
from tests.brokers import dead_broker, sends_to, silent_broker  # noqa: F401 fixtures
from tests.logins import address
from tests.story import kept  # noqa: F401 a fixture

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_configure(config) -> None:
    """Passwords are hashed quickly here: hundreds of accounts are made, none of them matters. No example is timed."""
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _as_application(sender=None, connection=None, **kwargs) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Create the test database as its owner; from then on every connection has the application's privileges."""
    connection_created.connect(_as_application, dispatch_uid="tests.as_application")
    with django_db_blocker.unblock():
        _as_application(connection=connection)
        owners_hand.let_everybody()
    yield
    connection_created.disconnect(dispatch_uid="tests.as_application")
    with django_db_blocker.unblock():
        connection.close()


WRITTEN_ONCE = frozenset({"auth_group", "auth_permission", "django_content_type"})  # by post_migrate, as the owner


def _filled_without_reference(self, style, tables, **options) -> list[str]:
    """Empties what has rows; truncating every table would take longer than most tests.

    The owner's reference rows stay: after the flush the application's role could not write them again.
    """
    names = {table: self.quote_name(table) for table in tables if table not in WRITTEN_ONCE}
    asked = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name})" for table, name in names.items()]
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        filled = [table for (table,) in cursor.fetchall()]
    return [f"DELETE FROM {names[table]}" for table in filled]


def _flush_as_owner(self, sql_list) -> None:
    """Empty the tables between transactional tests: the application's role may not, and triggers forbid it."""
    from ecpd.policy import versions
    from parking.services.looking.memory import memory

    memory.forget()  # the rows that it was made of go
    with self.connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        try:
            for sql in sql_list:
                cursor.execute(sql)
            if any("policy_releasedefault" in sql for sql in sql_list):
                versions._write_defaults()  # the owner's data, which the application's role could not write again
        finally:
            cursor.execute("SET session_replication_role = origin")
            _as_application(connection=self.connection)


DatabaseOperations.sql_flush = _filled_without_reference
DatabaseOperations.execute_sql_flush = _flush_as_owner


def _seed_as_owner(*args, **kwargs) -> None:
    """After a flush the seeds that migrations plant are planted again, by who may; privileges stand as they were."""
    from cases import offenses
    from ecpd.accounts import roles
    from ecpd.policy import versions
    from leads.services import card

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        try:
            for seed in (versions.seed, roles.seed, offenses.seed, card.seed):
                seed()
        finally:
            _as_application(connection=connection)


flush.emit_post_migrate_signal = _seed_as_owner


@pytest.fixture
def owner_cursor(db):
    """A cursor with the owner's privileges and triggers switched off: for tampering with what nobody else could."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = origin")
        _as_application(connection=connection)


@pytest.fixture
def strictly(db) -> Iterator[None]:
    """Accounts are made as wherever ECPD runs: by decisions, or by the owner."""
    with owners_hand.strictly():
        yield


@pytest.fixture
def moved_to(db):
    """`with moved_to(moment):` both clocks stand at that moment and run on: the code's and the guards'."""
    return clock.moved_to


@pytest.fixture
def service_env() -> dict[str, str]:
    """The environment of a child process that works on this test's database as the application's role."""
    return {**os.environ, "DATABASE_URL": address(), "DATABASE_OWNER_URL": "", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def celery_worker_process(transactional_db, service_env, tmp_path):
    """A real worker in its own process, on this test's database and broker; ready when the fixture returns."""
    from ecpd.celery import app

    app.control.purge()
    log, name = tmp_path / "worker.log", f"tests-{os.getpid()}@worker"
    process = start_worker("celery,reads,alerts,pictures,opinions", name, log=log, env=service_env)
    try:
        _wait_for_worker(app, process, name, log)
        yield process
    finally:
        processes.stop(process, seconds=30)


def start_worker(queues: str, name: str, *, log: Path, env: dict[str, str]) -> subprocess.Popen:
    """Start a worker for some queues."""
    options = ["--queues", queues, "--concurrency", "1", "--hostname", name, "--loglevel", "INFO"]
    command = [sys.executable, "-m", "celery", "-A", "ecpd.celery", "worker", *options, "--without-gossip"]
    return processes.start([*command, "--without-mingle"], log=log, env=env, cwd=ROOT)


def _wait_for_worker(app, process: subprocess.Popen, name: str, log: Path) -> None:
    for _ in range(60):
        if process.poll() is not None:
            break
        if app.control.ping(destination=[name], timeout=1.0):
            return
    pytest.fail(f"The worker did not answer within a minute: {log.read_text()}")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A browser from PATH, or the reason for its absence."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("No browser on PATH: install chromium.")


@pytest.fixture(scope="session")
def shared_faces() -> Path:
    """The folder of 200 people, two photos each; only developers have it."""
    folder = SHARED / "faces"
    if not folder.is_dir():
        pytest.skip("The folder of faces for measuring is not here (../shared/faces).")
    return folder
