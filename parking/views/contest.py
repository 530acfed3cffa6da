"""Contests for staff: the manager's queue, the examiner's hearings, one contest with its decision."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.policy import shown
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_errors, add_refusal, allowed_role, look, person, status_of
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for, said_by
from parking import store
from parking.citations.money import dollars
from parking.forms.citation import ReasonForm
from parking.forms.contest import CourtForm, DecideForm, EnterForm, MismatchForm, ScheduleForm
from parking.models import Contest, ContestDocument
from parking.paper.citation import rows_of
from parking.selectors.citation import citation_in_full
from parking.selectors.citation_clock import clocks_ahead
from parking.selectors.contest import contest_in_full, contests_listed, next_stage, waiting_hearings
from parking.selectors.shown import of_contest_page
from parking.services import contest as contests
from parking.services.contest import ACTION
from parking.views.citation_lookup import note, the_citation

PAGE = 30


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Contests by stage and state; those that wait first, the oldest on top."""
    allowed_role(request, "citation.view")
    stage, state = request.GET.get("stage", ""), request.GET.get("state", "open")
    found = contests_listed().order_by("filed_at")
    if stage in Contest.Stage.values:
        found = found.filter(stage=stage)
    if state in Contest.State.values:
        found = found.filter(state=state)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    note(request, "List of contests", {"stage": stage or "all", "state": state or "all"}, len(page.object_list))
    context = {
        "page": page, "heading": "Contests", "filtered": bool(stage or "state" in request.GET),
        "by_stage": filter_links(request, "stage", [(v, label, None) for v, label in Contest.Stage.choices]),
        "by_state": filter_links(request, "state", [("any", "Any state", None), *((v, label, None)
                                 for v, label in Contest.State.choices)], default="open"),
    }  # fmt: skip
    return render(request, "parking/contest/list.html", context)


@require_GET
def hearings(request: HttpRequest) -> HttpResponse:
    """Hearings that wait for an examiner."""
    allowed_role(request, "contest.hear")
    page = Paginator(waiting_hearings(), PAGE).get_page(request.GET.get("page"))
    note(request, "List of hearings", {"stage": "hearing", "state": "open"}, len(page.object_list))
    return render(request, "parking/contest/list.html", {"page": page, "heading": "Hearings",
                  "may_tows": person(request).may("tow.hear")})  # fmt: skip


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, number: str) -> HttpResponse:
    """Enter what came by mail, phone or at the counter."""
    allowed_role(request, "contest.file")
    citation = the_citation(request, number)
    form = EnterForm(request.POST or None, request.FILES or None, initial={"stage": next_stage(citation)})
    if request.method == "POST" and form.is_valid():
        details = dict(form.cleaned_data)
        stage, late, uploads = details.pop("stage"), details.pop("late_reason"), details.pop("documents")
        try:
            made = contests.file_contest(citation=citation, actor=person(request), stage=stage, details=details,
                                         uploads=uploads, late_reason=late)  # fmt: skip
            messages.success(request, "The contest is entered; collection is paused until its result.")
            return redirect(made)
        except ValidationError as error:
            add_errors(form, error)
    context = {"citation": citation, "form": form, "clocks": clocks_ahead(citation)}
    status = status_of(form)
    return render(request, "parking/contest/enter.html", context, status=status)


def _the_contest(request: HttpRequest, pk: int) -> Contest:
    try:
        contest = contest_in_full(pk)
    except Contest.DoesNotExist:
        raise Http404 from None
    look(request, "citation.view", contest.citation)
    return contest


def _form_for(contest: Contest, data):
    if contest.stage == Contest.Stage.COURT:
        return CourtForm(data)
    return MismatchForm(data) if contest.grounds == Contest.Grounds.MISMATCH else DecideForm(data)


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One stage: what the owner says, the citation, the clocks, the rules, and the decision."""
    contest, user = _the_contest(request, pk), person(request)
    form = _form_for(contest, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contests.decide(contest=contest, actor=user, shown=said_by(request), **form.cleaned_data)
            messages.success(
                request, "The result is recorded. Mail it: the owner's next clock starts with the mailing."
            )
            return redirect(contest)
        except PolicyDenied as denied:
            if not any(verdict.rule_id == shown.RULE for verdict in denied.blocking):
                raise
            add_refusal(form, denied)
            contest = _the_contest(request, pk)
    return _page(request, contest, form)


def _page(request: HttpRequest, contest: Contest, form: Any, **forms: Any) -> HttpResponse:
    """The page of a contest; `forms`: what was sent beside the result and refused, with what was typed."""
    user, action = person(request), ACTION[contest.stage]
    citation = contest.citation = citation_in_full(pk=contest.citation_id)  # the rules read it too
    note(request, f"{contest}", {"citation": citation.number})
    deciding = contest.state == Contest.State.OPEN and user.may(action)
    facts = {"outcome": "dismissed", "registration_matches": False}
    context = {
        "contest": contest, "citation": citation, "rows": rows_of(citation), "owes": dollars(max(0, citation.owed)),
        "clocks": clocks_ahead(citation), "form": form, "deciding": deciding,
        "shown_field": field_for(of_contest_page(contest, citation)),
        "verdicts": policy.explain(user, action, contest, "x" * 20, **facts) if deciding else [],
        "earlier": [c for c in citation.contests.all() if c.pk != contest.pk and c.state == "decided"],
        "schedule": ScheduleForm(auto_id="schedule_%s") if _may_schedule(contest, user) else None,
        "withdraw": ReasonForm(auto_id="withdraw_%s") if contest.state == "open" and user.may("contest.withdraw") else None,
    }  # fmt: skip
    return render(request, "parking/contest/detail.html", context | forms, status=422 if forms else status_of(form))


def _may_schedule(contest: Contest, user) -> bool:
    return contest.state == "open" and contest.stage == "hearing" and user.may("contest.schedule")


@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Set when a hearing is held."""
    contest, form = _the_contest(request, pk), ScheduleForm(request.POST, auto_id="schedule_%s")
    if form.is_valid():
        at, held_at = form.cleaned_data["at"], form.cleaned_data["held_at"]
        contests.schedule_hearing(contest=contest, actor=person(request), at=at, held_at=held_at)
        messages.success(request, "The hearing is set. Tell the owner.")
        return redirect(contest)
    allowed_role(request, "contest.schedule")
    return _page(request, contest, _form_for(contest, None), schedule=form)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the owner takes it back."""
    contest, form = _the_contest(request, pk), ReasonForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid():
        contests.withdraw(contest=contest, actor=person(request), **form.cleaned_data)
        messages.success(request, "Recorded. Collection is resumed.")
        return redirect(contest)
    allowed_role(request, "contest.withdraw")
    return _page(request, contest, _form_for(contest, None), withdraw=form)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document an owner sent, always as a download."""
    found = get_object_or_404(ContestDocument.objects.select_related("contest__citation"), pk=pk)
    look(request, "citation.view", found.contest.citation)
    response = HttpResponse(store.read(found.sha256), content_type=found.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
