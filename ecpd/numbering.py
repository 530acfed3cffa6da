"""Numbers by year that two people at once never share."""

from django.db import connection, models
from django.utils import timezone


def next_serial(model: type[models.Model], *, year: int | None = None) -> tuple[int, int]:
    """(year, serial) after the newest of this model, which has both fields. Call inside a transaction: the lock that
    keeps others waiting ends with it.
    """
    year = year or timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"numbering.{model._meta.db_table}"])
    newest = model._base_manager.filter(year=year).aggregate(top=models.Max("serial"))["top"] or 0
    return year, newest + 1


def number(prefix: str, year: int, serial: int, *, digits: int = 4) -> str:
    """The number as people say it: ("S-", 2026, 12) gives S-26-0012."""
    return f"{prefix}{year % 100:02d}-{serial:0{digits}d}"
