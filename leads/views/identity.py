"""Who the person of a lead is: entering it, checking, disputing or withdrawing it (FR-26)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cases.views.lookup import form_is_for, say_costs
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_errors, add_refusal, status_of
from leads.forms.identity import IdentityAnswerForm, IdentityForm
from leads.models import Identity
from leads.selectors.shown import of_identity
from leads.services import identity as identities
from leads.views.lead import the_lead
from leads.views.lookup import person


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, number: str) -> HttpResponse:
    """Say who the person is, from which exhibit."""
    lead = the_lead(request, number)
    form_is_for(request, "identity.enter", lead, case=lead.case)
    form = IdentityForm(request.POST or None, lead=lead)
    if request.method == "POST" and form.is_valid():
        try:
            identities.enter(lead=lead, actor=person(request), **form.cleaned_data)
            messages.success(request, "Entered. Somebody else checks it; the lead's own words stay as they are.")
            return redirect(lead)
        except ValidationError as error:
            add_errors(form, error)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"lead": lead, "form": form, "heading": "Who is this person?", "button": "Record who it is",
               "words": "The lead goes on saying “possibly”. This is a record of its own, with its source."}  # fmt: skip
    return render(request, "leads/lead/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Check, dispute or withdraw it."""
    lead = the_lead(request, number)
    one = get_object_or_404(Identity.objects.select_related("evidence", "entered_by"), lead=lead, pk=pk)
    one.lead = lead
    form_is_for(request, "identity.answer", one, case=lead.case, level="view")
    say_costs(request, "identity.answer", lead.case)
    form = IdentityAnswerForm(request.POST or None, shows=of_identity(one))
    if request.method == "POST" and form.is_valid():
        try:
            identities.answer(identity=one, actor=person(request), shown=form.shown, **form.cleaned_data)
            messages.success(request, "Recorded. It stays with your name.")
            return redirect(lead)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"lead": lead, "form": form, "heading": f"Is it {one.name}?", "button": "Record",
               "words": f"{one.entered_by.display_name} says: {one}, from {one.evidence.label}. {one.how}"}  # fmt: skip
    return render(request, "leads/lead/form.html", context, status=status_of(form))
