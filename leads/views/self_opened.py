"""The page on which a captain accepts or refuses a case that who searches in it opened himself (FR-02)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.views.lookup import form_is_for
from ecpd.policy import engine as policy
from ecpd.web.asking import carried_out
from leads.forms.self_opened import AcceptCaseForm
from leads.models import CaseAcceptance
from leads.selectors.self_opened import WAITS, of_acceptance, part_in, searches_to_accept
from leads.services.self_opened import accept_case
from leads.views.lookup import person, the_case

ANSWERED = {
    True: "The case is accepted. Who opened it goes on.",
    False: "The case is refused. What was found in it is closed; the auditor is told.",
}


@require_http_methods(["GET", "POST"])
def acceptance(request: HttpRequest, number: str) -> HttpResponse:
    """Read who opened the case, what was searched for and why; accept or refuse, with reasons."""
    case = the_case(request, number)
    form_is_for(request, "case.accept", case, case=case, level="view")
    if request.method == "GET":
        policy.authorize(person(request), "case.view", case)  # who reads what the case is about is on the record
    form = AcceptCaseForm(request.POST or None, shows=of_acceptance(case))

    def answer(given: dict) -> CaseAcceptance:
        return accept_case(case=case, actor=person(request), accepted=given["outcome"] == "accept", reason=given["reason"],
                           shown=form.shown)  # fmt: skip

    done, status = carried_out(request, form, answer)
    if done is not None:
        messages.success(request, ANSWERED[done.accepted])
        return redirect(case)
    searches = searches_to_accept(case)
    waits = next((search for search in searches if search.stands == WAITS), None)
    shown = {
        "case": case, "form": form, "searches": searches, "waits": waits, "part": part_in(case, person(request)),
        "answers": case.acceptances.select_related("captain"),
    }  # fmt: skip
    return render(request, "leads/self_opened/acceptance.html", shown, status=status)
