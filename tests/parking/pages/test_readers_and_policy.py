"""Pages of readers and of the plate usage policy, as the people who use them."""

from datetime import date

import pytest
from django.urls import reverse

from parking.models import Device, PlatePolicy
from parking.models.plate_policy import PARTS
from tests.factories import parking as make
from tests.shown import decide
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    """People, a published policy, a reader."""
    return make.agency()


def signed_in(client, user):
    """The client, signed in as this person."""
    sign_in(client, user)
    return client


def test_a_manager_registers_a_reader_and_sees_its_address_once(agency, client):
    signed_in(client, agency.manager)
    answer = client.post(reverse("parking:device-add"), {"name": "Car 14", "format": "rekor", "car": "Car 14"})
    address = answer.content.decode()
    device = Device.objects.get(name="Car 14")
    assert "/api/parking/ingest/rekor/" in address
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "/api/parking/ingest" not in client.get(reverse("parking:device", args=[device.pk])).content.decode()


def test_two_readers_of_one_name_are_refused_inline(agency, client):
    signed_in(client, agency.manager)
    answer = client.post(reverse("parking:device-add"), {"name": agency.device.name, "format": "rekor"})
    assert answer.status_code == 422
    assert "There is a reader of this name" in answer.content.decode()


def test_an_officer_sees_readers_and_changes_none(agency, client):
    signed_in(client, agency.officer)
    assert client.get(reverse("parking:devices")).status_code == 200
    assert client.get(reverse("parking:device-add")).status_code == 403
    assert client.post(reverse("parking:device-rotate", args=[agency.device.pk])).status_code == 403
    assert agency.device.tokens.count() == 1


def test_a_manager_renews_retires_and_takes_over(agency, client):
    other = make.people()["manager"]
    signed_in(client, other)
    device = agency.device
    client.post(reverse("parking:device-take-over", args=[device.pk]))
    device.refresh_from_db()
    assert device.registered_by == other
    assert client.post(reverse("parking:device-rotate", args=[device.pk]), {"at_once": "on"}).status_code == 200
    decide(
        client,
        reverse("parking:device", args=[device.pk]),
        {"reason": "Sold with the car."},
        to=reverse("parking:device-retire", args=[device.pk]),
    )
    device.refresh_from_db()
    assert device.retired_reason == "Sold with the car."


def test_the_public_reads_the_policy_in_force_without_an_account(agency, client):
    page = client.get(reverse("parking:plate-policy-public")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for part in PARTS:
        assert f"What the city says on {part}." in page
    assert "Sep 15, 2026" in page


def test_without_a_policy_the_public_is_told_that_no_plate_is_read(client, db):
    assert "reads no license plates" in client.get(reverse("parking:plate-policy-public")).content.decode()


def test_a_version_is_drafted_by_one_and_published_by_the_chief(client):
    who = make.people()
    signed_in(client, who["manager"])
    words = dict.fromkeys(PARTS, "Words of the city.") | {"public_comment_on": "2026-09-15"}
    client.post(reverse("parking:plate-policy-draft"), words)
    draft = PlatePolicy.objects.get()
    page, publish = (reverse(f"parking:plate-policy{act}", args=[draft.pk]) for act in ("", "-publish"))
    assert client.post(publish).status_code == 403
    signed_in(client, who["chief"])
    decide(client, page, to=publish)
    draft.refresh_from_db()
    assert (draft.published_by, draft.public_comment_on) == (who["chief"], date(2026, 9, 15))


def test_a_draft_with_gaps_says_what_is_missing(client):
    who = make.people()
    signed_in(client, who["manager"])
    client.post(reverse("parking:plate-policy-draft"), {"purposes": "Parking enforcement."})
    draft = PlatePolicy.objects.get()
    signed_in(client, who["chief"])
    page = client.get(reverse("parking:plate-policy", args=[draft.pk])).content.decode()
    assert "Still to write" in page
    assert client.post(reverse("parking:plate-policy-publish", args=[draft.pk])).status_code == 403
