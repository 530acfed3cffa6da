"""After a captain's decision: the steps of a warrant, supplements, recall (FR-27)."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.views.lookup import form_is_for
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_refusal, status_of
from leads.forms.warrant import RecallForm, StepForm, SupplementForm
from leads.models import WarrantApplication
from leads.selectors.after import open_steps
from leads.selectors.shown import of_application
from leads.services import after
from leads.views.lookup import person
from leads.views.warrant import the_application


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Record what happened to an approved application."""
    application = the_application(request, number)
    form_is_for(request, "warrant.step", application, case=application.lead.case)
    form = StepForm(request.POST or None, shows=of_application(application), open_steps=open_steps(application))
    words = {"heading": f"What happened to {application.number}?", "button": "Record it"}
    return _recorded(request, application, form, after.record_step, "Recorded. It stays with your name.", words)


@require_http_methods(["GET", "POST"])
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Disclose what came in after approval: seals a new version of the packet."""
    application = the_application(request, number)
    form_is_for(request, "warrant.step", application, case=application.lead.case)
    form = SupplementForm(request.POST or None, shows=of_application(application))
    words = {"heading": f"Disclose what came in after approval of {application.number}", "button": "Seal the supplement",
             "words": "A new version of the packet is sealed with all that is on record now, and goes to them."}  # fmt: skip
    return _recorded(request, application, form, after.disclose, "Sealed and recorded as disclosed.", words)


@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, number: str) -> HttpResponse:
    """Take an approval back."""
    application = the_application(request, number)
    form_is_for(request, "warrant.recall", application, case=application.lead.case, level="view")
    form = RecallForm(request.POST or None, shows=of_application(application))
    words = {"heading": f"Recall the approval of {application.number}", "button": "Record and recall",
             "words": "Tell the prosecutor at once, and the court where a magistrate has seen it."}  # fmt: skip
    return _recorded(
        request, application, form, after.recall, "The approval is recalled; the lead is open again.", words
    )


def _recorded(
    request: HttpRequest, application: WarrantApplication, form: forms.Form, carry_out: Callable[..., object], done: str,
    words: dict[str, str],
) -> HttpResponse:  # fmt: skip
    """The form, or what it says carried out."""
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(application=application, actor=person(request), shown=form.shown, **form.cleaned_data)
            messages.success(request, done)
            return redirect(application)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"lead": application.lead, "form": form} | words
    return render(request, "leads/lead/form.html", context, status=status_of(form))
