"""Permits at staff's desk: the list, one permit with its history, changing it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_refusal, allowed_role, person, status_of
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for
from ecpd.web.spreadsheet import csv_file
from parking.citations.money import dollars
from parking.forms.permit import StaffSwapForm
from parking.forms.permit_desk import EndForm, ReasonForm
from parking.models import Permit, PermitClass
from parking.selectors import permit as selector
from parking.selectors.shown import of_permit_page
from parking.services import permit as permits
from parking.views.permit_own import places_of
from parking.views.permit_portal import priced

PAGE = 40
SOON = timedelta(days=30)
COLUMNS = ("permit", "class", "holder", "address", "plates", "begins", "ends", "standing", "price", "approved_by")
STANDINGS = {"live": "In force", "soon": "Ends within 30 days", "over": "Over", "ended": "Ended early"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Permits with search and filters."""
    allowed_role(request, "permit.view")
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "standing", "class")}
    found = _filtered(asked)
    if request.GET.get("_export") == "csv":
        return _as_csv(request, found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    for permit in page:
        permit.standing = standing_of(permit)
    names = PermitClass.objects.values_list("code", "name")
    context = {
        "page": page, "asked": asked, "filtered": any(asked.values()),
        "by_standing": filter_links(request, "standing", [(key, word, None) for key, word in STANDINGS.items()]),
        "by_class": filter_links(request, "class", [(code, name, None) for code, name in names]),
        "may_enter": person(request).may("permit.enter"),
    }  # fmt: skip
    return render(request, "parking/permit/list.html", context)


def _filtered(asked: dict[str, str]):
    found, now = selector.permits_listed(), timezone.now()
    if asked["q"]:
        found = selector.search(found, asked["q"])
    if asked["class"]:
        found = found.filter(terms__permit_class__code=asked["class"])
    narrowed = {
        "live": {"ended_at__isnull": True, "ends__gt": now},
        "soon": {"ended_at__isnull": True, "ends__gt": now, "ends__lte": now + SOON},
        "over": {"ended_at__isnull": True, "ends__lte": now}, "ended": {"ended_at__isnull": False},
    }  # fmt: skip
    return found.filter(**narrowed.get(asked["standing"], {}))


def standing_of(permit: Permit) -> tuple[str, str]:
    """Where a permit stands: kind of status and words."""
    now = timezone.now()
    if permit.ended_at is not None:
        return "stop", "Replaced" if permit.replaced_by_id else "Ended"
    if permit.ends <= now:
        return "stop", "Over"
    if permit.begins > now:
        return "wait", "Not begun"
    return ("warn", "Ends soon") if permit.ends <= now + SOON else ("done", "In force")


def _as_csv(request: HttpRequest, found) -> HttpResponse:
    policy.authorize(person(request), "permit.view", None, what="list of permits")
    return csv_file("permits.csv", [COLUMNS, *map(_exported, found.iterator(chunk_size=1000))])


def _exported(one: Permit) -> tuple:
    return (
        one.number, one.terms.permit_class.name, one.application.name, one.application.full_address,
        " ".join(sorted({row.plate for row in one.left})), f"{timezone.localdate(one.begins)}",
        f"{timezone.localdate(one.last_moment)}", standing_of(one)[1], dollars(one.price_cents), one.approved_by.badge,
    )  # fmt: skip


def the_permit(number: str) -> Permit:
    """One permit with all its page shows. Raises Http404."""
    try:
        return selector.permit_in_full(number)
    except Permit.DoesNotExist:
        raise Http404 from None


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One permit: holder, plates and their history, warnings, what it replaced and was replaced by."""
    allowed_role(request, "permit.view")
    permit, user = the_permit(number), person(request)
    permit.standing = standing_of(permit)
    context = {
        "permit": permit, "application": permit.application, "terms": priced([permit.terms])[0],
        "price": dollars(permit.price_cents), "plates": [row for row in permit.plates.all() if row.place],
        "visits": [row for row in permit.plates.all() if not row.place], "shared": selector.shared_alerts(permit),
        "may_change": user.may("permit.change") and not permit.is_over,
        "may_renew": user.may("permit.enter") and permit.ended_at is None,
    }  # fmt: skip
    return render(request, "parking/permit/detail.html", context)


def _asked(
    request: HttpRequest,
    number: str,
    make_form: Callable[[Permit], Any],
    act: Callable[[Permit, dict], str],
    **words: str,
) -> HttpResponse:
    """A small form about a permit: shown, or carried out and back to the permit."""
    allowed_role(request, "permit.change")
    permit = the_permit(number)
    form = make_form(permit)
    if request.method == "POST" and form.is_valid():
        told = form.told() if hasattr(form, "told") else dict(form.cleaned_data)
        try:
            messages.success(request, act(permit, told))
            return redirect("parking:permit", number)
        except permits.CannotSwap as error:
            form.add_error(None, error.message)
        except PolicyDenied as denied:
            add_refusal(form, denied)
    context = {"permit": permit, "form": form, "shown_field": field_for(of_permit_page(permit)), **words}
    return render(request, "parking/permit/act.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest, number: str) -> HttpResponse:
    """Another plate."""

    def act(permit: Permit, told: dict) -> str:
        return f"{permits.swap_plate(permit=permit, actor=person(request), **told)} is in force now."

    return _asked(
        request, number, lambda permit: StaffSwapForm(request.POST or None, places=places_of(permit)), act,
        heading="Change the plate", button="Change it now", intro="The new plate counts at once, the old one no longer.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: str) -> HttpResponse:
    """End it."""

    def act(permit: Permit, told: dict) -> str:
        return f"{permits.end_permit(permit=permit, actor=person(request), **told).number} is ended."

    return _asked(request, number, lambda permit: EndForm(request.POST or None), act, heading="End the permit",
                  button="End it now", intro="It stays on the record with your reason, which the holder reads.")  # fmt: skip


@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, number: str) -> HttpResponse:
    """Another number for the rest of its time."""

    def act(permit: Permit, told: dict) -> str:
        new = permits.replace_permit(permit=permit, actor=person(request), **told)
        return f"{permit.number} is replaced by {new.number}."

    return _asked(request, number, lambda permit: ReasonForm(request.POST or None), act, heading="Replace the permit",
                  button="Replace it", intro="A new number, the same plates, the same end; the two are linked.")  # fmt: skip


@require_http_methods(["GET", "POST"])
def warn(request: HttpRequest, number: str) -> HttpResponse:
    """Warn its holder."""

    def act(permit: Permit, told: dict) -> str:
        asked = request.GET.get("alert", "")
        alert = next((each for each in selector.shared_alerts(permit) if str(each.pk) == asked), None)
        permits.warn_holder(permit=permit, actor=person(request), words=told["reason"], alert=alert)
        return "The warning is on the record and sent to the holder."

    return _asked(request, number, lambda permit: ReasonForm(request.POST or None), act, heading="Warn the holder",
                  button="Send the warning", intro="The holder reads what you write. Nothing is to be paid.")  # fmt: skip
