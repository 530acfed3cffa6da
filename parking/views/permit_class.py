"""Permit classes and their rules, each under its resolution (PK-16)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ecpd.problem import StaleState
from ecpd.web.asking import add_errors, allowed_role, person
from parking.forms.permit_desk import ClassForm, ReasonForm, TermsForm
from parking.models import PermitClass
from parking.selectors.permit_class import classes_listed
from parking.services import permit_class as classes
from parking.views.permit_portal import priced


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Classes with their rules; adding one."""
    allowed_role(request, "permit.set_up" if request.method == "POST" else "permit.view")
    form = ClassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = classes.add_class(actor=person(request), **form.cleaned_data)
        messages.success(request, f"{added} is added. Enter its rules next.")
        return redirect(added)
    listed = list(classes_listed())
    for each in listed:
        each.now = next(iter(priced(list(each.terms.all())[:1])), None)
    context = {"classes": listed, "form": form, "may_set_up": person(request).may("permit.set_up")}
    return render(request, "parking/permit/classes.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One class: its rules over time, and new ones."""
    allowed_role(request, "permit.set_up" if request.method == "POST" else "permit.view")
    found = get_object_or_404(classes_listed(), code=code)
    form = TermsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            classes.set_terms(permit_class=found, actor=person(request), **form.told())
            messages.success(request, "The rules are entered.")
            return redirect(found)
        except ValidationError as error:
            add_errors(form, error)
        except StaleState as error:
            form.add_error(None, error.message)
    return _page(request, found, form, ReasonForm())


def _page(request: HttpRequest, found: PermitClass, form: TermsForm, reason: ReasonForm) -> HttpResponse:
    context = {"class": found, "all_terms": priced(list(found.terms.all())), "form": form, "reason": reason,
               "may_set_up": person(request).may("permit.set_up") and found.withdrawn_at is None}  # fmt: skip
    return render(request, "parking/permit/class.html", context, status=422 if form.errors or reason.errors else 200)


@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Nobody can apply for it any more."""
    found, form = get_object_or_404(PermitClass, code=code), ReasonForm(request.POST)
    if form.is_valid():
        classes.withdraw_class(permit_class=found, actor=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, f"{found} is withdrawn; permits that were granted go on.")
        return redirect(found)
    allowed_role(request, "permit.set_up")
    return _page(request, get_object_or_404(classes_listed(), code=code), TermsForm(), form)
