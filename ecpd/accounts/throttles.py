"""How many requests of the API a minute takes, counted in the database: workers and machines agree."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import Throttled
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import BaseThrottle

from ecpd.web.client_address import client_source

COUNT = """
INSERT INTO accounts_apiuse (key, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET minute = EXCLUDED.minute,
    count = CASE WHEN accounts_apiuse.minute = EXCLUDED.minute THEN accounts_apiuse.count + 1 ELSE 1 END
RETURNING count
"""


def count(key: str) -> int:
    """One request more in this minute; how many there were."""
    minute = timezone.now().replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key, minute])
        return cursor.fetchone()[0]


def left_of_minute() -> int:
    """Seconds until the next minute begins."""
    now = timezone.now()
    return int((now.replace(second=0, microsecond=0) + timedelta(minutes=1) - now).total_seconds()) + 1


def count_unknown(request) -> None:
    """A request of nobody, or with a key that opens nothing. Raises Throttled."""
    if count(f"source:{client_source(request)}") > settings.API_UNKNOWN_A_MINUTE:
        raise Throttled(wait=left_of_minute())


class PerMinute(BaseThrottle):
    """So many a minute for each token, and for each account that comes with its session."""

    def allow_request(self, request, view) -> bool:
        """Whether this one is taken."""
        key = f"token:{request.auth.pk}" if request.auth else f"account:{request.user.pk}"
        return count(key) <= settings.API_A_MINUTE

    def wait(self) -> float:
        """For the answer's Retry-After."""
        return left_of_minute()


class SignedIn(IsAuthenticated):
    """Nobody comes in unknown, and whoever tries is counted."""

    def has_permission(self, request, view) -> bool:
        """Raises Throttled after too many tries."""
        if super().has_permission(request, view):
            return True
        count_unknown(request)
        return False
