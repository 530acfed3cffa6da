"""The manual, decisions and amendments."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine, named, services, versions
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.forms import ChooseForm, DecideForm, ProposeForm
from ecpd.policy.manual import CHAPTERS, PARAMETERS, RULES
from ecpd.policy.models import Amendment, Decision, ManualVersion
from ecpd.policy.selectors import (
    amendments,
    decision_for,
    decisions_of,
    differences,
    manual_entries,
    settings_kept_from_later,
    settings_taken_over_later,
)
from ecpd.web.asking import add_refusal, carried_out, status_of


@require_GET
def manual(request: HttpRequest) -> HttpResponse:
    """Every rule: text, source, settings, history, how often it allowed and denied."""
    entries = manual_entries()
    words = request.GET.get("q", "").strip().lower()
    if words:
        entries = {
            chapter: [e for e in listed if words in f"{e.rule.id} {e.rule.text} {e.rule.source}".lower()]
            for chapter, listed in entries.items()
        }
    everything = [entry for listed in entries.values() for entry in listed]
    context = {
        "chapters": [(key, CHAPTERS[key], listed) for key, listed in entries.items() if listed],
        "words": words, "version": versions.in_force(), "rules": len(everything),
        "settings": sum(len(entry.parameters) for entry in everything),
        "waiting": Amendment.objects.filter(state="proposed").count(),
        "may_propose": request.user.may("amendment.propose"), "may_compare": ManualVersion.objects.count() > 1,
    }  # fmt: skip
    return render(request, "policy/manual.html", context)


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions side by side: what differs."""
    known = list(ManualVersion.objects.select_related("amendment"))
    by_number = {version.number: version for version in known}
    one = by_number.get(request.GET.get("from", ""), known[-1])
    other = by_number.get(request.GET.get("to", ""), known[0])
    context = {"versions": known, "one": one, "other": other, "changes": differences(one, other)}
    return render(request, "policy/compare.html", context)


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with every rule's verdict: for who asked, and for who may read the audit."""
    found = decision_for(request.user, pk)
    if found is None:
        raise Http404
    return render(request, "policy/decision.html", {"decision": found, "settings": _settings(found)})


@require_GET
def my_decisions(request: HttpRequest) -> HttpResponse:
    """What this person asked of the door, newest first."""
    page = Paginator(decisions_of(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "policy/decisions.html", {"page": page})


@require_GET
def amendment_list(request: HttpRequest) -> HttpResponse:
    """Every amendment."""
    page = Paginator(amendments(), 25).get_page(request.GET.get("page"))
    context = {"page": page, "may_propose": request.user.may("amendment.propose")}
    return render(request, "policy/amendments.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a new value of one setting."""
    if request.method == "GET" and not request.user.may("amendment.propose"):
        engine.authorize(request.user, "amendment.propose")
    parameter = PARAMETERS.get(request.GET.get("name", "") or request.POST.get("name", ""))
    if parameter is None:
        return render(request, "policy/choose.html", {"form": ChooseForm()})
    current = versions.settings_in_force()[parameter.name]
    form = ProposeForm(request.POST or None, parameter=parameter, initial={"value": current})
    made, status = carried_out(request, form, lambda given: _proposed(request, parameter.name, **given))
    if made:
        messages.success(request, "Proposed. Nothing changes until the chief approves.")
        return redirect("policy:amendment", made.pk)
    context = {
        "form": form, "parameter": parameter, "current": current, "loosens": parameter.loosened_by,
        "announced": RULES[parameter.rule_id].announced, "days": services.PUBLIC_DAYS,
    }  # fmt: skip
    return render(request, "policy/propose.html", context, status=status)


def _proposed(request: HttpRequest, name: str, *, value: Any, **details: Any) -> Amendment:
    return services.propose_amendment(actor=request.user, changes={name: value}, **details)


@require_http_methods(["GET", "POST"])
def amendment(request: HttpRequest, pk: int) -> HttpResponse:
    """One amendment; the chief decides here."""
    found = get_object_or_404(amendments(), pk=pk)
    form = DecideForm(request.POST or None, shows=services.shown_of(found))
    if request.method == "POST" and form.is_valid():
        decide = services.approve_amendment if form.cleaned_data["answer"] == "approve" else services.reject_amendment
        try:
            decide(amendment=found, actor=request.user, reason=form.cleaned_data["reason"], shown=form.shown)
            messages.success(request, "Recorded.")
            return redirect("policy:amendment", pk)
        except PolicyDenied as denied:
            add_refusal(form, denied)
            found = get_object_or_404(amendments(), pk=pk)
    now = versions.settings_in_force()
    changes = [(PARAMETERS[name], found.before.get(name, now.get(name)), value)
               for name, value in found.changes.items() if name in PARAMETERS]  # fmt: skip
    context = {
        "amendment": found, "form": form, "later": settings_taken_over_later(found),
        "kept": settings_kept_from_later(found),
        "changes": changes,
        "named": [(parameter, rows) for parameter, before, value in changes
                  if (rows := named.beside(parameter.name, before, value))],
        "verdicts": engine.explain(request.user, "amendment.decide", found) if found.state == "proposed" else [],
        "may_decide": found.state == "proposed" and request.user.may("amendment.decide"),
        "may_withdraw": found.state == "proposed" and found.proposed_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "policy/amendment.html", context, status=status_of(form))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    found = get_object_or_404(Amendment, pk=pk)
    services.withdraw_amendment(
        amendment=found, actor=request.user, reason=request.POST.get("reason") or "Withdrawn by its proposer."
    )
    return redirect("policy:amendment", pk)


def _settings(found: Decision) -> list[tuple[str, object]]:
    """The settings a decision was taken with: their words and values."""
    return [(PARAMETERS[name].words if name in PARAMETERS else name, value) for name, value in found.parameters.items()]
