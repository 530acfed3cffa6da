"""What the citation form offers and takes: zones told apart, a color said once, one of two answers (PK-07)."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django_cotton import render_component

from parking.forms.citation import CitationForm
from parking.models import Zone
from parking.services import citation_draft


def form(zones: tuple[Zone, ...] = (), **typed: str) -> CitationForm:
    """A form over rows that are read already; filled in where something was typed."""
    rows = {"violation": {}, "zone": {str(zone.pk): zone for zone in zones}}
    like = SimpleNamespace(fields={name: SimpleNamespace(rows=of) for name, of in rows.items()})
    return CitationForm(typed or None, like=like)


@pytest.mark.parametrize(
    ("color", "body", "said"),
    [("Blue", "Red pickup", True), ("White", "black and white sedan", False), ("Blue", "Sedan", False), ("", "Red van", False)],
)  # fmt: skip
def test_the_kind_of_vehicle_names_no_other_color(color, body, said):
    assert ("body" in form(color=color, body=body).errors) is said


def test_two_zones_of_one_street_are_told_apart():
    ends = ("First Avenue", "Second Avenue", "Third Avenue")
    zones = [
        Zone(street="Alder Street", side="east", cross_street_start=start, cross_street_end=end)
        for start, end in pairwise(ends)
    ]
    bare = [Zone(street="Alder Street", side="east") for _ in range(2)]
    labels = [label for key, label in form((*zones, *bare)).fields["zone"].choices if key]
    assert len(set(labels)) == 4
    assert labels[0] == "Alder Street, east side, First Avenue to Second Avenue"


def shown(name: str) -> str:
    """One field of the form, as HTML."""
    return render_component(RequestFactory().get("/"), "field", {"field": form()[name]})


def test_one_of_two_answers_is_not_called_optional():
    assert "(or tick below)" in shown("vin_last4")
    assert "optional" not in shown("vin_last4")
    assert "(optional)" in shown("make")


def test_color_and_make_of_the_answer_are_said_in_their_own_fields():
    assert citation_draft._color("blue Honda sedan") == citation_draft._color("blue") == "Blue"
    assert citation_draft._color("beige") == ""
    assert citation_draft._color("black and white van") == citation_draft._color("sedan") == ""
    assert citation_draft._kind("blue Honda sedan", "Blue", "Honda") == "sedan"
    assert citation_draft._kind("sedan", "", "") == "sedan"
    assert citation_draft._kind("red pickup", "Blue", "") == "red pickup"
