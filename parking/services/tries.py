"""Limits on tries of the public pages: counted by the one who tries, slowed and never closed.

Whoever guesses at a citation or a guest code is slowed down; nobody can keep somebody else out by guessing for him.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from ecpd.policy import engine as policy
from ecpd.problem import ProblemError

HOUR, PAUSE = timedelta(hours=1), timedelta(minutes=1)


class TooManyTries(ProblemError):
    """More tries than the manual lets one address have in an hour, and less than a minute after the last."""

    code = "too_many_tries"
    title = "Too many tries"
    status = 429


def keyed(value: str) -> str:
    """A keyed hash of an address, for counting only."""
    return hmac.new(settings.SECRET_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


def one_at_a_time(key: str) -> None:
    """Wait for the other tries of the same key, until the transaction ends: a hundred at once are counted as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('parking.tries'), hashtext(%s))", [key])


def refuse_too_fast(last_hour: Sequence[datetime], *, free: int, now: datetime) -> None:
    """`free` tries an hour, then one a minute. `last_hour` are the times of those that count. Raises TooManyTries."""
    if len(last_hour) >= free and now - max(last_hour) < PAUSE:
        phone = policy.parameter("citation_phone")
        raise TooManyTries(f"That was tried too often. Wait a minute, then try once more, or call {phone}.")
