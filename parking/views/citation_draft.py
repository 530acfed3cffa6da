"""Writing a citation: begun by hand or from an alert, kept while typed, issued, or thrown away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.policy import versions
from ecpd.policy.verdicts import Verdict
from ecpd.web.asking import allowed_role, look, person
from ecpd.web.shown import field_for, said_by
from parking.forms.citation import CitationForm, DeliveryForm
from parking.models import Alert, Citation, CitationDraft
from parking.selectors.shown import of_draft
from parking.services import citation as citations
from parking.services import citation_draft as drafts
from parking.views.citation import print_page
from parking.views.citation_lookup import note, the_citation, the_draft


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft by hand."""
    return redirect(drafts.begin(officer=person(request)))


@require_GET
def from_alert(request: HttpRequest, pk) -> HttpResponse:
    """The draft of a confirmed alert, or its citation once issued. Asked for twice it is the same draft."""
    alert = get_object_or_404(Alert, pk=pk)
    look(request, "alert.view", alert)
    if issued := Citation.objects.filter(alert=alert).first():
        return redirect(issued)
    draft = drafts.begin(officer=person(request), alert=alert)
    if draft.officer_id != person(request).pk:
        raise PermissionDenied
    return redirect(draft)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write on a draft; POST issues it."""
    draft = the_draft(request, pk)
    form = CitationForm(request.POST or None, initial=draft.answers, alert=draft.alert)
    if request.method == "POST":
        drafts.keep(draft=draft, answers=request.POST)
        if form.is_valid():
            return _issued(request, draft, form)
    else:
        note(request, f"Draft {draft.pk} of a citation", {"draft": draft.pk})
    with versions.read_once():  # from here on the request only reads
        verdicts = _verdicts(request, draft, form if form.is_bound else CitationForm(draft.answers, like=form))
        context = {"draft": draft, "form": form, "verdicts": verdicts, "shown_field": field_for(of_draft(draft))}
        status = 422 if form.is_bound and form.errors else 200
        return render(request, "parking/citation/write.html", context, status=status)


def _issued(request: HttpRequest, draft: CitationDraft, form: CitationForm) -> HttpResponse:
    answers = form.cleaned_data
    citation = citations.issue_citation(
        draft=draft, actor=person(request), observed=form.observed(), read_at_vehicle=answers["read_at_vehicle"],
        will_attach=answers["will_attach"], justification=answers["justification"], shown=said_by(request),
    )  # fmt: skip
    messages.success(request, f"{citation} is issued. Print it and attach it to the vehicle.")
    return redirect("parking:citation-print", citation.number)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed (htmx), and answer with the checklist as it stands; with nothing (204) once the draft is gone."""
    draft = the_draft(request, pk)
    if drafts.keep(draft=draft, answers=request.POST) is None:
        return HttpResponse(status=204)
    context = {"draft": draft, "verdicts": _verdicts(request, draft, CitationForm(request.POST, alert=draft.alert))}
    return render(request, "parking/citation/_checklist.html", context)


def _verdicts(request: HttpRequest, draft: CitationDraft, form: CitationForm) -> list[Verdict]:
    """What the rules say to what is typed so far; nothing before a violation and a time are chosen."""
    form.is_valid()
    observed = form.observed()
    if observed["violation"] is None or observed["violation_at"] is None:
        return []
    read = form.cleaned_data
    citation = Citation(**observed, alert=draft.alert, issued_by=person(request),
                        read_at_vehicle=bool(read.get("read_at_vehicle")))  # fmt: skip
    return policy.explain(
        person(request), "citation.issue", citation, read.get("justification") or "",
        will_attach=bool(read.get("will_attach")),
    )  # fmt: skip


@require_POST
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a draft."""
    drafts.throw_away(draft=the_draft(request, pk))
    messages.success(request, "The draft is thrown away. Nothing of it is kept.")
    return redirect("parking:citations")


@require_POST
def attached(request: HttpRequest, number: str) -> HttpResponse:
    """Say that it is attached, or that the vehicle drove off."""
    allowed_role(request, "citation.attach")
    citation = the_citation(request, number)
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        return print_page(request, number, form)
    citations.confirm_delivery(citation=citation, actor=person(request), **form.cleaned_data)
    messages.success(request, "Recorded. The citation is complete.")
    return redirect("parking:citation", citation.number)
