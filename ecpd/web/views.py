"""The dashboard, and whether the service is well."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from ecpd import backlog, queue
from ecpd.accounts.models import User
from ecpd.web import dashboard, nav
from ecpd.web.certificates import lines_for
from ecpd.web.words import how_many


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person signed in. Roles without a dashboard go to their first page."""
    user = cast(User, request.user)  # LoginRequiredMiddleware let nobody else through
    items = nav.items_for(user.role_names, request.path)
    if items and all(item.url != request.path for item in items):
        return redirect(items[0].url)
    board = dashboard.board_for(user)
    return render(
        request,
        "web/home.html",
        {
            "board": board,
            "headline": _headline(len(board.your_turn)),
            "due": _due(board.due_today),
            "certificates": lines_for(user),
            "today": timezone.localdate(),
            "finds_cases": user.may("case.view"),
        },
    )


@login_not_required
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@login_not_required
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Database and broker answer, and no work waits too long for a worker; 503 when not."""
    missing = [] if queue.broker_answers() else ["broker"]
    try:
        late = [str(wait) for wait in backlog.late()]
    except DatabaseError:
        missing, late = ["database", *missing], []
    if not missing and not late:
        return JsonResponse({"status": "ready"})
    return JsonResponse({"status": "not ready", "missing": missing, "late": late}, status=503)


def _headline(count: int) -> str:
    if not count:
        return "Nothing waits for you"
    return f"{how_many(count)} thing{'s wait' if count > 1 else ' waits'} for you"


def _due(count: int) -> str:
    return f"{how_many(count)} {'is' if count == 1 else 'are'} due today." if count else ""
