"""A permit in the demo, from the public page to the plate counted, as the README walks it."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts.models import User
from leads.demo import people
from parking.curbs.calendar import is_holiday
from parking.demo import load as demo
from parking.models import Permit, PermitApplication, PermitClass, PermitTerms, Zone
from parking.selectors.allowed import answer_for
from tests.parking.permits.making import PDF
from tests.shown import decide
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
APPLY = {"name": "Rosa Quill", "address": "12 Norvell Street", "plate_1": "8XYZ 123", "state_1": "US-CA"}


@pytest.fixture
def city(demo_place, monkeypatch) -> dict[str, User]:
    """The demo's parking without its patrol."""
    monkeypatch.setattr(demo, "_patrol", lambda device: None)
    staff = people.load()
    demo.load(staff)
    return staff


def url(name: str, *args) -> str:
    return reverse(f"parking:{name}", args=args)


def working_noon() -> datetime:
    """Noon of the next day on which the four-hour limit holds."""
    day = timezone.localdate() + timedelta(days=1)
    while day.weekday() >= 5 or is_holiday(day):
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(12)))


def limit_of(plate: str, area: str) -> timedelta | None:
    """How long a car that comes at noon may stay in a zone of an area; None is no end."""
    zone = Zone.objects.filter(areas__name__startswith=area, policy_links__policy__words__contains="4 hours").first()
    answer = answer_for(plate=plate, plate_state="US-CA", zone=zone, at=working_noon())
    assert answer.allowed is True
    return answer.until and answer.until - working_noon()


def test_everybody_can_apply_for_a_permit_of_either_area(city, client):
    page = client.get(url("permit-portal")).content.decode()
    for letter in "AB":
        assert f"Residential permit {letter}" in page and f"Visitor permit {letter}" in page
    assert PermitClass.objects.count() == PermitTerms.objects.count() == 4
    demo.load(city)
    assert PermitClass.objects.count() == PermitTerms.objects.count() == 4


def test_an_application_walks_from_the_public_page_to_the_plate_counted(city, client):
    sent = client.post(url("permit-portal"), {"email": "rosa@example.com"}).content.decode()
    link = re.search(r'id="demo-link" href="http://testserver([^"]+)"', sent)[1]
    client.post(link)
    bill = SimpleUploadedFile("bill.pdf", PDF, content_type="application/pdf")
    answer = client.post(url("permit-apply", "residential-a"), APPLY | {"documents": bill})
    assert answer.headers["Location"] == url("permit-mine"), answer.content.decode()
    assert limit_of("8XYZ123", "Area A") == timedelta(hours=4)
    number = PermitApplication.objects.get().number

    sign_in(client, city["solano"])
    granted = {"outcome": "approve", "reasons": "The bill shows the address."}
    decide(client, url("permit-application", number), granted, to=url("permit-decide", number))
    permit = Permit.objects.get()
    assert permit.number.startswith("RP-")

    long = limit_of("8XYZ123", "Area A")
    assert long is None or long > timedelta(hours=4)
    assert limit_of("8XYZ123", "Area B") == limit_of("9OTH456", "Area A") == timedelta(hours=4)

    sign_in(client, city["ames"])
    zone = Zone.objects.filter(areas__name__startswith="Area A", enforced=True).first()
    asked = {
        "plate": "8XYZ123",
        "state": "US-CA",
        "zone": zone.pk,
        "purpose": "parking",
        "reason": "Asked at the curb.",
    }
    page = client.post(url("check"), asked).content.decode()
    assert permit.number in page
