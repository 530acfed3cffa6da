"""An agency, its street and an area over both sides of it."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from tests.factories import parking as make
from tests.parking.permits import making


@pytest.fixture
def agency(db):
    """People, a published policy, a reader, a street with four-hour zones."""
    made = make.agency()
    made.zones = make.street(made.manager)
    return made


@pytest.fixture
def manager(agency):
    """Who decides on permits."""
    return agency.manager


@pytest.fixture
def area(agency):
    """Area A: both sides of the street."""
    return making.area(list(agency.zones.values()))


@pytest.fixture
def residential(manager, area):
    """Rules of a residential permit of area A."""
    return making.terms(manager, [area])


@pytest.fixture
def visitor(manager, area):
    """Rules of a visitor permit: guests of eight hours, five visits."""
    return making.terms(manager, [area], kind="visitor", guest_hours=8, guest_visits_max=5, documents="")


@contextmanager
def as_owner():
    """A cursor of the database's owner with triggers off, for moving time; afterwards everything holds again."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


@pytest.fixture
def moved_back(db):
    """Moves a permit and its plates so many days into the past."""

    def move(permit, days: int) -> None:
        with as_owner() as cursor:
            for table, column in (("parking_permit", "id"), ("parking_permitplate", "permit_id")):
                cursor.execute(
                    f"UPDATE {table} SET begins = begins - make_interval(days => %s),"
                    f" ends = ends - make_interval(days => %s) WHERE {column} = %s",
                    [days, days, permit.pk],
                )
        permit.refresh_from_db()

    return move
