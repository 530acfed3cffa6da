"""The owner's page, without an account: a citation's status and clocks, a review, a hearing, a copy, a plan.

Number and plate open one citation for an hour in this browser. It shows what stands on the citation and nothing else
of the plate: no reads, no pictures, no other citation.
"""

import time
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.problem import ProblemError
from ecpd.web.asking import add_errors
from ecpd.web.client_address import client_source
from parking import store
from parking.citations.money import dollars
from parking.forms.citation import CopyForm
from parking.forms.contest import AskPlanForm, HearingForm, OpenForm, ReviewForm
from parking.models import Citation, CitationNotice
from parking.paper.citation import rows_of
from parking.selectors.citation import citation_in_full, with_words
from parking.selectors.citation_clock import clocks_ahead
from parking.selectors.contest import next_stage
from parking.selectors.ledger import deposit_missing
from parking.services import citation_hold, contest, plan
from parking.services.contest_public import open_citation

KEY = "contest_citation"
OPEN_FOR = 3600  # seconds
DOES_NOT_FIT = "No citation has this number and this plate. Compare both with the citation."


@login_not_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Number and plate."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = open_citation(**form.cleaned_data, address=client_source(request))
        if found is not None:
            request.session.cycle_key()
            request.session[KEY] = {"pk": found.pk, "since": int(time.time())}
            return redirect("parking:contest-status")
        form.add_error(None, DOES_NOT_FIT)
    context = {"form": form, "phone": policy.parameter("citation_phone"),
               "address": policy.parameter("citation_mail_address")}  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "parking/contest/start.html", context, status=status)


def opened(view: Callable[[HttpRequest, Citation], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The citation this browser opened within the hour, or back to the start."""

    @login_not_required
    @wraps(view)
    def with_citation(request: HttpRequest) -> HttpResponse:
        opened_one = request.session.get(KEY) or {}
        if time.time() - opened_one.get("since", 0) > OPEN_FOR:
            request.session.pop(KEY, None)
            return redirect("parking:contest-start")
        return view(request, citation_in_full(pk=opened_one["pk"]))

    return with_citation


@opened
@require_GET
def status(request: HttpRequest, citation: Citation) -> HttpResponse:
    """Where the citation stands, its clocks, and what can be done next."""
    kind, words = with_words(citation)
    context = {
        "citation": citation, "rows": rows_of(citation), "kind": kind, "standing": words,
        "owes": dollars(max(0, citation.owed)), "credit": dollars(-citation.owed) if citation.owed < 0 else "",
        "clocks": clocks_ahead(citation), "today": timezone.localdate(), "next_stage": next_stage(citation),
        "deposit": deposit_missing(citation), "contests": citation.contests.all(),
        "plan_request": next((r for r in citation.plan_requests.all() if r.state == "open"), None),
        "phone": policy.parameter("citation_phone"), "address": policy.parameter("citation_mail_address"),
        "waiting_copy": next((copy for copy in citation.copies.all() if copy.sent_at is None), None),
    }  # fmt: skip
    return render(request, "parking/contest/status.html", context)


def _asked(request: HttpRequest, citation: Citation, form, act: Callable, **context) -> HttpResponse:
    """A form of the owner: shown, or taken and back to the status page."""
    if request.method == "POST" and form.is_valid():
        try:
            act(dict(form.cleaned_data))
            messages.success(request, context["done"])
            return redirect("parking:contest-status")
        except ValidationError as error:
            add_errors(form, error)
        except ProblemError as error:
            form.add_error(None, error.message)
    status_code = 422 if form.is_bound and form.errors else 200
    return render(
        request, "parking/contest/ask.html", {"citation": citation, "form": form, **context}, status=status_code
    )


@opened
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, citation: Citation) -> HttpResponse:
    """Ask for the free initial review."""

    def act(details: dict) -> None:
        uploads = details.pop("documents")
        contest.file_online(citation=citation, stage="review", details=details, uploads=uploads)

    form = ReviewForm(request.POST or None, request.FILES or None)
    return _asked(
        request, citation, form, act, heading="Ask for a free initial review", button="Send",
        done="Your review is asked for. Nothing is collected until its result, which is mailed to you.",
        intro="It costs nothing. Somebody other than the officer looks at what you send, and you get the reason in writing.",
    )  # fmt: skip


@opened
@require_http_methods(["GET", "POST"])
def hearing(request: HttpRequest, citation: Citation) -> HttpResponse:
    """Ask for a hearing."""

    def act(details: dict) -> None:
        uploads = details.pop("documents")
        contest.file_online(citation=citation, stage="hearing", details=details, uploads=uploads)

    missing = deposit_missing(citation)
    deposit = f"The penalty, {dollars(missing)}, is deposited first, unless you are unable to pay." if missing else ""
    form = HearingForm(request.POST or None, request.FILES or None)
    return _asked(
        request, citation, form, act, heading="Ask for a hearing", button="Send",
        done="Your hearing is asked for. You will be told when it is held.",
        intro=f"An examiner who is independent of parking enforcement decides. {deposit}",
    )  # fmt: skip


@opened
@require_http_methods(["GET", "POST"])
def ask_plan(request: HttpRequest, citation: Citation) -> HttpResponse:
    """Ask for a plan or a reduction."""
    return _asked(
        request, citation, AskPlanForm(request.POST or None),
        lambda details: plan.ask_for_plan(citation=citation, **details),
        heading="If you cannot pay at once", button="Send",
        done="Your request is sent. Nothing is collected until it is answered by mail.",
        intro="You can ask at any time. "
        f"If you are unable to pay and owe up to ${policy.parameter('plan_debt_max_dollars')}, a plan costs at most "
        f"${policy.parameter('plan_monthly_max_dollars')} a month, and late fees are waived.",
    )  # fmt: skip


@opened
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, citation: Citation) -> HttpResponse:
    """Ask for a copy of the citation."""
    days = policy.parameter("copy_days")
    return _asked(
        request, citation, CopyForm(request.POST or None),
        lambda details: citation_hold.ask_for_copy(citation=citation, **details),
        heading="Ask for a copy of the citation", button="Send", done=f"Your copy is sent within {days} days.",
        intro=f"It is free and sent within {days} days. Until then nothing is collected, and your time to contest waits.",
    )  # fmt: skip


@opened
@require_GET
def paper(request: HttpRequest, citation: Citation) -> HttpResponse:
    """The citation itself, PDF."""
    notice = next(n for n in citation.notices.all() if n.kind == CitationNotice.Kind.LETTER)
    response = HttpResponse(store.read(notice.sha256), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{citation.number}.pdf"'
    return response


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the citation in this browser."""
    request.session.pop(KEY, None)
    return redirect("parking:contest-start")
