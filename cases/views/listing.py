"""The list of cases: search, filters, sort, pages, CSV."""

import csv

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.models import Case
from cases.selectors import case_list, matching
from ecpd.policy import engine as policy
from ecpd.web.pagination import filter_links
from ecpd.web.words import moment

PAGE = 25
SORTS = {
    "recent": ("Newest event first", ("-last_event_at", "-id")),
    "number": ("Newest number first", ("-year", "-serial")),
    "oldest": ("Oldest number first", ("year", "serial")),
    "title": ("By title", ("title", "id")),
}
COLUMNS = ("Case", "Title", "Offense", "Status", "Happened", "Place", "Captain", "Assigned", "Last event")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Cases this person may see."""
    visible = case_list(request.user)
    if request.GET.get("mine"):
        visible = visible.filter(assignments__user=request.user, assignments__ended_at__isnull=True)
    found = _filtered(matching(visible, request.GET.get("q", "")), request)
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else "recent"
    found = found.order_by(*SORTS[sort][1])
    if request.GET.get("_export") == "csv":
        policy.authorize(request.user, "case.export")
        return _csv(found)
    counts = dict(visible.order_by().values_list("status").annotate(n=Count("pk", distinct=True)))
    statuses = [(value, label, counts.get(value, 0)) for value, label in Case.Status.choices]
    return render(
        request,
        "cases/list.html",
        {
            "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "words": request.GET.get("q", ""),
            "filtered": any(request.GET.get(name) for name in ("q", "status", "mine")),
            "by_status": filter_links(request, "status", statuses, total=sum(counts.values())),
            "by_sort": filter_links(request, "sort", [(key, word, None) for key, (word, _) in SORTS.items()])[1:],
            "mine": filter_links(request, "mine", [("1", "Assigned to me", None)]),
            "order": SORTS[sort][0],
            "may_create": request.user.may("case.create"),
        },
    )


def _filtered(cases, request: HttpRequest):
    status = request.GET.get("status")
    return cases.filter(status=status) if status in Case.Status.values else cases


def _csv(cases) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cases.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for case in cases.iterator(chunk_size=500):
        writer.writerow(_safe(cell) for cell in _cells(case))
    return response


def _cells(case: Case) -> tuple:
    return (
        case.case_number, case.title, str(case.offense), case.get_status_display(), moment(case.occurred_at),
        case.location, case.captain or "", "; ".join(a.user.short_name for a in case.active_assignments),
        moment(case.last_event_at),
    )  # fmt: skip


def _safe(cell) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
