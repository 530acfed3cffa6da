"""A holder's permit in the portal: another plate, guests, may it stand here, giving it up; and the guests' own page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.policy import engine as policy
from ecpd.problem import ProblemError
from ecpd.web.client_address import client_source
from parking.forms.permit import GuestCodeForm, GuestForm, OwnCheckForm, SwapForm, WithdrawForm
from parking.models import GuestCode, Permit, Zone
from parking.permits.timeline import free_place, in_force
from parking.selectors.allowed import answer_for
from parking.selectors.permit import permits_of, spans_of, swaps_today
from parking.services import permit as permits
from parking.services import permit_guest
from parking.views.allowed import WORDS
from parking.views.permit_portal import opened


def own_permit(email: str, number: str) -> Permit:
    """One's own permit. Raises Http404."""
    return get_object_or_404(permits_of(email).prefetch_related("terms__areas", "plates", "guest_codes"), number=number)


def places_of(permit: Permit) -> list[tuple[int, str]]:
    """The places whose plate can be changed, with the plate each has; 0 is a free place."""
    now = max(timezone.now(), permit.begins)
    spans = spans_of(permit.plates.all())
    taken = [(span.place, f"{span.plate} {span.state.removeprefix('US-')}") for span in in_force(spans, now)]
    free = [(0, "A free place")] if free_place(spans, now, permit.terms.plates_max) else []
    return [*sorted(taken), *free] or [(1, "No plate")]


@opened
@require_GET
def detail(request: HttpRequest, email: str, number: str) -> HttpResponse:
    """The permit, its plates now and before, its guests, and what can be done."""
    return _page(request, own_permit(email, number))


def _page(request: HttpRequest, permit: Permit, status: int = 200, **forms: Any) -> HttpResponse:
    days = int(policy.parameter("permit_renewal_days"))
    zones = Zone.objects.filter(areas__permit_terms=permit.terms_id, ends_at__isnull=True, enforced=True).distinct()
    now = timezone.now()
    context = {
        "permit": permit, "plates": [row for row in permit.plates.all() if row.place], "zones": zones[:200],
        "plates_left": [row for row in permit.plates.all() if row.is_in_force],
        "visits": [row for row in permit.plates.all() if not row.place],
        "swap": SwapForm(places=places_of(permit)), "guest": GuestCodeForm(), "end": WithdrawForm(),
        "swaps_left": max(0, int(policy.parameter("permit_swaps_per_day")) - swaps_today(permit)),
        "visits_left": permit_guest.visits_left(permit) if permit.terms.is_for_guests else None,
        "codes": [code for code in permit.guest_codes.all() if code.revoked_at is None and code.expires_at > now],
        "may_renew": not permit.is_over and permit.ends - now <= timedelta(days=days), "now": now,
    } | forms  # fmt: skip
    return render(request, "parking/permit/own.html", context, status=status)


def _done(request: HttpRequest, email: str, number: str, form, name: str, act: Callable[[], str]) -> HttpResponse:
    """Carry out what a form asks and say so, or show the permit again with what is wrong."""
    if form.is_valid():
        try:
            messages.success(request, act())
            return redirect("parking:permit-own", number=number)
        except ProblemError as error:
            form.add_error(None, error.message)
    return _page(request, own_permit(email, number), 422, **{name: form, "wrong": form})


@opened
@require_POST
def swap(request: HttpRequest, email: str, number: str) -> HttpResponse:
    """Another plate, at once."""
    permit = own_permit(email, number)
    form = SwapForm(request.POST, places=places_of(permit))

    def act() -> str:
        row = permits.swap_plate(permit=permit, **form.told())
        return f"{row} is in force now."

    return _done(request, email, number, form, "swap", act)


@opened
@require_POST
def guest_code(request: HttpRequest, email: str, number: str) -> HttpResponse:
    """A code for guests, shown once."""
    permit, form = own_permit(email, number), GuestCodeForm(request.POST)

    def act() -> str:
        row, code = permit_guest.make_code(permit=permit, **form.cleaned_data)
        return (f"The code is {code}. Write it down, it is not shown again. A guest enters it at "
                f"{request.build_absolute_uri('/parking/guest/')} and may park for {row.hours} hours.")  # fmt: skip

    return _done(request, email, number, form, "guest", act)


@opened
@require_POST
def guest_revoke(request: HttpRequest, email: str, number: str, pk: int) -> HttpResponse:
    """End a code."""
    code = get_object_or_404(GuestCode, pk=pk, permit=own_permit(email, number))
    permit_guest.revoke_code(code=code)
    messages.success(request, f"{code} is ended. Visits that began go on.")
    return redirect("parking:permit-own", number=number)


@opened
@require_POST
def give_up(request: HttpRequest, email: str, number: str) -> HttpResponse:
    """End one's permit."""
    permit, form = own_permit(email, number), WithdrawForm(request.POST)

    def act() -> str:
        permits.end_permit(permit=permit, reason=form.cleaned_data["reason"])
        return f"{permit.number} is ended."

    return _done(request, email, number, form, "end", act)


@opened
@require_GET
def check(request: HttpRequest, email: str, number: str) -> HttpResponse:
    """Whether a plate of one's own permit may park in a zone from now on; what readers saw of it is not shown."""
    permit, form = own_permit(email, number), OwnCheckForm(request.GET)
    form.fields["plate"].queryset = permit.plates.filter(ends__gt=timezone.now())
    if not form.is_valid():
        raise Http404
    row, zone = form.cleaned_data["plate"], form.cleaned_data["zone"]
    answer = answer_for(plate=row.plate, plate_state=row.plate_state, zone=zone, at=timezone.now(), reads=False)
    kind, words = WORDS[answer.allowed]
    context = {"permit": permit, "row": row, "zone": zone, "answer": answer, "kind": kind, "words": words}
    return render(request, "parking/permit/own_check.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def guest(request: HttpRequest) -> HttpResponse:
    """A guest enters code and plate; made for a phone."""
    form = GuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            visit = permit_guest.enter_visit(**form.cleaned_data, address=client_source(request))
            return render(
                request, "parking/guest/parked.html", {"visit": visit, "areas": visit.permit.terms.areas.all()}
            )
        except ProblemError as error:
            form.add_error(None, error.message)
    return render(request, "parking/guest/enter.html", {"form": form}, status=422 if form.errors else 200)
