"""Finding matters for pages, recording that plate data was shown (PK-06), and the small form every step has."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ecpd.web.asking import carried_out, look, person
from ecpd.web.shown import field_for
from parking.models import AbandonedVehicle, PlateQuery
from parking.selectors.abandoned import matter_in_full
from parking.selectors.shown import of_matter, of_tow
from parking.services.access import note_work


def the_matter(request: HttpRequest, number: str, *, noted: bool = False) -> AbandonedVehicle:
    """The matter of this number with all its page shows. Raises Http404, PolicyDenied.

    Who holds tow hearings sees those for which one is asked. `noted`: the look is recorded (PK-06).
    """
    try:
        matter = matter_in_full(number.upper())
    except AbandonedVehicle.DoesNotExist:
        raise Http404 from None
    heard = hasattr(getattr(matter, "tow", None), "hearing")
    if not (heard and person(request).may("tow.hear")):
        look(request, "abandoned.view", matter)
    if noted:
        note(request, f"Matter {matter.number} was opened.", {"matter": matter.number, "plate": matter.plate or "none"})
    return matter


def the_tow(request: HttpRequest, number: str, *, with_hearing: bool = False):
    """A matter and its tow order. Raises Http404 when none was ordered, or no hearing asked for."""
    matter = the_matter(request, number)
    order = getattr(matter, "tow", None)
    if order is None or (with_hearing and not hasattr(order, "hearing")):
        raise Http404
    return matter, order


def note(request: HttpRequest, reason: str, terms: dict[str, Any], results: int = 1) -> None:
    """Record that this page showed plates of abandoned vehicles."""
    note_work(user=person(request), purpose=PlateQuery.Purpose.ABANDONED, reason=reason, terms=terms, results=results)


def step(
    request: HttpRequest, matter: AbandonedVehicle, form: Form, act: Callable[[dict[str, Any]], str], *, heading: str,
    button: str, more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """A form about a matter: shown, or carried out and back to the matter.

    `act` takes the answers and returns what to say. A refusal stands above what was typed, so that nothing is lost.
    """
    said, status = carried_out(request, form, act)
    if said is not None:
        messages.success(request, said)
        return redirect(matter)
    order = getattr(matter, "tow", None)
    context = {"matter": matter, "form": form, "heading": heading, "button": button, "files": form.is_multipart(),
               "shown_field": field_for(of_matter(matter) if order is None else of_tow(order))}  # fmt: skip
    return render(request, "parking/abandoned/act.html", context | dict(more or {}), status=status)
