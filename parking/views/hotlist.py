"""Hotlists: the list, one list with its entries, files, withdrawing. Why plates are looked for is not for everybody.

Who answers alerts and does not keep hotlists reads no source and no reason before dispatch has confirmed (PK-01).
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from ecpd.policy.errors import PolicyDenied
from ecpd.policy.shown import of_row
from ecpd.web.asking import add_refusal, allowed_role, carried_out, person
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for
from ecpd.web.spreadsheet import csv_file
from parking.forms.hotlist import EntryForm, HotlistForm, ImportForm, WithdrawForm
from parking.hotlists.entries import COLUMNS, UnreadableFile
from parking.models import Hotlist, HotlistEntry, HotlistImport, PlateQuery
from parking.plates.likeness import normalise
from parking.selectors.hotlist import entries_of, hotlists
from parking.services import hotlist as services
from parking.services import hotlist_import
from parking.services.access import note_work

PAGE = 40


def _note(request: HttpRequest, reason: str, terms: dict[str, Any], results: int = 1) -> None:
    note_work(user=person(request), purpose=PlateQuery.Purpose.STOLEN, reason=reason, terms=terms, results=results)


def _tells_why(request: HttpRequest) -> bool:
    user = person(request)
    return user.may("hotlist.change") or not user.may("alert.confirm")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Hotlists, the newest first."""
    allowed_role(request, "hotlist.view")
    which, found = request.GET.get("which", ""), hotlists().order_by("-id")
    today = timezone.localdate()
    if which == "in_force":
        found = found.filter(withdrawn_at__isnull=True, expires_on__gte=today)
    elif which == "ended":
        found = found.exclude(withdrawn_at__isnull=True, expires_on__gte=today)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")), "today": today, "filtered": bool(which),
        "tells_why": _tells_why(request), "may_change": person(request).may("hotlist.change"),
        "links": filter_links(request, "which", [("in_force", "In force", None), ("ended", "Ended", None)]),
    }  # fmt: skip
    return render(request, "parking/hotlist/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: its entries, found by plate, and its files. The look is recorded (PK-06)."""
    allowed_role(request, "hotlist.view")
    hotlist = get_object_or_404(hotlists(), pk=pk)
    words = request.GET.get("q", "").strip()
    found = entries_of(hotlist)
    if words:
        found = found.filter(plate=normalise(words))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    _note(request, f"{hotlist} was opened.", {"hotlist": hotlist.pk} | ({"plate": words} if words else {}), len(page))
    today = timezone.localdate()
    context = {
        "hotlist": hotlist, "page": page, "words": words, "today": today, "tells_why": _tells_why(request),
        "in_force": hotlist.withdrawn_at is None and hotlist.expires_on >= today,
        "may_change": person(request).may("hotlist.change"), "files": hotlist.imports.select_related("by")[:20],
    }  # fmt: skip
    return render(request, "parking/hotlist/detail.html", context)


def _asked(
    request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], Hotlist], *, heading: str, button: str, done: str,
    hotlist: Hotlist | None = None, decides_on: Hotlist | HotlistEntry | None = None,
) -> HttpResponse:  # fmt: skip
    """A small form: shown, or carried out and back to the list; a refusal stands above what was typed."""
    made, status = carried_out(request, form, act)
    if made is not None:
        messages.success(request, done)
        return redirect(made)
    context = {"form": form, "heading": heading, "button": button, "hotlist": hotlist,
               "shown_field": field_for(of_row(decides_on)) if decides_on else ""}  # fmt: skip
    return render(request, "parking/hotlist/act.html", context, status=status)


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A new list."""
    allowed_role(request, "hotlist.change")
    return _asked(request, HotlistForm(request.POST or None),
                  lambda answers: services.enter_hotlist(actor=person(request), **answers),
                  heading="Enter a hotlist", button="Enter the list", done="The list is entered. Add plates to it.")  # fmt: skip


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """One plate by hand."""
    allowed_role(request, "hotlist.change")
    hotlist = get_object_or_404(Hotlist, pk=pk)

    def act(answers: dict[str, Any]) -> Hotlist:
        return services.add_entry(hotlist=hotlist, actor=person(request), **answers).hotlist

    return _asked(request, EntryForm(request.POST or None), act, heading=f"Add a plate to {hotlist}", button="Add the plate",
                  done="The plate is on the list.", hotlist=hotlist)  # fmt: skip


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a whole list."""
    allowed_role(request, "hotlist.change")
    hotlist = get_object_or_404(Hotlist, pk=pk)

    def act(answers: dict[str, Any]) -> Hotlist:
        return services.withdraw_hotlist(hotlist=hotlist, actor=person(request), **answers)

    form = WithdrawForm(request.POST or None)
    return _asked(request, form, act, heading=f"Withdraw {hotlist}",
                  button="Withdraw the list", done="The list is withdrawn; it raises nothing.", hotlist=hotlist,
                  decides_on=hotlist)  # fmt: skip


@require_http_methods(["GET", "POST"])
def withdraw_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one plate."""
    allowed_role(request, "hotlist.change")
    entry = get_object_or_404(HotlistEntry.objects.select_related("hotlist"), pk=pk)

    def act(answers: dict[str, Any]) -> Hotlist:
        return services.withdraw_entry(entry=entry, actor=person(request), **answers).hotlist

    return _asked(request, WithdrawForm(request.POST or None), act, heading=f"Withdraw {entry}", button="Withdraw the plate",
                  done=f"{entry} is withdrawn; nothing is raised from it.", hotlist=entry.hotlist,
                  decides_on=entry)  # fmt: skip


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of plates: looked at first, then taken in; what was refused and why."""
    allowed_role(request, "hotlist.change")
    hotlist = get_object_or_404(Hotlist, pk=pk)
    form, outcome, status = ImportForm(request.POST or None, request.FILES or None), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                outcome, status = _outcome(request, hotlist, form.cleaned_data), 200
            except UnreadableFile as error:
                form.add_error("upload", str(error))
            except PolicyDenied as denied:
                status = add_refusal(form, denied)
    if outcome and outcome.done:
        messages.success(request, f"{len(outcome.taken)} new, {len(outcome.known)} known, {len(outcome.changed)} changed, "
                         f"{len(outcome.withdrawn)} withdrawn, {len(outcome.rejected)} refused.")  # fmt: skip
        return redirect(hotlist)
    context = {"hotlist": hotlist, "form": form, "outcome": outcome, "columns": COLUMNS}
    return render(request, "parking/hotlist/import.html", context, status=status)


def _outcome(request: HttpRequest, hotlist: Hotlist, answers: dict[str, Any]) -> hotlist_import.Outcome:
    upload, whole = answers["upload"], answers["whole"]
    if "take_in" not in request.POST:
        return hotlist_import.look_at_entries(hotlist=hotlist, content=upload.read(), whole=whole)
    return hotlist_import.import_entries(hotlist=hotlist, content=upload.read(), file_name=upload.name,
                                         actor=person(request), whole=whole)  # fmt: skip


@require_GET
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a file that were not taken, as CSV."""
    allowed_role(request, "hotlist.change")
    found = get_object_or_404(HotlistImport, pk=pk)
    _note(request, f"Refused lines of {found.hotlist}", {"import": found.pk}, len(found.rejected))
    rows = ((row["line"], row["plate"], row["reason"]) for row in found.rejected)
    return csv_file("refused.csv", [("line", "plate", "reason"), *rows])
