"""What is done about a vehicle on the street: report, marked warning, second look, closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from ecpd.policy import engine as policy
from ecpd.web.asking import add_errors, allowed_role, person
from parking.abandoned.grounds import AUTHORITY
from parking.forms.abandoned import WARNING, CloseForm, FromAlertForm, LookForm, MarkForm, ReportForm
from parking.models import AbandonedVehicle, Alert
from parking.services import abandoned
from parking.views.abandoned_lookup import step, the_matter


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Enter a vehicle that somebody told of or an officer saw."""
    allowed_role(request, "abandoned.mark")
    form = ReportForm(request.POST or None, request.FILES or None)
    return _reported(request, form, {})


@require_http_methods(["GET", "POST"])
def from_alert(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on from an alert about a long stay which a person has confirmed."""
    allowed_role(request, "abandoned.mark")
    alert = get_object_or_404(Alert.objects.select_related("answer"), pk=pk, kind=Alert.Kind.LONG_STAY)
    if alert.state != Alert.State.CONFIRMED:
        raise Http404
    if known := AbandonedVehicle.objects.filter(alert=alert).first():
        return redirect(known)
    read_off = {"plate": alert.answer.plate, "plate_state": alert.answer.plate_state, "vehicle": alert.answer.vehicle,
                "place": alert.place, "kind": AbandonedVehicle.Kind.STORED}  # fmt: skip
    form = FromAlertForm(request.POST or None, request.FILES or None, initial=read_off)
    fixed = {"alert": alert, "source": AbandonedVehicle.Source.READS, "longitude": alert.detail.get("longitude"),
             "latitude": alert.detail.get("latitude")}  # fmt: skip
    return _reported(request, form, fixed)


def _reported(request: HttpRequest, form: ReportForm, fixed: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            matter = abandoned.report(actor=person(request), **form.cleaned_data, **fixed)
            messages.success(request, f"{matter.number} is entered.")
            return redirect(matter)
        except ValidationError as error:
            add_errors(form, error)
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "alert": fixed.get("alert"), "heading": "Report a vehicle", "button": "Enter the report",
               "files": True}  # fmt: skip
    return render(request, "parking/abandoned/act.html", context, status=status)


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, number: str) -> HttpResponse:
    """Mark the warning, standing at the vehicle."""
    allowed_role(request, "abandoned.mark")
    matter = the_matter(request, number)
    form = MarkForm(request.POST or None, request.FILES or None,
                    initial={"kind": matter.kind, "notice_text": warning_of(matter.kind)})  # fmt: skip

    def act(answers: dict[str, Any]) -> str:
        made = abandoned.mark(matter=matter, actor=person(request), **answers)
        return f"The warning is marked; its {made.hours} hours run."

    return step(request, matter, form, act, heading=f"Mark {matter.number}", button="Mark the warning", more={
        "intro": "A photo, how the wheels stand, and the notice you leave. Nothing is written on the tire.", "rule": "PK-04",
    })  # fmt: skip


def warning_of(kind: str) -> str:
    """The notice's first words, for an officer to change."""
    ordinance = str(policy.parameter("stored_ordinance")) if kind == AbandonedVehicle.Kind.STORED else ""
    authority = f"{AUTHORITY[kind]}; {ordinance}" if ordinance else AUTHORITY[kind]
    words = AbandonedVehicle.Kind(kind).label.lower()
    return WARNING.format(kind=words, hours=abandoned.warning_hours(kind), authority=authority,
                          contact=policy.parameter("tow_hearing_contact"))  # fmt: skip


@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, number: str) -> HttpResponse:
    """Look again after the warning's time."""
    allowed_role(request, "abandoned.mark")
    matter = the_matter(request, number)
    if not hasattr(matter, "mark"):
        raise Http404
    form = LookForm(request.POST or None, request.FILES or None)

    def act(answers: dict[str, Any]) -> str:
        found = abandoned.look_again(matter=matter, actor=person(request), **answers)
        return f"Recorded: {found.get_outcome_display().lower()}."

    miles = policy.parameter("moved_miles_min")
    return step(request, matter, form, act, heading=f"Look again at {matter.number}", button="Record the second look", more={
        "intro": f"A vehicle that went {miles} miles or more has moved, and the matter ends.", "rule": "PK-04",
        "mark": matter.mark,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a matter before any tow."""
    allowed_role(request, "abandoned.mark")
    matter = the_matter(request, number)

    def act(answers: dict[str, Any]) -> str:
        abandoned.close(matter=matter, actor=person(request), **answers)
        return "The matter is closed."

    return step(request, matter, CloseForm(request.POST or None), act, heading=f"Close {matter.number}",
                button="Close the matter")  # fmt: skip
