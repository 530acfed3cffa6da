"""The list of cases: search, filters, sort, pages, CSV."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.filters import CaseFilter, counts
from cases.models import Case, NibrsOffense
from cases.numbers import exhibits_named, straight_to
from cases.selectors import case_list, cases_visible_to, closest
from ecpd.policy import engine as policy
from ecpd.web.pagination import filter_links
from ecpd.web.spreadsheet import csv_file
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
    """Cases this person may see; the number of an exhibit, search, lead or application leads straight to it."""
    words = request.GET.get("q", "").strip()
    if address := straight_to(request.user, words):
        return redirect(address)
    chosen = CaseFilter(request.GET, queryset=case_list(request.user), request=request)
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else "recent"
    found = chosen.qs.order_by(*SORTS[sort][1])
    if request.GET.get("_export") == "csv":
        policy.authorize(request.user, "case.export")
        return _csv(found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    exhibits = exhibits_named(page.object_list, words)
    return render(
        request,
        "cases/list.html",
        {
            "page": page,
            "rows": [(case, exhibits.get(case.pk)) for case in page],
            "words": words,
            "filtered": chosen.is_narrowed,
            "closest": closest(cases_visible_to(request.user), words) if words and not page.object_list else None,
            "order": SORTS[sort][0],
            "may_create": request.user.may("case.create"),
            "may_export": request.user.may("case.export") and page.paginator.count,
            **_links(request),
        },
    )


def _links(request: HttpRequest) -> dict:
    """The filters with how many cases each leaves."""
    found = counts(cases_visible_to(request.user), request.user)
    total = found["mine"][""]

    def choices(kinds, name: str) -> list[tuple[str, str, int]]:
        return [(value, label, found[name][value]) for value, label in kinds.choices if found[name].get(value)]

    return {
        "by_status": filter_links(request, "status", choices(Case.Status, "status"), total=total),
        "by_class": filter_links(request, "against", choices(NibrsOffense.Against, "against"), total=total),
        "mine": filter_links(request, "mine", [("1", "Mine", found["mine"]["1"])], total=total),
        "by_sort": filter_links(request, "sort", [(key, word, None) for key, (word, _) in SORTS.items()])[1:],
    }


def _csv(cases) -> HttpResponse:
    return csv_file("cases.csv", [COLUMNS, *(_cells(case) for case in cases.iterator(chunk_size=500))])


def _cells(case: Case) -> tuple:
    return (
        case.case_number, case.title, str(case.offense), case.get_status_display(),
        moment(case.occurred_at) if case.occurred_at else "",
        case.location, case.captain or "", "; ".join(a.user.short_name for a in case.active_assignments),
        moment(case.last_event_at),
    )  # fmt: skip
