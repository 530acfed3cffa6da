"""Zones: list and map, one zone with its history, drawing, rules, import and export."""

import uuid
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.problem import ProblemError
from ecpd.web.asking import add_errors, allowed_role, person
from parking.curbs.faults import CurbLosses
from parking.curbs.types import CurbZone, Scope
from parking.forms.device import ReasonForm
from parking.forms.zone import DetailsForm, ImportForm, PlaceForm, RuleForm
from parking.models import StreetLabel, Zone
from parking.selectors import zone as reads
from parking.selectors.curb_rows import drawable, milliseconds
from parking.services import curb_files
from parking.services import zone as zones

PAGE = 50
STATUS = [("", "All that stand", "standing"), ("enforced", "Enforced", "held"),
          ("not_enforced", "Not enforced", "not_held"), ("ended", "Ended", "over")]  # fmt: skip


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Zones on the map and as a list."""
    allowed_role(request, "zone.view")
    words, status = request.GET.get("q", ""), request.GET.get("status", "")
    found = reads.zone_list(words, status)
    counts = reads.zone_counts()
    shown = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "status": status,
        "choices": [(value, label, counts[key]) for value, label, key in STATUS],
        "imports": reads.imports()[:5],
        "may_change": person(request).may("zone.change"),
        "tiles": settings.PARKING_TILES,
    }
    return render(request, "parking/zone/list.html", shown)


@require_GET
def features(request: HttpRequest) -> JsonResponse:
    """What the map draws: zones as GeoJSON, street names beside them."""
    allowed_role(request, "zone.view")
    streets = StreetLabel.objects.filter(withdrawn_at__isnull=True)
    body = reads.zone_features(reads.zone_list(request.GET.get("q", ""), request.GET.get("status", "")))
    good, bad = drawable(streets)
    body["not_drawn"] += [street.name for street in bad]
    return JsonResponse(body | {"streets": [{"name": s.name, "geometry": s.geometry} for s in good]})


@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One zone: its rules now and before, what it rests on, what may be changed."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: uuid.UUID, **forms: Any) -> HttpResponse:
    """The page of a zone; `forms`: what was sent and refused, with what was typed."""
    allowed_role(request, "zone.view")
    zone = get_object_or_404(Zone.objects.select_related("added_by", "source", "previous"), pk=pk)
    may_change = person(request).may("zone.change") and zone.ends_at is None
    shown = {
        "zone": zone,
        "history": zone.policy_links.select_related("policy", "changed_by").order_by("-starts_at", "policy__priority"),
        "later": zone.later.first(),
        "may_change": may_change,
        "details": DetailsForm(instance=zone),
        "rule": RuleForm(prefix="rule"),
        "reason": ReasonForm(prefix="end"),
        "resolution": request.POST.get("resolution", zone.resolution),
        "tiles": settings.PARKING_TILES,
    }
    return render(request, "parking/zone/detail.html", shown | forms, status=422 if forms else 200)


@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """A new zone: drawn on the map, with one regulation."""
    allowed_role(request, "zone.change")
    place, rule = PlaceForm(request.POST or None), RuleForm(request.POST or None, prefix="rule")
    if request.method == "POST" and place.is_valid() & rule.is_valid():
        try:
            made = zones.draw_zone(actor=person(request), zone=_drawn(place.cleaned_data, policy := rule.policy()),
                                   policies=[policy], enforced=place.cleaned_data["enforced"])  # fmt: skip
        except ValidationError as error:
            add_errors(place, error)
        else:
            messages.success(request, f"{made} stands.")
            return redirect(made)
    shown = {"place": place, "rule": rule, "tiles": settings.PARKING_TILES}
    return render(request, "parking/zone/draw.html", shown, status=422 if place.errors or rule.errors else 200)


def _drawn(data: dict, policy) -> CurbZone:
    """A zone stands since its signs do, and since now where they are not entered."""
    now = milliseconds(timezone.now())
    signs = data["signs_since"]
    since = milliseconds(timezone.make_aware(datetime.combine(signs, time.min))) if signs else now
    names = ("street", "cross_street_start", "cross_street_end", "side", "resolution", "signs_since", "geometry")
    return CurbZone(
        id=str(uuid.uuid4()), policy_ids=(policy.id,), scope=Scope(data["scope"]), published_ms=now, updated_ms=now,
        start_ms=since, **{name: data[name] for name in names},
    )  # fmt: skip


@require_POST
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Details of a zone."""
    allowed_role(request, "zone.change")
    zone = get_object_or_404(Zone, pk=pk)
    form = DetailsForm(request.POST, instance=Zone.objects.get(pk=pk))
    if form.is_valid():
        zones.change_zone(zone=zone, actor=person(request), **form.cleaned_data)
        messages.success(request, "The zone is changed.")
        return redirect("parking:zone", pk)
    return _page(request, pk, details=form)


@require_POST
def change_rules(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another regulation from now on; the old one stays on the record."""
    allowed_role(request, "zone.change")
    zone, form = get_object_or_404(Zone, pk=pk), RuleForm(request.POST, prefix="rule")
    if form.is_valid():
        zones.change_rules(zone=zone, actor=person(request), policies=[form.policy()],
                           resolution=request.POST.get("resolution", "").strip() or zone.resolution)  # fmt: skip
        messages.success(request, "The new rule is in force; the old one stays in the history.")
        return redirect("parking:zone", pk)
    return _page(request, pk, rule=form)


@require_POST
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A zone ends, with the reason."""
    allowed_role(request, "zone.change")
    zone, form = get_object_or_404(Zone, pk=pk), ReasonForm(request.POST, prefix="end")
    if form.is_valid():
        zones.end_zone(zone=zone, actor=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, f"{zone} has ended.")
        return redirect("parking:zone", pk)
    return _page(request, pk, reason=form)


@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Import curb data: every fault of the file by feature, or everything at once."""
    allowed_role(request, "zone.change")
    form, checked, made = ImportForm(request.POST or None, request.FILES or None), None, None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = {"contents": [file.read() for file in data["files"]], "format": data["format"],
                 "name": ", ".join(file.name for file in data["files"])[:255], "mapping": data["mapping"]}  # fmt: skip
        try:
            if data["only_check"]:
                checked = curb_files.check(**asked)
            else:
                checked, made = curb_files.import_files(actor=person(request), **asked)
        except (ProblemError, ValidationError) as error:
            form.add_error("files", getattr(error, "message", None) or str(error))
    if made is not None:
        messages.success(
            request, f"{made} is imported: {made.counts['zones']} zones, {made.counts['policies']} policies."
        )
        return redirect("parking:zones")
    shown = {"form": form, "checked": checked}
    bad = bool(form.errors) or (checked is not None and checked.curbs is None)
    return render(request, "parking/zone/import.html", shown, status=422 if bad else 200)


@require_GET
def export_page(request: HttpRequest) -> HttpResponse:
    """What each version of CDS can say about the curbs in force, and the archives."""
    allowed_role(request, "zone.view")
    return render(request, "parking/zone/export.html", {"exportable": curb_files.exportable()})


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The curbs in force as CDS, in a ZIP archive."""
    allowed_role(request, "zone.view")
    version = request.GET.get("version", "1.0")
    try:
        content = curb_files.export_zip(version)
    except CurbLosses:
        messages.error(request, f"CDS {version} cannot say every rule. Nothing was exported.")
        return redirect("parking:zone-export-page")
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("parking:zone-export-page")
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="curbs-{version}-{timezone.localdate():%Y-%m-%d}.zip"'
    return response
