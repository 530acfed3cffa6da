"""Plate data: looked up with a reason, held, shared on a request, deleted when its time is over; figures for all."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.web.asking import allowed_role, person
from ecpd.web.spreadsheet import csv_file
from parking.forms.device import ReasonForm
from parking.forms.plate import AgencyForm, HoldForm, LookupForm, ShareForm
from parking.models import AccessReport, PlateHold, PlatePurge, PlateQuery, PlateShare
from parking.selectors import plate as plates
from parking.selectors import share as sharers
from parking.selectors.plate_policy import policy_in_force
from parking.services import access, purge
from parking.services import share as sharing

PAGE, MOST = 50, 200


@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Look up a plate. The look is recorded before anything is shown; a reload asks for the reason again."""
    allowed_role(request, "plate.query")
    form, found = LookupForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        found = _found(request, form.cleaned_data)
        if "export" in request.POST:
            return _csv(found["reads"], form.cleaned_data["plate"])
    shown = {"form": form, "found": found, "mine": _mine(request)}
    return render(request, "parking/plate/lookup.html", shown, status=422 if form.errors else 200)


def _found(request: HttpRequest, asked: dict) -> dict:
    plate, state = asked["plate"], asked["plate_state"]
    reads = plates.reads_of(plate, state)
    count = reads.count()
    channel = PlateQuery.Channel.EXPORT if "export" in request.POST else PlateQuery.Channel.SCREEN
    access.look(
        user=person(request), purpose=asked["purpose"], reason=asked["reason"], terms={"plate": plate, "state": state},
        channel=channel, results=count,
    )  # fmt: skip
    return {"plate": plate, "reads": list(reads[:MOST]), "count": count, "most": MOST,
            "pictures": list(plates.pictures_of(plate)[:50]),
            "stays": plates.stays_of(plate)[:50], "alerts": plates.alerts_of(plate)[:50]}  # fmt: skip


def _csv(reads, plate: str) -> HttpResponse:
    response = HttpResponse(sharing.as_csv(reads), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plate-{plate}.csv"'
    return response


def _mine(request: HttpRequest):
    return PlateQuery.objects.filter(user=person(request)).order_by("-id")[:10]


@require_http_methods(["GET", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """Holds, and what was deleted."""
    allowed_role(request, "plate.hold")
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = access.place_hold(actor=person(request), **form.cleaned_data)
        messages.success(request, f"{made} stands: nothing it names is deleted.")
        return redirect("parking:plate-holds")
    return _holds(request, form)


def _holds(request: HttpRequest, form: HoldForm, **wrong: Any) -> HttpResponse:
    """The page of holds; `wrong`: which release was refused, and what was typed."""
    user = person(request)
    verdicts = policy.explain(user, "plate.purge") if user.may("plate.purge") else []
    shown = {
        "form": form,
        "release": ReasonForm(),
        "page": Paginator(PlateHold.objects.select_related("placed_by", "released_by"), PAGE).get_page(
            request.GET.get("page")
        ),
        "purges": PlatePurge.objects.all()[:10],
        "verdicts": verdicts,
        "may_purge": bool(verdicts) and not any(verdict.blocks for verdict in verdicts),
    }
    return render(request, "parking/plate/holds.html", shown | wrong, status=422 if form.errors or wrong else 200)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Release a hold, with the reason."""
    hold, form = get_object_or_404(PlateHold, pk=pk), ReasonForm(request.POST)
    said = request.POST.get("reason", "")
    if form.is_valid():
        try:
            access.release_hold(hold=hold, actor=person(request), reason=said)
            messages.success(request, f"{hold} is released.")
            return redirect("parking:plate-holds")
        except ValidationError as error:
            form.add_error("reason", error.messages)
    allowed_role(request, "plate.hold")
    return _holds(request, HoldForm(), wrong=hold.pk, said=said, why=" ".join(form.errors["reason"]))


@require_POST
def purge_now(request: HttpRequest) -> HttpResponse:
    """Delete what is due now."""
    made = purge.purge_by_hand(actor=person(request))
    messages.success(request, f"{made.reads:,} reads and {made.images:,} pictures are deleted; {made.kept:,} stay.")
    return redirect("parking:plate-holds")


@require_http_methods(["GET", "POST"])
def shares(request: HttpRequest) -> HttpResponse:
    """Requests of other agencies; a granted one answers with the file, once."""
    allowed_role(request, "plate.share")
    form = ShareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        refuse, reasons = data.pop("outcome") == "refused", data.pop("reason")
        made, content = sharing.share(actor=person(request), reasons=reasons, refuse=refuse, **data)
        if made.outcome == PlateShare.Outcome.GRANTED:
            response = HttpResponse(content, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="share-{made.pk}.csv"'
            return response
        messages.success(request, "The refusal is recorded.")
        return redirect("parking:plate-shares")
    return _shares(request, form, AgencyForm())


def _shares(request: HttpRequest, form: ShareForm, agency_form: AgencyForm) -> HttpResponse:
    listed = PlateShare.objects.select_related("agency", "decided_by")
    shown = {"form": form, "agency_form": agency_form, "agencies": sharers.may_ask().select_related("listed"),
             "left_out": sharers.left_out(), "listed": sharers.listed_agencies(),
             "page": Paginator(listed, PAGE).get_page(request.GET.get("page"))}  # fmt: skip
    return render(request, "parking/plate/shares.html", shown, status=422 if form.errors or agency_form.errors else 200)


@require_POST
def enter_agency(request: HttpRequest) -> HttpResponse:
    """An agency for the register."""
    allowed_role(request, "plate.partner")
    form = AgencyForm(request.POST)
    if form.is_valid():
        made = sharing.enter_agency(actor=person(request), **form.cleaned_data)
        messages.success(request, f"{made} is entered.")
        return redirect("parking:plate-shares")
    allowed_role(request, "plate.share")
    return _shares(request, ShareForm(), form)


@login_not_required
@require_GET
def public_figures(request: HttpRequest) -> HttpResponse:
    """Every month's accesses in numbers, for everybody (PK-17)."""
    shown = {"reports": AccessReport.objects.all()[:24], "policy": policy_in_force()}
    return render(request, "parking/plate/public_figures.html", shown)


@login_not_required
@require_GET
def public_figures_csv(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    return csv_file("plate-access.csv", [("month", "figure", "value"), *_figures()])


def _figures() -> Iterator[tuple]:
    for report in AccessReport.objects.all():
        for name, value in report.figures.items():
            parts = value.items() if isinstance(value, dict) else [("", value)]
            yield from ((f"{report.month:%Y-%m}", f"{name} {part}".strip(), number) for part, number in parts)
