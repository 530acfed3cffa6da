"""Both clocks moved together: Python's and the one by which the database judges (ecpd_now)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from ecpd.audit.functions import NOW


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment` and later, for the code and for guards; as the owner, who alone can do that."""
    apart = moment - timezone.now()
    _replace(f"SELECT clock_timestamp() + interval '{apart.total_seconds()} seconds'")
    try:
        with time_machine.travel(moment, tick=True):
            yield
    finally:
        _replace(NOW.body)


def _replace(body: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(NOW.sql.replace(NOW.body, body))
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
