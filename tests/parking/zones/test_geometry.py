"""What cannot be drawn never stands in a row; an older row of that kind is named, and the rest is drawn."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from parking.curbs.shapes import sound
from parking.models import StreetLabel, Zone
from parking.selectors import city as cities
from parking.selectors.curb_rows import curbs_in_force
from parking.views.alert_map import map_of
from tests.accounts.conftest import owner
from tests.attacks.table_parking_reads import DRAWN, NOWHERE
from tests.factories import parking as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
WHOLE = {
    "a line": {"type": "LineString", "coordinates": [[-122.3, 37.9], [-122.3, 37.91]]},
    "a line with heights": {"type": "LineString", "coordinates": [[-122.3, 37.9, 1], [-122.3, 37.91, 2]]},
    "an area": {"type": "Polygon", "coordinates": [[[-122.3, 37.9], [-122.3, 37.91], [-122.29, 37.9], [-122.3, 37.9]]]},
    "two areas": {"type": "MultiPolygon", "coordinates": [
        [[[-122.3, 37.9], [-122.3, 37.91], [-122.29, 37.9], [-122.3, 37.9]]],
        [[[-122.4, 37.9], [-122.4, 37.91], [-122.39, 37.9], [-122.4, 37.9]]]]},
    "a point": {"type": "Point", "coordinates": [-122.3, 37.9]},
}  # fmt: skip
ODD = {
    "null": None, "a number": 3, "no kind": {"coordinates": [1, 2]}, "another kind": {"type": "Circle", "coordinates": [1, 2]},
    "no coordinates": {"type": "Point"}, "an object": {"type": "Point", "coordinates": {}},
    "numbers for lines": {"type": "LineString", "coordinates": [1, 2]}, "too far": {"type": "Point", "coordinates": [1e300, 2]},
    "one number": {"type": "Point", "coordinates": [1]}, "four": {"type": "Point", "coordinates": [1, 2, 3, 4]},
    "too deep": {"type": "LineString", "coordinates": [[[1, 2]], [[3, 4]]]},
}  # fmt: skip


def possible(said) -> bool:
    """What the database says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ecpd_geometry_possible(%s::jsonb)", [json.dumps(said)])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("name", WHOLE)
def test_what_can_be_drawn_is_taken(name):
    assert possible(WHOLE[name]) and sound(WHOLE[name]) is not None


@pytest.mark.parametrize("name", ODD)
def test_whatever_else_stands_there_is_refused_and_breaks_no_page(name):
    assert not possible(ODD[name]) and sound(ODD[name]) is None


@pytest.mark.parametrize("name", NOWHERE)
def test_a_row_takes_no_such_coordinates_and_says_so(name):
    label = StreetLabel(name="Demo Street", geometry=json.loads(NOWHERE[name]))
    assert not possible(label.geometry)
    with pytest.raises(ValidationError, match="make no line or area"):
        label.full_clean()
    with pytest.raises(DatabaseError, match="pk_16_street_drawable"), transaction.atomic():
        label.save()


@pytest.fixture
def old_rows():
    """A street of today with its alert's reads, and rows of before the CHECKs that cannot be drawn."""
    with owner(asleep=True) as cursor:
        for table, name in DRAWN.items():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    agency = make.agency()
    make.street(agency.manager)
    zone = Zone.objects.first()
    now = timezone.now()
    with owner(asleep=True):
        Zone.objects.create(street="Broken Street", geometry=json.loads(NOWHERE["a line of one point"]), starts_at=now,
                            published_at=now, updated_at=now, added_by=agency.manager)  # fmt: skip
        StreetLabel.objects.create(name="Broken Road", geometry=json.loads(NOWHERE["a line of words"]))
        StreetLabel.objects.create(name="Whole Road", geometry=WHOLE["a line"])
    return agency, zone


def test_an_old_row_that_cannot_be_drawn_is_named_and_the_rest_is_drawn(old_rows, caplog, client):
    agency, zone = old_rows
    sign_in(client, agency.manager)
    page = client.get(reverse("parking:zone-features"))
    assert page.status_code == 200
    assert str(zone.pk) in {each["id"] for each in page.json()["features"]}
    assert {"Broken Road"} < set(page.json()["not_drawn"])
    assert [each["name"] for each in page.json()["streets"]] == ["Whole Road"]
    assert str(zone.pk) in {each.id for each in curbs_in_force().zones}
    assert str(zone.pk) in cities.city().index.places
    assert "is left out: its coordinates make no line or area" in caplog.text


def test_the_map_of_an_alert_draws_the_rest(old_rows):
    class Read:
        x, y, sigma_m = make.LON, make.LAT, 3.0

    class Alert:
        first_read = last_read = Read()
        place, zone_id = "Demo Street", None

    drawn = map_of(Alert(), list(Zone.objects.all()), list(StreetLabel.objects.all()))
    assert "Broken Street" in drawn.not_drawn and "Broken Road" in drawn.not_drawn
    assert drawn.others
