"""People of a case: entering, changing, withdrawing, merging and telling apart."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms import DecideReasonForm, MergeForm, PersonChangeForm, PersonForm
from cases.models import Case, Person, PersonMerge
from cases.selectors import people_of
from cases.services import person as persons
from cases.shown import of_merge_listed
from cases.views.lookup import form_is_for, rights, say_costs, the_case
from ecpd.policy import engine as policy
from ecpd.policy.shown import as_row
from ecpd.policy.verdicts import Verdict
from ecpd.web.asking import add_errors, carried_out, status_of
from ecpd.web.shown import field_for
from ecpd.web.words import day


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, case_number: str) -> HttpResponse:
    """Enter a person."""
    case = the_case(request, case_number)
    form_is_for(request, "case.contribute", case, case=case)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            persons.add_person(case=case, actor=request.user, **form.cleaned_data)
            return redirect("cases:tab", case.case_number, "people")
        except ValidationError as error:
            add_errors(form, error)
    context = {"form": form, "case": case, "heading": "Add a person"}
    return render(request, "cases/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """Change what is known of a person."""
    case = the_case(request, case_number)
    person = get_object_or_404(Person, case=case, pk=pk)
    if person.role == Person.Role.LEAD:
        raise Http404
    form_is_for(request, "case.contribute", case, case=case)
    form = PersonChangeForm(request.POST or None, instance=person, shows=as_row(person))
    done, status = carried_out(request, form, lambda answers: persons.edit_person(
        person=Person.objects.get(pk=pk), actor=request.user, **answers
    ))  # fmt: skip
    if done is not None:
        return redirect("cases:tab", case.case_number, "people")
    context = {"form": form, "case": case, "heading": f"Change {person}"}
    return render(request, "cases/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """Withdraw an entry made by mistake."""
    case = the_case(request, case_number)
    person = get_object_or_404(Person, case=case, pk=pk)
    form_is_for(request, "case.contribute", case, case=case)
    form = DecideReasonForm(request.POST or None, shows=as_row(person))
    done, status = carried_out(request, form, lambda answers: persons.withdraw_person(
        person=person, actor=request.user, reason=answers["reason"]
    ))  # fmt: skip
    if done is not None:
        return redirect("cases:tab", case.case_number, "people")
    context = {"form": form, "case": case, "heading": f"Withdraw {person}"}
    return render(request, "cases/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, case_number: str) -> HttpResponse:
    """Propose a merge or tell two entries apart."""
    case = the_case(request, case_number)
    say_costs(request, "person.merge.propose", case)
    form = MergeForm(request.POST or None, people=people_of(case), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            if answers["same"] == "same":
                persons.propose_merge(keep=answers["keep"], duplicate=answers["duplicate"], actor=request.user,
                                      reason=answers["reason"])  # fmt: skip
                messages.success(request, "Proposed. Somebody else who manages the case decides.")
            else:
                persons.record_not_same(one=answers["keep"], other=answers["duplicate"], actor=request.user,
                                        reason=answers["reason"])  # fmt: skip
                messages.success(request, "Remembered: these are two people.")
            return redirect("cases:merge", case.case_number)
        except ValidationError as error:
            add_errors(form, error)
    return _merge_page(request, case, form, status_of(form))


def _merge_page(
    request: HttpRequest, case: Case, form: MergeForm, status: int, undoing: dict[int, dict] | None = None
) -> HttpResponse:
    """Proposals, what is decided and the form; `undoing`: by merge, the typed reason and what is wrong with it."""
    merges = list(case.merges.select_related("keep", "duplicate", "proposed_by", "decided_by"))
    for each in merges:
        each.shown_field = field_for(of_merge_listed(each))
        each.kept_shut = _kept_shut(request, each)
        each.undoing = (undoing or {}).get(each.pk)
    context = {
        "form": form, "case": case, "rights": rights(request, case), "merges": merges,
        "pair": _pair(case, request),
        "distinctions": case.distinctions.select_related("person_a", "person_b", "recorded_by"),
    }  # fmt: skip
    return render(request, "cases/merge.html", context, status=status)


def _kept_shut(request: HttpRequest, merge: PersonMerge) -> list[Verdict]:
    """What keeps this person from deciding on a proposal that waits."""
    waits = merge.state == PersonMerge.State.PROPOSED
    return [one for one in policy.explain(request.user, "person.merge.decide", merge) if one.blocks] if waits else []


def _pair(case: Case, request: HttpRequest) -> dict | None:
    """The two entries that are chosen, side by side; a row is (word, one, other, whether they differ)."""
    asked = request.POST or request.GET
    keys = [asked.get(name, "") for name in ("keep", "duplicate")]
    found = {str(one.pk): one for one in people_of(case) if str(one.pk) in keys}
    if len(found) < 2:
        return None
    keep, other = (found[key] for key in keys)
    pairs = zip(_facts(keep), _facts(other), strict=True)
    return {"keep": keep, "other": other, "rows": [(word, a, b, a != b) for (word, a), (_, b) in pairs]}


def _facts(person: Person) -> list[tuple[str, str]]:
    return [
        ("Role", person.get_role_display()),
        ("Identified", "No" if person.unidentified else "Yes"),
        ("What is known", person.description),
        ("Date of birth", day(person.date_of_birth) if person.date_of_birth else ""),
        ("Contact", person.contact),
    ]


@require_POST
def decide_merge(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """Approve, reject or undo a merge."""
    case = the_case(request, case_number)
    found = get_object_or_404(PersonMerge, case=case, pk=pk)
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("answer") == "undo":
            persons.undo_merge(merge=found, actor=request.user, reason=reason)
        else:
            persons.decide_merge(merge=found, actor=request.user, approve=request.POST.get("answer") == "approve")
    except ValidationError as error:
        undoing = {found.pk: {"reason": reason, "problem": " ".join(error.messages)}}
        return _merge_page(request, case, MergeForm(people=people_of(case)), 422, undoing)
    return redirect("cases:merge", case.case_number)
