"""AC-03: a session that lay idle for 30 minutes is locked."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

LAST_SEEN = "ecpd_last_seen"


class IdleLockMiddleware:
    """Signs the person out when the last request of the session is older than settings.IDLE_LOCK_SECONDS.

    A page that polls by itself (the live progress of a search sends `X-ECPD-Poll`) does not count as activity.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._lock_or_touch(request)
        return self.get_response(request)

    def _lock_or_touch(self, request: HttpRequest) -> None:
        now = int(time.time())
        last_seen = request.session.get(LAST_SEEN, now)
        if now - last_seen > settings.IDLE_LOCK_SECONDS:
            logout(request)
            request.session["ecpd_locked"] = True
        elif not request.headers.get("X-ECPD-Poll") and (now - last_seen >= 15 or LAST_SEEN not in request.session):
            request.session[LAST_SEEN] = now
