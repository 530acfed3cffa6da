"""Payment plans and reductions for hardship, at any time (PK-14)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import Citation, CitationHold, LedgerEntry, PaymentPlan, PlanCitation, PlanRequest
from parking.selectors.ledger import balance, late_fees
from parking.selectors.shown import of_citation
from parking.services.citation_hold import pause, resume
from parking.services.ledger import reduce
from parking.services.notice import issue_plan
from parking.services.plan_finish import close


def ask_for_plan(
    *, citation: Citation, asked: str, name: str, address: str, email: str = "", words: str = "",
    unable_to_pay: bool = False, entered_by: User | None = None,
) -> PlanRequest:  # fmt: skip
    """Take the wish for a plan or a reduction; collection waits for the answer. `entered_by` is None online.

    Raises PolicyDenied (staff), StaleState when nothing is owed or a request waits already.
    """
    wish = {"asked": asked, "name": name, "address": address, "email": email, "words": words,
            "unable_to_pay": unable_to_pay, "entered_by": entered_by}  # fmt: skip
    reason = f"{name} asked for help with paying."
    if entered_by is not None:
        with policy.door(entered_by, "citation.plan", citation, justification=reason):
            return _ask_for_plan(citation, reason, wish)
    with transaction.atomic():
        return _ask_for_plan(citation, reason, wish)


def _ask_for_plan(citation: Citation, reason: str, wish: dict[str, Any]) -> PlanRequest:
    Citation.objects.select_for_update().get(pk=citation.pk)
    if balance(citation) <= 0:
        raise StaleState("Nothing is owed on this citation.")
    if citation.plan_requests.filter(state=PlanRequest.State.OPEN).exists():
        raise StaleState("A request waits for its answer already.")
    hold = pause(citation, kind=CitationHold.Kind.PLAN, reason=reason, by=wish["entered_by"])
    request = PlanRequest.objects.create(citation=citation, hold=hold, **wish)
    record(actor=wish["entered_by"], action="citation.plan_asked", subject=citation, actor_label=labels.OWNER_ONLINE)
    return request


def grant_plan(
    *, citations: list[Citation], actor: User, name: str, address: str, monthly_cents: int, months: int,
    first_due_on: date, reason: str, unable_to_pay: bool, fee_cents: int = 0, request: PlanRequest | None = None,
) -> PaymentPlan:  # fmt: skip
    """Agree on a plan over one or more citations. For who is unable to pay, late fees are waived first.

    Raises PolicyDenied, StaleState, ValidationError when the parts do not cover what is owed.
    """
    first = citations[0]
    plan = PaymentPlan(
        name=name, address=address, unable_to_pay=unable_to_pay, monthly_cents=monthly_cents, months=months,
        fee_cents=fee_cents, first_due_on=first_due_on, reason=reason.strip(), granted_by=actor,
        owed_cents=sum(_owed(one, waived=unable_to_pay) for one in citations) + fee_cents,
    )  # fmt: skip
    facts: dict[str, Any] = {
        "plan": plan,
        "favor": True,
        "covered": citations,
        "shown": seen(None, lambda: of_citation(first, request)),
    }
    with policy.door(actor, "citation.plan", first, justification=reason, **facts) as decision:
        locked = list(Citation.objects.select_for_update().filter(pk__in=[one.pk for one in citations]).order_by("pk"))
        _can_be_covered(locked, plan)
        plan.decision = decision
        plan.full_clean()
        plan.save()
        covered = [(one, _cover(plan, one, by=actor, decision=decision, first=one.pk == first.pk)) for one in locked]
        covered.sort(key=lambda pair: pair[0].pk != first.pk)
        if request is not None:
            _answer(request, state=PlanRequest.State.GRANTED, by=actor, words=reason)
        issue_plan(plan=plan, covered=covered, by=actor)
    return plan


def _owed(citation: Citation, *, waived: bool) -> int:
    return balance(citation) - (min(late_fees(citation), balance(citation)) if waived else 0)


def _can_be_covered(citations: list[Citation], plan: PaymentPlan) -> None:
    running = PlanCitation.objects.filter(citation__in=citations, plan__state=PaymentPlan.State.RUNNING)
    if running.exists():
        raise StaleState("A plan runs for one of these citations already.")
    owed = [_owed(one, waived=plan.unable_to_pay) for one in citations]
    if min(owed) <= 0 or sum(owed) + plan.fee_cents != plan.owed_cents:
        raise StaleState("What is owed has changed; look at the amounts again.")


def _cover(plan: PaymentPlan, citation: Citation, *, by: User, decision, first: bool) -> int:
    """Waive late fees where that is due, add the fee to the first citation, pause collection; what it owes now."""
    fees = min(late_fees(citation), balance(citation))
    if plan.unable_to_pay and fees > 0:
        reduce(citation, cents=fees, by=by, reason="Late fees waived with the payment plan.", decision=decision)
    if first and plan.fee_cents:
        LedgerEntry.objects.create(
            citation=citation, kind=LedgerEntry.Kind.PLAN_FEE, amount_cents=plan.fee_cents, by=by, decision=decision,
            on=timezone.localdate(),
        )  # fmt: skip
    hold = pause(citation, kind=CitationHold.Kind.PLAN, reason=f"{plan} runs.", by=by)
    owed = balance(citation)
    PlanCitation.objects.create(plan=plan, citation=citation, owed_cents=owed, hold=hold)
    return owed


def end_plan(*, plan: PaymentPlan, actor: User, reason: str) -> PaymentPlan:
    """End a running plan; what is still owed is collected as before. Raises PolicyDenied, StaleState."""
    first = plan.citations.select_related("citation").first()
    if first is None:
        raise StaleState("This plan covers nothing.")
    facts = {"shown": seen(None, lambda: of_row(plan))}
    with policy.door(actor, "citation.plan", first.citation, justification=reason, **facts):
        plan.refresh_from_db()
        if plan.state != PaymentPlan.State.RUNNING:
            raise StaleState("This plan has ended already.")
        close(plan, state=PaymentPlan.State.ENDED, reason=reason, by=actor)
    return plan


def grant_reduction(
    *, citation: Citation, actor: User, cents: int, reason: str, request: PlanRequest | None = None
) -> LedgerEntry:
    """Reduce what is owed for hardship. Raises PolicyDenied, StaleState for more than is owed."""
    facts = {"favor": True, "shown": seen(None, lambda: of_citation(citation, request))}
    with policy.door(actor, "citation.plan", citation, justification=reason, **facts) as decision:
        if not 0 < cents <= balance(citation):
            raise StaleState("The reduction is more than is owed.")
        entry = reduce(citation, cents=cents, by=actor, reason=reason, decision=decision)
        if request is not None:
            _answer(request, state=PlanRequest.State.GRANTED, by=actor, words=reason)
    return entry


def decline_request(*, request: PlanRequest, actor: User, reason: str) -> PlanRequest:
    """Decline a request, with the reason; collection resumes. Raises PolicyDenied, StaleState."""
    facts = {"favor": True, "shown": seen(None, lambda: of_citation(request.citation, request))}
    with policy.door(actor, "citation.plan", request.citation, justification=reason, **facts):
        return _answer(request, state=PlanRequest.State.DECLINED, by=actor, words=reason)


def _answer(request: PlanRequest, *, state: str, by: User, words: str) -> PlanRequest:
    request.refresh_from_db()
    if request.state != PlanRequest.State.OPEN:
        raise StaleState("This request is answered already.")
    request.state, request.answered_by, request.answer = state, by, words.strip()
    request.answered_at = timezone.now()
    request.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    resume(request.hold, by=by, reason=f"Answered: {request.get_state_display().lower()}.")
    return request
