"""Readers: register, renew the token, take over, retire; what each sent and what was refused."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.web.asking import add_errors, allowed_role, person
from ecpd.web.shown import field_for
from parking.forms.device import DeviceForm, ReasonForm
from parking.models import Device
from parking.selectors.device import batches_of, device_list, second_opinions
from parking.selectors.plate_policy import policy_in_force
from parking.selectors.shown import of_device
from parking.services import device as devices

ADDRESS = {
    Device.Format.CANONICAL: "/api/parking/reads/{token}",
    Device.Format.REKOR: "/api/parking/ingest/rekor/{token}",
    Device.Format.PLATE_RECOGNIZER: "/api/parking/ingest/platerecognizer/{token}",
    Device.Format.SHARPV: "/api/parking/ingest/sharpv/{token}",
}
PAGE = 30


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All readers."""
    allowed_role(request, "device.view")
    shown = {
        "devices": device_list(),
        "in_force": policy_in_force(),
        "may_manage": person(request).may("device.manage"),
    }
    return render(request, "parking/device/list.html", shown)


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A new reader; its address is shown once."""
    allowed_role(request, "device.manage")
    form = DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device, token = devices.register(actor=person(request), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return _shown_once(request, device, token)
    return render(request, "parking/device/register.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One reader: its clock, its deliveries, what was refused."""
    return _page(request, pk, ReasonForm())


def _page(request: HttpRequest, pk: int, form: ReasonForm) -> HttpResponse:
    allowed_role(request, "device.view")
    device = get_object_or_404(Device.objects.select_related("registered_by"), pk=pk)
    shown = {
        "device": device,
        "page": Paginator(batches_of(device), PAGE).get_page(request.GET.get("page")),
        "may_manage": person(request).may("device.manage") and device.retired_at is None,
        "acts_for_nobody": not device.registered_by.may("read.ingest"),
        "form": form,
        "shown_field": field_for(of_device(device)),
        "opinions": second_opinions(device),
    }
    return render(request, "parking/device/detail.html", shown, status=422 if form.errors else 200)


@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new token, shown once; the old one works another day unless it is ended at once."""
    device = get_object_or_404(Device, pk=pk)
    token = devices.rotate(device=device, actor=person(request), at_once="at_once" in request.POST)
    return _shown_once(request, device, token)


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on the reader acts for whoever presses this."""
    device = devices.take_over(device=get_object_or_404(Device, pk=pk), actor=person(request))
    messages.success(request, f"{device} acts for you from now on.")
    return redirect("parking:device", pk)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use, with the reason."""
    device = get_object_or_404(Device, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        devices.retire(device=device, actor=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, f"{device} is retired; its tokens open nothing any more.")
        return redirect("parking:device", pk)
    return _page(request, pk, form)


def _shown_once(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    """The address on a page of its own, never in a link, a message or a log."""
    address = request.build_absolute_uri(ADDRESS[Device.Format(device.format)].format(token=token))
    shown = {"device": device, "address": address, "next": reverse("parking:device", args=[device.pk])}
    return render(request, "parking/device/token.html", shown)
