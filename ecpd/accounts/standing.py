"""How far a session has come: its second factor (AC-01), the notice (AC-12), and its twelve hours (AC-11).

allauth notes in the session by what its person was authenticated, and when. Django signs sessions, so nobody who can
only write to the database can make one that stands.
"""

import time
from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from ecpd.accounts.models import User

NOTICE = "ecpd_notice"
LAST_SEEN = "ecpd_last_seen"  # seconds since 1970, in the session
RECENT_SECONDS = 300


def is_full(request: HttpRequest, user: User) -> bool:
    """Whether this session passed the second factor and the notice, as this person, in the last twelve hours."""
    passed = _times(request, user, lambda record: record["method"] == "mfa")
    return bool(passed) and has_acknowledged(request, user) and not is_over(request, user)


def is_over(request: HttpRequest, user: User) -> bool:
    """Whether it is twelve hours since the person signed in."""
    begun = _notice(request, user).get("at", 0.0)
    return time.time() - begun >= settings.SESSION_HOURS * 3600


def is_recent(request: HttpRequest, user: User, *, by_factor: bool) -> bool:
    """Whether the person was authenticated within five minutes, by the second factor where there is one."""
    times = _times(request, user, lambda record: record["method"] == "mfa" or not by_factor)
    return bool(times) and time.time() - times[-1] < RECENT_SECONDS


def note_set_up(request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    """Who has just shown a first factor to be theirs need not show it again."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, set_up=True)


def acknowledge(request: HttpRequest, user: User, digest: str) -> None:
    """The person has read the notice of use and agreed; from here on the twelve hours count."""
    request.session[NOTICE] = {"user": user.pk, "digest": digest, "at": time.time()}


def has_acknowledged(request: HttpRequest, user: User) -> bool:
    """Whether this session's person agreed to the notice."""
    return bool(_notice(request, user))


def _notice(request: HttpRequest, user: User) -> dict:
    noted = request.session.get(NOTICE) or {}
    return noted if noted.get("user") == user.pk else {}


def _times(request: HttpRequest, user: User, wanted: Callable[[dict], bool]) -> list[float]:
    return [record["at"] for record in get_authentication_records(request, user) if wanted(record)]
