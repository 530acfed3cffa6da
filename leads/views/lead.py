"""Leads: the list, one lead with evidence for and against, and what can be done with it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import can
from cases.finding import nothing_there, the_one
from cases.forms import DecideReasonForm
from cases.numbers import straight_to
from cases.views.lookup import form_is_for, say_costs
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.shown import Parts
from ecpd.policy.versions import in_force, settings_in_force
from ecpd.web.asking import add_errors, add_refusal, status_of
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for, said_by
from leads.corroboration import KINDS, told
from leads.corroboration_words import STANDS, because_in_words, days_in_words, rests_in_words
from leads.costs import LIVE
from leads.forms.lead import AgainstForm, AnswerForm, KindForm, LinkForm, VerifyForm
from leads.models import Corroboration, ExculpatoryEntry, Lead
from leads.selectors.dark import KEPT, kept_records, told_and_kept
from leads.selectors.history import exceptions_of, not_excepted, searches_in_words
from leads.selectors.identity import identities_of, stands, where_it_stands
from leads.selectors.lead import (
    counting_items,
    is_answered,
    lead_alone,
    lead_in_full,
    leads_visible_to,
    made_under,
    manual_of,
    signoff_of,
    standing_of,
    with_standing,
)
from leads.selectors.shown import of_entry, of_item, of_lead, of_purpose
from leads.selectors.standing import Standing, disagree, standings_of
from leads.services import corroboration, exculpatory
from leads.services import lead as leads
from leads.views.chain import chain_of
from leads.views.graph import graph_of
from leads.views.lookup import allowed_role, person

PAGE = 25


def the_lead(request: HttpRequest, number: str) -> Lead:
    """The lead of this number, if the person may see its case; an attempt at another is recorded. Raises Http404."""
    return the_one(lead_alone(person(request)), person(request), "lead.view", number=number)


def the_lead_in_full(request: HttpRequest, number: str) -> Lead:
    """The same with all that its page shows. Raises Http404."""
    try:
        return lead_in_full(person(request), number=number)
    except Lead.DoesNotExist:
        nothing_there(Lead, person(request), "lead.view", number=number)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Leads of the cases this person may see, newest first."""
    allowed_role(request, "lead.view")
    visible = leads_visible_to(person(request)).order_by("-id")
    settings = settings_in_force()
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = visible.filter(state=state) if state in Lead.State.values else visible
    if words:
        found = found.filter(
            Q(number__icontains=words) | Q(case__case_number__icontains=words) | Q(person__name__icontains=words)
        )
    page = Paginator(with_standing(found), PAGE).get_page(request.GET.get("page"))
    if words and not page.object_list and (address := straight_to(person(request), words)):
        return redirect(address)
    counts = dict(visible.order_by().values_list("state").annotate(n=Count("pk")))
    labels = dict(Lead.State.choices) | {Lead.State.OPEN: "Not marked yet"}
    states = [(value, label, counts[value]) for value, label in labels.items() if counts.get(value)]
    context = {
        "page": page, "rows": [(lead, standing_of(lead, settings)) for lead in page], "words": words,
        "filtered": bool(words or state), "by_state": filter_links(request, "state", states),
    }  # fmt: skip
    return render(request, "leads/lead/list.html", context)


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The lead: chain, evidence for and against, checklist, pictures."""
    lead = the_lead_in_full(request, number)
    policy.authorize(person(request), "lead.view", lead)
    return render(request, "leads/lead/detail.html", _shown(request, lead))


def _shown(request: HttpRequest, lead: Lead) -> dict:
    user = person(request)
    adds = can(user, lead.case, "contribute")  # a link to a form is for who could send it
    against = entries_of(lead, user)
    verdicts = policy.explain(user, "lead.mark_for_warrant", lead) if lead.state in ("open", "denied") else []
    return {
        "lead": lead, "case": lead.case, "search": lead.candidate.search, "candidate": lead.candidate,
        "items": rows_of(lead, user),
        "against": against,
        "verdicts": verdicts, "blocked": any(verdict.blocks for verdict in verdicts),
        "reasons": " ".join(verdict.remedy for verdict in verdicts if verdict.blocks),
        "stands": standing_of(lead, settings_in_force()), "steps": chain_of(lead), "graph": graph_of(lead, against),
        "made_under": made_under(lead), "manual_then": manual_of(lead), "manual_now": in_force().number,
        "applications": list(lead.applications.all()),
        "may_link": user.may("corroboration.link") and adds, "may_add": user.may("exculpatory.add"),
        "identities": [{"identity": one, "stands": stands(one), "words": where_it_stands(one)} for one in identities_of(lead)],
        "may_identify": user.may("identity.enter") and adds and lead.state != Lead.State.CLEARED,
        "may_answer_identity": user.may("identity.answer"),
        "identity_costs": Role.CAPTAIN in user.role_names and lead.state in LIVE,
        "may_clear": user.may("lead.clear") and "cleared" in Lead.TRANSITIONS[lead.state] and adds,
        "shown_field": field_for(of_lead(lead)), "signoff": signoff_of(lead),
        "may_sign_off": user.may("lead.sign_off") and lead.state in ("open", "denied")
        and bool(policy.parameter("lead_supervisor_signoff")),
        "may_allow_purpose": user.may("lead.allow_purpose") and lead.state in ("open", "denied")
        and bool(not_excepted(lead)),
        "exceptions": exceptions_of(lead),
        "may_mark": user.may("lead.mark_for_warrant"), "may_apply": user.may("warrant.apply"),
    }  # fmt: skip


def rows_of(lead: Lead, user) -> list[dict]:
    """The evidence for a lead as its table shows it."""
    alone = bool(policy.parameter("lineup_counts_alone"))
    counting = {item.pk for item in counting_items(lead, lineup_counts_alone=alone)}
    standings = standings_of(lead)
    return [_item(item, standings[item.pk], item.pk in counting, user) for item in lead.corroborations.all()]


def entries_of(lead: Lead, user) -> list[dict]:
    """The exculpatory register of a lead as its table shows it; of lists that are kept from this person one row (FR-08)."""
    told, kept = told_and_kept(lead.exculpatory.all(), user)
    return [_entry(entry) for entry in told] + [{"kept": KEPT} for _ in kept[:1]]


def _item(item: Corroboration, stands: Standing, counts: bool, user) -> dict:
    verification = getattr(item, "verification", None)
    return {
        "item": item, "counts": counts, "verification": verification, "lineup": stands.is_lineup, "stands": stands,
        "word": "Yes" if counts else STANDS[stands.standing], "days": days_in_words(stands),
        "because": because_in_words(item, stands, user), "rests": rests_in_words(item, stands, user),
        "differ": disagree(item),
        "may_verify": verification is None and item.withdrawn_at is None and item.linked_by_id != user.pk
        and user.may("corroboration.verify"),
        "costs": Role.CAPTAIN in user.role_names and item.lead.state in LIVE,
        "details": told(item.kind, item.details),
    }  # fmt: skip


def _entry(entry: ExculpatoryEntry) -> dict:
    answers = list(entry.answers.all())
    return {"entry": entry, "answer": answers[0] if answers else None, "open": not is_answered(entry)}


@require_GET
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The lead for printing."""
    lead = the_lead_in_full(request, number)
    policy.authorize(person(request), "lead.view", lead)
    return render(request, "leads/lead/print.html", _shown(request, lead))


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, number: str) -> HttpResponse:
    """Link evidence: first its kind, then the kind's own fields."""
    lead = the_lead(request, number)
    form_is_for(request, "corroboration.link", lead, case=lead.case)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in KINDS:
        return render(request, "leads/lead/link_kind.html", {"lead": lead, "form": KindForm()})
    form = LinkForm(request.POST or None, lead=lead, kind=kind)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            item = corroboration.link(
                lead=lead, actor=person(request), evidence=answers["evidence"], kind=kind, details=form.details(),
                ties_by=answers["ties_by"], because_of=answers["because_of"],
                rests_on_face=answers["rests_on_face"], independence=answers["independence"],
            )  # fmt: skip
            messages.success(request, f"{item} is linked. A colleague verifies it.")
            return redirect(lead)
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "lead": lead,
        "form": form,
        "kind": kind,
        "heading": f"Link {_kind_words(kind)}",
        "button": "Record the link",
    }
    return render(request, "leads/lead/form.html", context, status=status_of(form))


