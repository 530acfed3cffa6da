"""An administrator, and somebody who signs in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from tests.factories.people import make_user


@pytest.fixture
def administrator(db) -> User:
    """R. Dunne, who manages accounts."""
    return make_user(Role.ADMINISTRATOR, rank="", first_name="R.", last_name="Dunne")


@pytest.fixture
def okafor(db) -> User:
    """An investigator."""
    return make_user(Role.INVESTIGATOR, username="okafor", first_name="Renee", last_name="Okafor")


@contextmanager
def owner(*, asleep: bool = False) -> Iterator[CursorWrapper]:
    """The database's owner, for as long as the block runs; with every trigger asleep where that is said."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"SET session_replication_role = {'replica' if asleep else 'origin'}")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
