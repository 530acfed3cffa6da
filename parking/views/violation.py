"""The table of violations with its amounts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.web.asking import add_errors, allowed_role, person
from parking.citations.money import dollars
from parking.forms.citation import ReasonForm
from parking.forms.violation import AmountForm, ViolationForm
from parking.models import Violation
from parking.selectors.violation import violation_in_full, violation_table
from parking.services import violation as violations


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every violation with what it costs today, and under which resolution."""
    allowed_role(request, "citation.view")
    words = request.GET.get("q", "").strip()
    table = list(violation_table(timezone.localdate()))
    if words:
        table = [one for one in table if words.lower() in f"{one.section} {one.title} {one.code}".lower()]
    for one in table:
        one.costs = dollars(one.cents) if one.cents else ""
        one.late = dollars(one.late_cents) if one.late_cents else ""
    context = {"table": table, "words": words, "may_change": person(request).may("violation.change")}
    return render(request, "parking/citation/violations.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new violation."""
    allowed_role(request, "violation.change")
    form = ViolationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = violations.add_violation(actor=person(request), **form.cleaned_data)
            messages.success(request, "Added. It can be cited once it has an amount.")
            return redirect(made)
        except ValidationError as error:
            add_errors(form, error)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "parking/citation/violation_add.html", {"form": form}, status=status)


def _the_violation(code: str) -> Violation:
    try:
        return violation_in_full(code)
    except Violation.DoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One violation: every amount it ever had; POST enters a new one."""
    allowed_role(request, "citation.view")
    violation = _the_violation(code)
    form = AmountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        allowed_role(request, "violation.change")
        violations.set_amount(violation=violation, actor=person(request), **form.cleaned_data)
        messages.success(request, "The amount is entered under its resolution.")
        return redirect(violation)
    return _page(request, violation, form, ReasonForm(auto_id="withdraw_%s"))


def _page(request: HttpRequest, violation: Violation, form: AmountForm, reason: ReasonForm) -> HttpResponse:
    for amount in violation.amounts.all():
        amount.costs, amount.late = dollars(amount.amount_cents), dollars(amount.late_fee_cents)
    context = {"violation": violation, "form": form, "may_change": person(request).may("violation.change")
               and violation.withdrawn_at is None, "reason_form": reason}  # fmt: skip
    status = 422 if form.errors or reason.errors else 200
    return render(request, "parking/citation/violation.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take it out of the table."""
    violation, form = _the_violation(code), ReasonForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid():
        violations.withdraw_violation(violation=violation, actor=person(request), **form.cleaned_data)
        messages.success(request, "Withdrawn. What was cited stays.")
        return redirect(violation)
    allowed_role(request, "violation.change")
    return _page(request, violation, AmountForm(), form)
