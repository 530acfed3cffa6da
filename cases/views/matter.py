"""Which cases are one matter with this one, by number and by link: entering and taking back."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.forms import DecideReasonForm, LinkForm, NumberForm
from cases.models import Case, CaseLink, IncidentNumber
from cases.selectors import cases_visible_to, links_of, same_number, sets_apart
from cases.services import matter
from cases.shown import of_tie
from cases.views.lookup import form_is_for, opened_case, rights, the_case
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_errors, add_refusal, carried_out, person, status_of

KINDS: dict[str, type[IncidentNumber] | type[CaseLink]] = {"numbers": IncidentNumber, "links": CaseLink}


@require_GET
def page(request: HttpRequest, case_number: str) -> HttpResponse:
    """Numbers and links of the case."""
    return _page(request, opened_case(request, case_number), NumberForm(), LinkForm())


def _page(request: HttpRequest, case: Case, number_form: Form, link_form: Form) -> HttpResponse:
    user, may = person(request), rights(request, case)
    context = {
        "case": case, "rights": may, "untie": may["manage"] and user.may("case.untie"),
        "numbers": case.incident_numbers.select_related("entered_by", "withdrawn_by"),
        "links": links_of(case, user), "same": same_number(case, user),
        "number_form": number_form, "link_form": link_form,
    }  # fmt: skip
    status = max(status_of(number_form), status_of(link_form))
    return render(request, "cases/matter.html", context, status=status)


@require_POST
def number_add(request: HttpRequest, case_number: str) -> HttpResponse:
    """Enter the number of the incident."""
    case, form = the_case(request, case_number), NumberForm(request.POST)
    if form.is_valid():
        known = _entered(form, partial(matter.enter_number, case=case, actor=person(request), **form.cleaned_data))
        if known is not None:
            messages.success(request, f"{known} is entered.")
            return redirect("cases:matter", case.case_number)
    return _page(request, case, form, LinkForm())


@require_POST
def link_add(request: HttpRequest, case_number: str) -> HttpResponse:
    """Link another case."""
    case, form = the_case(request, case_number), LinkForm(request.POST)
    if form.is_valid():
        other, why = form.cleaned_data["other"].strip(), form.cleaned_data["why"]
        found = cases_visible_to(person(request)).filter(case_number=other).first()
        if found is None:
            form.add_error("other", "You see no case with this number. Check it, or ask its captain.")
        elif _entered(form, partial(matter.link, case=case, other=found, actor=person(request), why=why)):
            messages.success(request, f"{found} is linked.")
            return redirect("cases:matter", case.case_number)
    return _page(request, case, NumberForm(), form)


def _entered(form: Form, enter: Callable[[], IncidentNumber | CaseLink]) -> IncidentNumber | CaseLink | None:
    """What was entered, or None where it was refused; the form says why, at the fields it is about."""
    try:
        return enter()
    except ValidationError as error:
        add_errors(form, error)
    except PolicyDenied as denied:
        add_refusal(form, denied)
    return None


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, case_number: str, kind: str, pk: int) -> HttpResponse:
    """Take a number or a link back, with a reason."""
    case = the_case(request, case_number)
    tie = KINDS[kind].objects.filter(case=case, pk=pk).first() if kind in KINDS else None
    if tie is None:
        raise Http404
    form_is_for(request, "case.untie", case, case=case, level="manage")
    form = DecideReasonForm(request.POST or None, shows=of_tie(tie))
    take = partial(matter.take_back, tie=tie, actor=person(request), shown=form.shown)
    done, answered = carried_out(request, form, lambda answers: take(reason=answers["reason"]))
    if done is not None:
        messages.success(request, "Taken back. It stays on the record.")
        return redirect("cases:matter", case.case_number)
    words = (
        "The case holds nothing else yet, so this sets the cases apart."
        if sets_apart(tie)
        else "It stays on the record as taken back. What was found out about a face stays known in all the cases that it made "
        "one matter: no denial, rejection or search is shed by this."
    )
    context = {"form": form, "heading": f"Take back: {tie}", "button": "Take back", "words": words, "case": case}
    return render(request, "cases/form.html", context, status=answered)
