"""The officer's console: live alerts, both pictures, map and facts; confirm or dismiss. Made for a tablet in a car."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from ecpd.problem import ProblemError
from ecpd.web.asking import allowed_role, own_answer, person
from ecpd.web.problems import as_problem
from ecpd.web.shown import field_for, said_by
from parking import store
from parking.forms.alert import ConfirmForm, DismissForm
from parking.models import Alert, Finding, PlateImage, Stay, StreetLabel, Zone
from parking.selectors.alert import live_alerts, uncited
from parking.selectors.hotlist import why_listed
from parking.selectors.shown import alert_parts
from parking.services import alert as alerts
from parking.services.access import note_work
from parking.views.alert_map import map_of

MOST = 20
DUE_WITHIN = timezone.timedelta(minutes=15)


@require_GET
def console(request: HttpRequest) -> HttpResponse:
    """The console. Opening it is an access to plate data and stands in the log (PK-06)."""
    allowed_role(request, "alert.view")
    shown = _live(request)
    note_work(user=person(request), purpose="parking", reason="Parking console opened.",
              terms={"screen": "live alerts"}, results=len(shown["rows"]))  # fmt: skip
    return render(request, "parking/console/console.html", shown)


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The live part: list, details and due list, asked for every few seconds by an open console."""
    allowed_role(request, "alert.view")
    return render(request, "parking/console/_live.html", _live(request))


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One alert on a page of its own, answered or not."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: UUID, **forms: Any) -> HttpResponse:
    """The page of an alert; `forms`: an answer that is not whole, with what was typed."""
    allowed_role(request, "alert.view")
    found = get_object_or_404(
        Alert.objects.select_related("zone", "device", "first_read", "last_read", "answer__officer"), pk=pk
    )
    note_work(user=person(request), purpose="parking", reason="An alert was opened.", terms={"plate": found.plate})
    shown = {"row": _rows([found])[0] | forms, "alert": found, "may_answer": _may_answer(request, found),
             "why_listed": why_listed(found), "next": _offered(request, found)}  # fmt: skip
    return render(request, "parking/console/alert.html", shown, status=422 if forms else 200)


def own_answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Takes a person's own answers only. The console sends in the background and wants JSON; else it is a page."""

    @wraps(view)
    def only_own(request: HttpRequest, pk: UUID) -> HttpResponse:
        try:
            own_answer(request)
            return view(request, pk)
        except ProblemError as error:
            if _wants_json(request):
                return JsonResponse(as_problem(error), status=error.status)
            raise

    return only_own


@require_POST
@own_answers
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm what the pictures show."""
    found, form = get_object_or_404(Alert, pk=pk), ConfirmForm(request.POST, auto_id=f"id_{pk.hex[:8]}_%s")
    if not form.is_valid():
        return _say_what_is_missing(request, pk, form, "confirm")
    answers = dict(form.cleaned_data)
    at = answers.pop("dispatch_confirmed_at")
    if at is not None:
        answers["dispatch_confirmed_at"] = timezone.make_aware(datetime.combine(timezone.localdate(), at))
    return _answered(request, found, lambda: alerts.confirm(
        alert=found, actor=person(request), shown=said_by(request), **answers
    ))  # fmt: skip


@require_POST
@own_answers
def dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Dismiss with a reason."""
    found, form = get_object_or_404(Alert, pk=pk), DismissForm(request.POST, auto_id=f"id_{pk.hex[:8]}_d_%s")
    if not form.is_valid():
        return _say_what_is_missing(request, pk, form, "dismiss")
    return _answered(request, found, lambda: alerts.dismiss(
        alert=found, actor=person(request), shown=said_by(request), **form.cleaned_data
    ))  # fmt: skip


