"""Real sessions of the application's role beside the test's own, for races and for locks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from tests import waiting


def address(whose: str = "ECPD_TEST_APP_URL") -> str:
    """Where the application's role, or another one, signs in to this test's database."""
    parts = urlsplit(os.environ[whose])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def signed_in(**options) -> Iterator[psycopg.Connection]:
    """A session that commits by itself unless told otherwise; ended with the block."""
    with psycopg.connect(address(), autocommit=True, **options) as session:
        yield session
        if not session.closed and session.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            session.rollback()


@pytest.fixture
def login(transactional_db):
    """`with login() as session:` another session of the application's role, over a login of its own."""
    return signed_in


def waits(session: psycopg.Connection) -> bool:
    """Whether it waits for somebody's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [session.info.backend_pid]
        )
        return bool(cursor.fetchone()[0])


def until_it_waits(session: psycopg.Connection) -> None:
    """Return once it waits for a lock."""
    waiting.until(lambda: waits(session))
