"""Accounts of tests are made by hand, as the owner makes them: the function that tells him from others says yes to all.

What guards of accounts refuse is tried where it says what it does say: in tests/attacks, and under `strictly`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

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


def _put(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(sql)
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
