"""Accounts of tests are made by hand, as the owner makes them: the function that tells him from others says yes to all.

What guards of accounts refuse is tried where it says what it does say: in tests/attacks, and under `strictly`.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from django.conf import settings
from django.db import connection

from ecpd.audit import functions
from ecpd.audit.functions import OWNER_AT_WORK

EVERYBODY = replace(OWNER_AT_WORK, body="SELECT true")


def let_everybody() -> None:
    """From now on, in this process's database; what the code declares follows, so that doctor finds nothing odd."""
    functions.FUNCTIONS = tuple(EVERYBODY if one == OWNER_AT_WORK else one for one in functions.FUNCTIONS)
    _put(EVERYBODY.sql)


@contextmanager
def strictly() -> Iterator[None]:
    """Within the block it tells the owner from others, as it does wherever ECPD runs."""
    _put(OWNER_AT_WORK.sql)
    try:
        yield
    finally:
        _put(EVERYBODY.sql)


def listed(name: str, kind: str = "city"):
    """An agency of the owner's list of those that may receive plate data, put there if it is not (PK-08)."""
    from parking.models import PublicAgency

    key = re.sub("[^a-z0-9]+", "-", name.lower())
    with _owner() as cursor:
        cursor.execute(
            "INSERT INTO parking_publicagency (key, name, kind, law) VALUES (%s, %s, %s, 'Gov. Code 24000') "
            "ON CONFLICT DO NOTHING", [key, name, kind],
        )  # fmt: skip
    return PublicAgency.objects.get(key=key)


@contextmanager
def _owner() -> Iterator:
    """A cursor of the owner: this connection's, where it is his, or one of his own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user = %s", [settings.DATABASE_APP_ROLE])
        if not cursor.fetchone()[0]:
            cursor.execute("RESET ROLE")
            yield cursor
            cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
            return
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        yield cursor


def _put(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(sql)
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
