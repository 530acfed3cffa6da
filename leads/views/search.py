"""The list of searches, one search live and done, its print, and what can be done with it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases.numbers import straight_to
from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.selectors import reads_decisions_of
from ecpd.web.pagination import filter_links
from ecpd.web.spreadsheet import csv_file
from ecpd.web.words import moment
from leads.models import Candidate, SearchRequest
from leads.models.lead import LEAD_ONLY
from leads.selectors.dark import OPENS, dark_among, in_his_order, is_dark
from leads.selectors.search import candidates_of, counts_by, left_aside, search_list
from leads.selectors.self_opened import VEILED as VEILED_AS
from leads.selectors.self_opened import WAITS, is_veiled_for, why_veiled
from leads.services.replay import replay_search
from leads.services.search import cancel_search
from leads.views import result
from leads.views.lookup import allowed_role, person, the_search

PAGE = 25
VEILED = "Veiled"  # in place of a number
COLUMNS = ("Number", "Case", "Requested", "By", "Purpose", "Probe", "Facts", "State", "Gallery", "At or above the bar",
           "Decision", "Notice")  # fmt: skip


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Searches of the cases this person may see, newest first; as CSV for who may export the log."""
    allowed_role(request, "search.view")
    everything = search_list(person(request))
    found = _filtered(everything, request)
    if request.GET.get("_export") == "csv":
        policy.authorize(person(request), "search.export")
        return _csv(found, person(request))
    words = request.GET.get("q", "").strip()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    if words and not page.object_list and (address := straight_to(person(request), words)):
        return redirect(address)
    states, purposes = counts_by(everything, "state"), counts_by(everything, "purpose")
    return render(
        request,
        "leads/search/list.html",
        {
            "page": page,
            "dark": dark_among(page.object_list, person(request)),
            "words": words,
            "filtered": any(request.GET.get(name) for name in ("q", "state", "purpose", "mine")),
            "by_state": filter_links(request, "state", _choices(SearchRequest.State, states)),
            "by_purpose": filter_links(request, "purpose", _choices(SearchRequest.Purpose, purposes)),
            "may_export": policy.allows(person(request), "search.export"),
        },
    )


def _filtered(searches, request: HttpRequest):
    chosen = {name: request.GET[name] for name in ("state", "purpose") if request.GET.get(name)}
    words = request.GET.get("q", "").strip()
    if words:
        by_name = Q(requested_by__last_name__icontains=words) | Q(case__title__icontains=words)
        searches = searches.filter(Q(number__icontains=words) | Q(case__case_number__icontains=words) | by_name)
    return searches.filter(**chosen)


def _choices(kinds, counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(value, label, counts[value]) for value, label in kinds.choices if counts.get(value)]


def _csv(searches, user: User) -> HttpResponse:
    return csv_file("searches.csv", [COLUMNS, *(_cells(search, user) for search in searches.iterator(chunk_size=500))])


def _cells(search: SearchRequest, user: User) -> tuple:
    above = "" if search.above_bar is None else search.above_bar
    return (
        search.number, search.case.case_number, moment(search.requested_at), search.requested_by.display_name,
        search.get_purpose_display(), search.probe.label, search.facts, search.get_state_display(),
        search.gallery_size or "", VEILED if is_veiled_for(search, user) else above, search.decision_id or "",
        LEAD_ONLY,
    )  # fmt: skip


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One search: live while it runs, its candidates once it is done. Opening the result is recorded."""
    search = the_search(request, number, recorded=True)
    return render(request, "leads/search/detail.html", _shown(request, search))


@require_GET
def print_record(request: HttpRequest, number: str) -> HttpResponse:
    """The record of a search for paper."""
    search = the_search(request, number, recorded=True)
    return render(request, "leads/search/print.html", _shown(request, search))


def _shown(request: HttpRequest, search: SearchRequest) -> dict:
    user, replay = person(request), search.replays.select_related("by").first()
    veiled = is_veiled_for(search, user)
    if not veiled and is_dark(search, user):
        return _kept(request, search, in_his_order(search, user))
    listed = list(candidates_of(search)) if search.is_over and not veiled else []
    return {
        "search": search,
        "headline": "The result is veiled" if veiled else result.headline(search, len(listed)),
        "veiled": why_veiled(search) if veiled or search.stands in VEILED_AS else "",
        "closed": veiled,
        "accept_by": search.accept_by if search.stands == WAITS else None,
        "candidates": result.rows(search, listed, user) if listed else [],
        "above": search.above_bar,
        "bar": f"{search.threshold:g}" if search.threshold is not None else "",
        "probe_rows": result.probe_rows(search),
        "request_rows": result.request_rows(search),
        "ran_rows": result.ran_rows(search),
        "meaning": result.meaning(search, listed) if search.state == SearchRequest.State.DONE and not veiled else None,
        "may_cancel": not search.is_over and policy.allows(user, "search.cancel", search),
        "may_replay": search.state == SearchRequest.State.DONE and policy.allows(user, "search.replay", search),
        "replay": replay,
        "left_aside": left_aside(listed, replay) if replay else 0,
        "listed": len(listed),
        "may_read_decision": bool(search.decision_id) and reads_decisions_of(user, search.requested_by_id),
        "may_rerun": search.is_over and user.may("search.request"),
        "rerun_url": reverse("leads:search-request", args=[search.case.case_number]),
        **result.progress(search),
    }


def _kept(request: HttpRequest, search: SearchRequest, listed: list[Candidate]) -> dict:
    """The page of a list whose faces this person may compare first: their places in random order, and nothing of them."""
    faces = result.places(search, listed)
    return {
        "search": search,
        "dark": True,
        "accept_by": search.accept_by if search.stands == WAITS else None,
        "headline": result.dark_headline(len(listed)),
        "faces": faces,
        "compared": sum(one["done"] for one in faces),
        "following": result.following(faces),
        "probe_rows": result.probe_rows(search),
        "request_rows": result.request_rows(search),
        "ran_rows": result.ran_rows(search),
        "may_read_decision": bool(search.decision_id) and reads_decisions_of(person(request), search.requested_by_id),
        "may_rerun": person(request).may("search.request"),
        "rerun_url": reverse("leads:search-request", args=[search.case.case_number]),
        **result.progress(search),
    }


@require_POST
def open_list(request: HttpRequest, number: str) -> HttpResponse:
    """Open the whole list before its faces are compared, on the record; who does examines none of them (FR-08)."""
    search = the_search(request, number, result=True)
    policy.authorize(person(request), OPENS, search)
    messages.success(request, "The list is open to you. A colleague who has not opened it compares its faces.")
    return redirect(search)


@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The live panel (htmx). Once the search is over, the page is asked to open anew."""
    search = the_search(request, number)
    if search.is_over:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    may_cancel = policy.allows(person(request), "search.cancel", search)
    shown = {"search": search, "may_cancel": may_cancel, **result.progress(search)}
    return render(request, "leads/search/_progress.html", shown)


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Stop a search that is not over."""
    search = the_search(request, number)
    cancel_search(search=search, actor=person(request))
    messages.success(request, f"{search} is canceled. The request stays on the record.")
    return redirect(search)


@require_POST
def replay(request: HttpRequest, number: str) -> HttpResponse:
    """Run the same comparison again, over the gallery as it was, and say whether the list is the same."""
    search = the_search(request, number)
    if replay_search(search=search, actor=person(request)).same:
        messages.success(request, "Replayed: the same candidates in the same order.")
    else:
        messages.error(request, "Replayed: the list differs from the one kept. The difference is recorded.")
    return redirect(search)