@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture of a read that an alert rests on."""
    allowed_role(request, "alert.view")
    image = get_object_or_404(PlateImage, pk=pk, state=PlateImage.State.STORED)
    on_alert = Alert.objects.filter(Q(first_read=image.read_id) | Q(last_read=image.read_id))
    if not on_alert.exists():
        raise Http404
    return HttpResponse(store.read(image.sha256), content_type=image.media_type or "image/jpeg")


def _live(request: HttpRequest) -> dict:
    found = list(live_alerts()[: MOST + 1])
    rows = _rows(found[:MOST])
    due = Stay.objects.filter(
        ended_at__isnull=True, due_at__gt=timezone.now(), due_at__lte=timezone.now() + DUE_WITHIN, allowed_by=""
    ).select_related("zone")
    return {
        "rows": rows,
        "more": len(found) > MOST,
        "due": due.order_by("due_at")[:8],
        "uncited": uncited(person(request))[:MOST] if person(request).may("citation.issue") else (),
        "may_answer": person(request).may("alert.confirm"),
        "now": timezone.now(),
    }


def _rows(found: list[Alert]) -> list[dict]:
    """Each alert with its pictures, map and forms; a constant number of queries."""
    reads = {read.pk for alert in found for read in (alert.first_read, alert.last_read) if read is not None}
    pictures: dict[int, PlateImage] = {}
    opinions: dict[int, dict] = {}
    for image in PlateImage.objects.filter(read__in=reads, state=PlateImage.State.STORED).order_by("kind"):
        if image.read_id not in pictures or image.kind == "scene":
            pictures[image.read_id] = image
        opinions[image.read_id] = _weightier(opinions.get(image.read_id), image.opinion)
    refuted = dict(
        Finding.objects.filter(key__in=[alert.key for alert in found], state="refuted").values_list(
            "key", "refuted_why"
        )
    )
    zones = list(Zone.objects.filter(ends_at__isnull=True)) if found else []
    streets = list(StreetLabel.objects.filter(withdrawn_at__isnull=True)) if found else []
    return [
        {
            "alert": alert,
            "hot": alert.kind == Alert.Kind.HOTLIST,
            "first_picture": pictures.get(alert.first_read_id),
            "last_picture": pictures.get(alert.last_read_id),
            "first_opinion": opinions.get(alert.first_read_id),
            "last_opinion": opinions.get(alert.last_read_id),
            "doubted": any(
                (opinions.get(key) or {}).get("agrees") is False for key in (alert.first_read_id, alert.last_read_id)
            ),
            "map": map_of(alert, zones, streets),
            "over": _over(alert),
            "facts": alert.facts,
            "shown_field": _shown_field(alert, refuted.get(alert.key)),
            "refuted": refuted.get(alert.key, ""),
            "key": uuid4(),
            "state": alert.plate_state.removeprefix("US-"),
            "confirm": ConfirmForm(prefix=None, auto_id=f"id_{alert.pk.hex[:8]}_%s", initial=_read_by_machine(alert)),
            "dismiss": DismissForm(auto_id=f"id_{alert.pk.hex[:8]}_d_%s"),
        }
        for alert in found
    ]


def _shown_field(alert: Alert, refuted: str | None):
    """What the form says it showed: the same parts as `of_alert`, from what the list has read already."""
    return field_for(alert_parts(alert, [refuted] if refuted is not None else []))


def _weightier(one: dict | None, other: dict | None) -> dict | None:
    """Of what two pictures of one read say: a difference first, then agreement, then a picture that cannot tell."""
    given = [opinion for opinion in (one, other) if opinion]
    return min(given, key=lambda opinion: (False, True, None).index(opinion["agrees"]), default=None)


def _read_by_machine(alert: Alert) -> dict:
    return {"plate": alert.plate, "plate_state": alert.plate_state, "vehicle": alert.vehicle}


def _over(alert: Alert) -> str:
    if alert.kind == Alert.Kind.OVERTIME and alert.minutes_over:
        return f"+{int(alert.minutes_over)} min"
    return {Alert.Kind.HOTLIST: "Verify", Alert.Kind.LONG_STAY: "72 h +", Alert.Kind.NO_PARKING: "No parking"}.get(
        Alert.Kind(alert.kind), ""
    )


def _may_answer(request: HttpRequest, alert: Alert) -> bool:
    return alert.state == Alert.State.LIVE and person(request).may("alert.confirm")


def _answered(request: HttpRequest, alert: Alert, act) -> HttpResponse:
    """What was answered, and where it leads."""
    answer = act()
    follow = _next_step(alert, answer)
    if _wants_json(request):
        return JsonResponse({"outcome": answer.outcome, "next": follow})
    messages.success(request, f"{alert} is {answer.get_outcome_display().lower()}.")
    return redirect(follow or reverse("parking:console"))


def _next_step(alert: Alert, answer) -> str:
    """Where a confirmed alert leads: a draft citation, or the report of a long stay; a hotlist hit is dispatch's."""
    if answer.outcome != answer.Outcome.CONFIRMED or alert.kind == Alert.Kind.HOTLIST:
        return ""
    if alert.kind == Alert.Kind.LONG_STAY:
        return reverse("parking:abandoned-from-alert", args=[alert.pk])
    return reverse("parking:citation-from-alert", args=[alert.pk])


def _offered(request: HttpRequest, alert: Alert) -> str:
    """The next step that the page of a confirmed alert offers to the person who looks at it; "" for none."""
    user = person(request)
    if alert.state != Alert.State.CONFIRMED:
        return ""
    if alert.kind == Alert.Kind.LONG_STAY:
        return _next_step(alert, alert.answer) if user.may("abandoned.mark") else ""
    may = user.may("citation.issue") and uncited(user).filter(pk=alert.pk).exists()
    return _next_step(alert, alert.answer) if may or hasattr(alert, "citation") else ""


def _say_what_is_missing(request: HttpRequest, pk: UUID, form: Any, answer: str) -> HttpResponse:
    words = "; ".join(f"{form.fields[name].label or name}: {errors[0]}" for name, errors in form.errors.items()
                      if name in form.fields)  # fmt: skip
    if _wants_json(request):
        return JsonResponse({"title": "Something is missing", "detail": words, "status": 422}, status=422)
    messages.error(request, words)
    return _page(request, pk, **{answer: form})


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