def _kind_words(kind: str) -> str:
    words = str(Corroboration.Kind(kind).label)
    return words if words.isupper() else words.lower()


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Verify or reject an item."""
    lead = the_lead(request, number)
    item = get_object_or_404(Corroboration.objects.select_related("evidence", "linked_by"), lead=lead, pk=pk)
    item.lead = lead
    form_is_for(request, "corroboration.verify", item, case=lead.case, level="view")
    form = VerifyForm(request.POST or None, shows=of_item(item))
    if request.method == "POST" and form.is_valid():
        try:
            corroboration.verify(
                item=item, actor=person(request), verified=form.cleaned_data["verified"] == "yes",
                because_of=form.cleaned_data["because_of"], rests_on_face=form.cleaned_data["rests_on_face"],
                reason=form.cleaned_data["reason"], shown=form.shown,
            )  # fmt: skip
            word = "verified" if form.cleaned_data["verified"] == "yes" else "rejected"
            messages.success(request, f"{item} is {word}. It stays on the record with your name.")
            return redirect(lead)
        except ValidationError as error:
            form.add_error("reason", error.messages)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    shown = _item(item, standings_of(lead)[item.pk], False, person(request))
    context = {"lead": lead, "form": form, "heading": f"Verify {item}", "shown": shown}
    return render(request, "leads/lead/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Withdraw a link."""
    lead = the_lead(request, number)
    item = get_object_or_404(Corroboration.objects.select_related("evidence", "lead__case"), lead=lead, pk=pk)
    form_is_for(request, "corroboration.withdraw", item, case=lead.case)
    form = DecideReasonForm(request.POST or None, shows=of_item(item))
    if request.method == "POST" and form.is_valid():
        try:
            corroboration.withdraw(item=item, actor=person(request), reason=form.cleaned_data["reason"],
                                   shown=form.shown)  # fmt: skip
            messages.success(request, f"{item} is withdrawn and counts no more. The record stays.")
            return redirect(lead)
        except ValidationError as error:
            form.add_error("reason", error.messages)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"lead": lead, "form": form, "heading": f"Withdraw {item}", "button": "Record and withdraw"}
    return render(request, "leads/lead/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def against(request: HttpRequest, number: str) -> HttpResponse:
    """Enter something that points away."""
    lead = the_lead(request, number)
    say_costs(request, "exculpatory.add", lead.case)
    form = AgainstForm(request.POST or None, lead=lead)
    if request.method == "POST" and form.is_valid():
        exculpatory.enter(lead=lead, actor=person(request), **form.cleaned_data)
        messages.success(
            request,
            "Entered. The application is approved: applicant, captain and chief are told, and it is disclosed in a supplement."
            if lead.state == Lead.State.APPROVED
            else "Entered. It is answered before anyone can approve.",
        )
        return redirect(lead)
    context = {
        "lead": lead,
        "form": form,
        "heading": "Add something that points away",
        "button": "Record what points away",
    }
    return render(request, "leads/lead/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Answer an entry of the register."""
    lead = the_lead(request, number)
    entry = get_object_or_404(ExculpatoryEntry, lead=lead, pk=pk)
    entry.lead = lead
    if kept_records([entry], person(request)):
        raise Http404
    form_is_for(request, "exculpatory.answer", entry, case=lead.case)
    form = AnswerForm(request.POST or None, shows=of_entry(entry))
    if request.method == "POST" and form.is_valid():
        try:
            exculpatory.answer(entry=entry, actor=person(request), **form.cleaned_data)
            messages.success(request, "Your answer is recorded. The captain and the court read it.")
            return redirect(lead)
        except ValidationError as error:
            add_errors(form, error)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {
        "lead": lead,
        "form": form,
        "heading": "Answer what points away",
        "entry": entry,
        "button": "Record the answer",
    }
    return render(request, "leads/lead/form.html", context, status=status_of(form))


@require_POST
def mark(request: HttpRequest, number: str) -> HttpResponse:
    """Mark for warrant."""
    lead = leads.mark_for_warrant(lead=the_lead(request, number), actor=person(request), shown=said_by(request))
    messages.success(request, f"{lead} is marked for warrant. Apply next; a captain decides.")
    return redirect(lead)


@require_http_methods(["GET", "POST"])
def sign_off(request: HttpRequest, number: str) -> HttpResponse:
    """Sign off as the third person (FR-08)."""
    lead = the_lead(request, number)
    form_is_for(request, "lead.sign_off", lead, case=lead.case, level="view")
    return _decide(
        request, lead, leads.sign_off, "Signed off. It stays on the record with your name.",
        {"heading": "Sign off on this lead", "button": "Record and sign off"},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def allow_purpose(request: HttpRequest, number: str) -> HttpResponse:
    """Say why a face that was searched for as no suspect has a way to a warrant (FR-12)."""
    lead = the_lead(request, number)
    form_is_for(request, "lead.allow_purpose", lead, case=lead.case, level="view")
    named = searches_in_words(not_excepted(lead), lead.case_id)
    return _decide(
        request, lead, leads.allow_purpose, "Recorded. The packet prints your reason beside the other searches.",
        {"heading": "Say why this face has a way to a warrant", "button": "Record the reason",
         "words": f"Your reason is about these searches and no other: {named}." if named else ""},
        shows=of_purpose(lead),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def clear(request: HttpRequest, number: str) -> HttpResponse:
    """Clear the person."""
    lead = the_lead(request, number)
    form_is_for(request, "lead.clear", lead, case=lead.case)
    return _decide(
        request, lead, leads.clear, "Cleared. Nothing follows from this lead any more.",
        {"heading": "Clear this person", "button": "Record and clear"},
    )  # fmt: skip


def _decide(
    request: HttpRequest,
    lead: Lead,
    carry_out: Callable[..., object],
    done: str,
    words: dict[str, str],
    *,
    shows: Parts | None = None,
) -> HttpResponse:
    """A decision on a lead with its reason, on what the page showed: the lead, or what `shows` has."""
    form = DecideReasonForm(request.POST or None, shows=shows or of_lead(lead))
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(lead=lead, actor=person(request), reason=form.cleaned_data["reason"], shown=form.shown)
            messages.success(request, done)
            return redirect(lead)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    return render(request, "leads/lead/form.html", {"lead": lead, "form": form} | words, status=status_of(form))
