"""A person's own sessions: looked at, and ended."""

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from ecpd.accounts import sessions
from ecpd.accounts.models import User


@require_GET
def list_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in: device, address, since when, last seen."""
    lines = sessions.lines_of(request, cast(User, request.user))
    return render(request, "account/sessions.html", {"lines": lines})


@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own; ending this very one is signing out."""
    user = cast(User, request.user)
    session = get_object_or_404(UserSession, pk=pk, user=user)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    sessions.end_one(user=user, session=session)
    messages.success(request, "That session is ended.")
    return redirect("account_sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    sessions.end_others(request=request, user=cast(User, request.user))
    messages.success(request, "All your other sessions are ended.")
    return redirect("account_sessions")
