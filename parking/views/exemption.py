"""Exempt plates: the list, adding and ending one, taking in a list with a trial run."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from ecpd.policy.shown import of_row
from ecpd.web.asking import add_errors, allowed_role, carried_out, person
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for
from ecpd.web.spreadsheet import csv_file
from parking.forms.permit_desk import ExemptionForm, ExemptListForm, ReasonForm
from parking.models import Exemption, ExemptionImport
from parking.permits.exempt_list import UnreadableList
from parking.plates.likeness import normalise
from parking.services import exemption as exemptions

PAGE = 50


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Exempt plates with search and filters; adding one."""
    allowed_role(request, "exemption.change" if request.method == "POST" else "permit.view")
    form = ExemptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = exemptions.add_exemption(actor=person(request), **form.cleaned_data)
            messages.success(request, f"{added} is exempt until it expires.")
            return redirect("parking:exemptions")
        except ValidationError as error:
            add_errors(form, error)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "when")}
    page = Paginator(_filtered(asked), PAGE).get_page(request.GET.get("page"))
    kinds = [(value, word, None) for value, word in Exemption.Kind.choices]
    context = {
        "page": page, "asked": asked, "filtered": any(asked.values()), "form": form,
        "by_kind": filter_links(request, "kind", kinds),
        "by_time": filter_links(request, "when", [("live", "In force", None), ("over", "Expired or ended", None)]),
        "imports": ExemptionImport.objects.select_related("by")[:10],
        "may_change": person(request).may("exemption.change"), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "parking/exemption/list.html", context, status=422 if form.errors else 200)


def _filtered(asked: dict[str, str]):
    found, now = Exemption.objects.select_related("added_by", "ended_by"), timezone.now()
    if asked["q"]:
        text = Q(source__icontains=asked["q"]) | Q(words__icontains=asked["q"])
        found = found.filter(text | Q(plate__startswith=normalise(asked["q"]) or "-"))
    if asked["kind"]:
        found = found.filter(kind=asked["kind"])
    live = Q(ended_at__isnull=True, ends__gt=now)
    return {"live": found.filter(live), "over": found.exclude(live)}.get(asked["when"], found)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one."""
    allowed_role(request, "exemption.change")
    found, form = get_object_or_404(Exemption, pk=pk), ReasonForm(request.POST or None)
    ended, status = carried_out(request, form, lambda answers: exemptions.end_exemption(
        exemption=found, actor=person(request), reason=answers["reason"]
    ))  # fmt: skip
    if ended is not None:
        messages.success(request, f"{found} is ended.")
        return redirect("parking:exemptions")
    context = {"exemption": found, "form": form, "shown_field": field_for(of_row(found))}
    return render(request, "parking/exemption/end.html", context, status=status)


@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """A trial run of a list first; then the same file is sent again to take it in."""
    allowed_role(request, "exemption.change")
    form, outcome = ExemptListForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        file, source = form.cleaned_data["file"], form.cleaned_data["source"]
        try:
            if "take" in request.POST:
                outcome = exemptions.import_list(
                    content=file.read(), file_name=file.name, source=source, actor=person(request)
                )
                messages.success(request, f"{len(outcome.taken)} plates of {file.name} are exempt now.")
            else:
                outcome = exemptions.look_at_list(content=file.read())
        except UnreadableList as error:
            form.add_error("file", str(error))
    return render(request, "parking/exemption/import.html", {"form": form, "outcome": outcome},
                  status=422 if form.errors else 200)  # fmt: skip


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What was left out of an import and why, as CSV, for whoever made the list."""
    allowed_role(request, "exemption.change")
    found = get_object_or_404(ExemptionImport, pk=pk)
    rows = ((each["line"], each["plate"], each["reason"]) for each in found.rejected)
    return csv_file(f"left-out-{pk}.csv", [("line", "plate", "reason"), *rows])
