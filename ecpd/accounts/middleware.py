"""AC-03: a session that lay idle for 30 minutes is locked. AC-01, AC-11, AC-12: a session that has not come the whole
way opens nothing.
"""

import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ecpd.accounts import rescue, standing
from ecpd.accounts.factors import has_factor
from ecpd.accounts.models import User
from ecpd.accounts.standing import LAST_SEEN

# All that an account without a second factor reaches: setting one up, and leaving.
SET_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"})
RESCUE = frozenset({"account_rescue"})  # once it had one, a rescue's code comes first


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


class SecondFactorMiddleware:
    """A session counts as its person's once it has passed the second factor and the notice, for twelve hours.

    Until then the request is nobody's, whatever it asks for. Only an account that has no second factor yet is itself
    again on the pages that set one up. A session that can come no further ends: it is from before the account had its
    second factor, or over.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not standing.is_full(request, request.user):
            self._take_away(request, cast(User, request.user))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func, view_args, view_kwargs) -> HttpResponse | None:
        """Give the set-up pages their person back; lead every other page of the house to them."""
        person = getattr(request, "half_signed_in", None)
        if person is None:
            return None
        pages, first = (SET_UP, "mfa_index") if rescue.way(request, person) == "set_up" else (RESCUE, "account_rescue")
        if request.resolver_match.view_name in {*pages, "account_logout"}:
            request.user = person
            return None
        return redirect(first) if getattr(view_func, "login_required", True) else None

    def _take_away(self, request: HttpRequest, person: User) -> None:
        over = standing.is_over(request, person)
        if over or has_factor(person):
            logout(request)
            request.session["ecpd_over"] = over
            return
        request.half_signed_in = person  # type: ignore[attr-defined]
        request.user = AnonymousUser()
