"""What is done to a citation after its issue, each on a small page of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ecpd.policy.shown import Parts, of_row
from ecpd.web.asking import allowed_role, carried_out, person
from ecpd.web.shown import field_for
from parking.citations.money import dollars
from parking.forms.citation import CopyForm, ReasonForm
from parking.forms.ledger import MoveForm, PaymentForm
from parking.forms.plan import PlanForm, ReductionForm
from parking.models import CitationCopy, CitationHold, LedgerEntry, PlanCitation, PlanRequest
from parking.selectors.citation import open_on_plate
from parking.selectors.shown import of_citation_page
from parking.services import citation as citations
from parking.services import citation_hold as holds
from parking.services import ledger, plan
from parking.views.citation_lookup import the_citation


def _asked(
    request: HttpRequest, citation, form: Form, act: Callable[..., Any], *, heading: str, button: str, done: str,
    intro: str = "", beside: Model | None = None, shows: Parts | None = None,
) -> HttpResponse:  # fmt: skip
    """A small form about a citation, and about a row `beside` it: shown, or carried out and back to the citation.

    A refusal stands above what was typed.
    """
    made, status = carried_out(request, form, lambda answers: act(**answers) or True)
    if made is not None:
        messages.success(request, done)
        return redirect("parking:citation", citation.number)
    context = {"citation": citation, "form": form, "heading": heading, "button": button, "intro": intro,
               "shown_field": field_for(shows or of_citation_page(citation, beside))}  # fmt: skip
    return render(request, "parking/citation/act.html", context, status=status)


@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, number: str) -> HttpResponse:
    """Void it."""
    allowed_role(request, "citation.void")
    citation = the_citation(request, number)
    return _asked(
        request, citation, ReasonForm(request.POST or None),
        lambda reason: citations.void_citation(citation=citation, actor=person(request), reason=reason),
        heading=f"Void {citation.number}", button="Void the citation",
        done="The citation is canceled; what was charged is taken off.",
        intro="It stays on the record with your reason. It cannot be issued again; who issued it cannot void it.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Pause collection."""
    allowed_role(request, "citation.hold")
    citation = the_citation(request, number)
    return _asked(
        request, citation, ReasonForm(request.POST or None),
        lambda reason: holds.place_hold(citation=citation, actor=person(request), reason=reason),
        heading=f"Pause collection of {citation.number}", button="Pause collection",
        done="Collection is paused: no delinquent notice, no late fee.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Resume collection."""
    allowed_role(request, "citation.hold")
    citation = the_citation(request, number)
    found = CitationHold.objects.select_related("citation", "copy").filter(citation=citation, pk=pk).first()
    if found is None:
        raise Http404
    return _asked(
        request, citation, ReasonForm(request.POST or None),
        lambda reason: holds.release_hold(hold=found, actor=person(request), reason=reason),
        heading=f"Resume collection of {citation.number}", button="Resume collection", done="Collection is resumed.",
        intro=f"It was paused: {found.reason}", beside=found,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """Enter that the owner asks for a copy."""
    allowed_role(request, "citation.hold")
    citation = the_citation(request, number)
    return _asked(
        request, citation, CopyForm(request.POST or None),
        lambda **who: holds.ask_for_copy(citation=citation, entered_by=person(request), **who),
        heading=f"A copy of {citation.number} is asked for", button="Enter the request",
        done="Entered. Collection waits until the copy is sent.",
        intro="Until it is sent nothing is collected, and no day of the review's clock counts.",
    )  # fmt: skip


@require_POST
def copy_sent(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the copy was sent."""
    citation = the_citation(request, number)
    waiting = CitationCopy.objects.select_related("citation", "hold").filter(citation=citation, sent_at=None).first()
    if waiting is None:
        raise Http404
    holds.send_copy(copy=waiting, actor=person(request))
    messages.success(request, "Recorded. Collection is resumed.")
    return redirect("parking:citation", citation.number)


@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """Enter a payment."""
    allowed_role(request, "citation.payment")
    citation = the_citation(request, number)
    initial = {"cents": f"{max(0, citation.owed) / 100:.2f}"}
    return _asked(
        request, citation, PaymentForm(request.POST or None, initial=initial),
        lambda **facts: ledger.record_payment(citation=citation, actor=person(request), **facts),
        heading=f"Enter a payment on {citation.number}", button="Enter the payment", done="The payment is entered.",
        intro=f"{dollars(max(0, citation.owed))} is owed.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Move a payment to the right citation, or take it back."""
    allowed_role(request, "citation.payment")
    citation = the_citation(request, number)
    entry = LedgerEntry.objects.select_related("citation").filter(
        citation=citation, pk=pk, kind="payment", amount_cents__lt=0
    ).first()  # fmt: skip
    if entry is None:
        raise Http404

    def act(to, reason: str):
        if to is None:
            return ledger.take_back_payment(entry=entry, actor=person(request), reason=reason)
        return ledger.move_payment(entry=entry, to=to, actor=person(request), reason=reason)

    return _asked(
        request, citation, MoveForm(request.POST or None), act,
        heading=f"Correct a payment of {dollars(-entry.amount_cents)}", button="Enter the correction",
        done="Corrected by new entries; the old one stays.", beside=entry,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Return what was paid too much."""
    allowed_role(request, "citation.payment")
    citation = the_citation(request, number)
    return _asked(
        request, citation, ReasonForm(request.POST or None),
        lambda reason: ledger.refund(citation=citation, actor=person(request), reason=reason),
        heading=f"Refund on {citation.number}", button="Enter the refund", done="The refund is entered.",
        intro=f"{dollars(max(0, -citation.owed))} was paid beyond what is owed.",
    )  # fmt: skip


def _request(number: str) -> PlanRequest | None:
    return PlanRequest.objects.select_related("hold", "citation").filter(citation__number=number, state="open").first()


@require_http_methods(["GET", "POST"])
def grant_plan(request: HttpRequest, number: str) -> HttpResponse:
    """Agree on a payment plan."""
    allowed_role(request, "citation.plan")
    citation = the_citation(request, number)
    asked = _request(citation.number)
    initial = {"name": asked.name, "address": asked.address, "unable_to_pay": asked.unable_to_pay} if asked else {}

    def act(others=(), **terms):
        return plan.grant_plan(citations=[citation, *others], actor=person(request), request=asked, **terms)

    return _asked(
        request, citation, PlanForm(request.POST or None, initial=initial, others=open_on_plate(citation)), act,
        heading=f"Payment plan for {citation.number}", button="Agree on the plan",
        done="The plan is agreed; its paper is ready to be mailed.",
        intro=f"{dollars(max(0, citation.owed))} is owed on this citation today, {timezone.localdate():%b %-d, %Y}.",
        beside=asked,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def reduce(request: HttpRequest, number: str) -> HttpResponse:
    """Reduce what is owed for hardship."""
    allowed_role(request, "citation.plan")
    citation = the_citation(request, number)
    asked = _request(citation.number)
    return _asked(
        request, citation, ReductionForm(request.POST or None),
        lambda **facts: plan.grant_reduction(citation=citation, actor=person(request), request=asked, **facts),
        heading=f"Reduce {citation.number} for hardship", button="Enter the reduction", done="The reduction is entered.",
        intro=f"{dollars(max(0, citation.owed))} is owed.", beside=asked,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Decline a request for help with paying."""
    allowed_role(request, "citation.plan")
    citation = the_citation(request, number)
    if (asked := _request(citation.number)) is None:
        raise Http404
    return _asked(
        request, citation, ReasonForm(request.POST or None),
        lambda reason: plan.decline_request(request=asked, actor=person(request), reason=reason),
        heading=f"Decline: {asked.get_asked_display().lower()}", button="Decline the request",
        done="Declined; collection is resumed.", beside=asked,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def end_plan(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """End a running plan."""
    allowed_role(request, "citation.plan")
    citation = the_citation(request, number)
    covered = PlanCitation.objects.select_related("plan").filter(citation=citation, plan=pk).first()
    if covered is None:
        raise Http404
    return _asked(
        request, citation, ReasonForm(request.POST or None),
        lambda reason: plan.end_plan(plan=covered.plan, actor=person(request), reason=reason),
        heading="End the payment plan", button="End the plan", done="The plan is ended; collection is resumed.",
        intro=f"{covered.plan}.", shows=of_row(covered.plan),
    )  # fmt: skip
