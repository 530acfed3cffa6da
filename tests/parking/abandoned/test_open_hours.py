"""The agency's hours in the database are those of `parking.abandoned.clocks`, day by day."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection

from parking.abandoned.clocks import PACIFIC, does_not_count, open_hours_after
from parking.abandoned.open_hours_v1 import DAYS

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 1, 1), date(2050, 12, 31)


def every_day() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def test_the_holidays_in_the_database_are_those_that_are_known():
    known = [day.isoformat() for day in every_day() if day.weekday() < 5 and does_not_count(day)]
    assert list(DAYS) == known, "The package knows other holidays: write version 2 of the function, and a migration."


def test_the_database_counts_the_same_hours():
    moments = [
        datetime.combine(FIRST + timedelta(days=step), time(step % 24, step % 60), PACIFIC)
        for step in range(0, 6000, 7)
    ]
    with connection.cursor() as cursor:
        for hours in (1, 48):
            cursor.execute(
                "SELECT ecpd_open_hours_after(m, %s) FROM unnest(%s::timestamptz[]) WITH ORDINALITY AS u(m, n) ORDER BY n",
                [hours, moments],
            )
            assert [row[0] for row in cursor.fetchall()] == [open_hours_after(at, hours) for at in moments]
