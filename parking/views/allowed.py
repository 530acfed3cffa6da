"""A page that answers whether a plate may stand in a zone now, with the reasons."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ecpd.policy import versions
from ecpd.web.asking import allowed_role, person
from parking.forms.allowed import CheckForm
from parking.selectors.allowed import answer_for
from parking.services.access import look

WORDS = {True: ("done", "It may park here"), False: ("stop", "It may not park here"),
         None: ("warn", "A person has to look")}  # fmt: skip


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask. The look is recorded before anything is shown, so it is asked by POST and a reload asks again (PK-06)."""
    allowed_role(request, "plate.query")
    form, context = CheckForm(request.POST or None, initial={"zone": request.GET.get("zone")}), {}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        look(user=person(request), purpose=asked["purpose"], reason=asked["reason"], results=1,
             terms={"plate": asked["plate"], "state": asked["state"], "zone": str(asked["zone"].pk)})  # fmt: skip
        context = {"asked": asked}
    status = 422 if form.is_bound and form.errors else 200
    with versions.read_once():  # from here on the request only reads
        context |= _answer(context["asked"]) if context else {}
        return render(request, "parking/allowed/check.html", {"form": form, **context}, status=status)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    answer = answer_for(plate=asked["plate"], plate_state=asked["state"], zone=asked["zone"], at=timezone.now())
    kind, words = WORDS[answer.allowed]
    return {"answer": answer, "kind": kind, "words": words}
