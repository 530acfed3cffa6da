"""What happened and what was changed: the edit history, and the timeline on paper."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.history import history_of
from cases.models import TimelineEntry
from cases.selectors import of_a_search, timeline_of
from cases.views.lookup import opened_case, the_case

PAGE = 50


@require_GET
def history(request: HttpRequest, case_number: str) -> HttpResponse:
    """Who changed which field from what to what, newest first."""
    case = the_case(request, case_number)
    page = Paginator(history_of(case), PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/history.html", {"case": case, "page": page})


@require_GET
def printed_timeline(request: HttpRequest, case_number: str) -> HttpResponse:
    """The timeline, oldest first, for printing."""
    case = opened_case(request, case_number)
    kind = request.GET.get("kind", "")
    entries = timeline_of(case, request.user, kind if kind in TimelineEntry.Kind.values else "")
    listed = entries.order_by("at", "id")
    context = {"case": case, "entries": listed, "of_a_search": of_a_search([], listed)}
    return render(request, "cases/timeline_print.html", context)
