"""The processor's files, in and out; notices that wait to be mailed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.problem import StaleState
from ecpd.web.asking import allowed_role, person
from ecpd.web.spreadsheet import csv_file
from parking.citations.money import dollars
from parking.citations.payments import COLUMNS, UnreadableFile
from parking.forms.ledger import FileForm, MailingForm
from parking.models import CitationNotice, PaymentImport
from parking.selectors.notice import notices_to_mail
from parking.services import ledger_import
from parking.services.notice import record_mailing

PAGE = 25


@require_http_methods(["GET", "POST"])
def payments(request: HttpRequest) -> HttpResponse:
    """A file of payments: looked at first, then taken in; what was refused and why."""
    allowed_role(request, "citation.payment")
    form = FileForm(request.POST or None, request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            outcome = _outcome(request, upload.read(), upload.name)
        except UnreadableFile as error:
            form.add_error("upload", str(error))
    page = Paginator(PaymentImport.objects.select_related("by"), PAGE).get_page(request.GET.get("page"))
    for done in page:
        done.amount = dollars(done.cents)
    context = {"form": form, "outcome": outcome, "amount": dollars(outcome.cents) if outcome else "", "page": page,
               "columns": COLUMNS}  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "parking/citation/payments.html", context, status=status)


def _outcome(request: HttpRequest, content: bytes, name: str) -> ledger_import.Outcome:
    if "take_in" not in request.POST:
        return ledger_import.look_at_payments(content=content)
    outcome = ledger_import.import_payments(content=content, file_name=name, actor=person(request))
    messages.success(request, f"{len(outcome.taken)} payments are taken in.")
    return outcome


@require_GET
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a file that were not taken, as CSV."""
    allowed_role(request, "citation.payment")
    found = get_object_or_404(PaymentImport, pk=pk)
    rows = [["line", "reference", "reason"], *([r["line"], r["reference"], r["reason"]] for r in found.rejected)]
    return csv_file("rejected.csv", rows)


@require_GET
def for_processor(request: HttpRequest) -> HttpResponse:
    """What the processor may collect, without plates (PK-08)."""
    policy.authorize(person(request), "citation.payment", None, what="export for the processor")
    return csv_file("for-processor.csv", ledger_import.rows_for_processor())


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Notices that wait to be mailed, the oldest first."""
    return _notices(request)


def _notices(request: HttpRequest, refused: CitationNotice | None = None, **wrong: Any) -> HttpResponse:
    """The list; of a notice that was `refused`, first of all, what was typed and why."""
    allowed_role(request, "citation.payment")
    page = Paginator(notices_to_mail(), PAGE).get_page(request.GET.get("page"))
    rows = [refused, *(each for each in page if each.pk != refused.pk)] if refused else list(page)
    context = {"page": page, "rows": rows, "today": timezone.localdate(), "wrong": refused and refused.pk} | wrong
    return render(request, "parking/citation/notices.html", context, status=422 if refused else 200)


@require_POST
def mailed(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the day a notice was mailed; it starts the owner's clock."""
    notice = get_object_or_404(CitationNotice.objects.select_related("citation"), pk=pk)
    form = MailingForm(request.POST)
    if form.is_valid():
        try:
            record_mailing(notice=notice, actor=person(request), **form.cleaned_data)
            messages.success(request, f"{notice}: mailed on {form.cleaned_data['on']}.")
            return redirect("parking:citation-notices")
        except StaleState as error:
            form.add_error("on", error.message)
    return _notices(request, notice, said=form, why=form.errors["on"][0])
