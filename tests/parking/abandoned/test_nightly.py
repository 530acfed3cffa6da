"""The night's search for plates that stand at one place for days, through the database and the policy door."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from parking.models import AbandonedVehicle, Alert, Read
from parking.services import alert as alerts
from parking.services.abandoned_nightly import find_long_stays
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    """A street, with overtime left aside: the car has a right to stand, and stands for days."""
    made = make.agency()
    made.zones = make.street(made.manager)
    return made


def stand(agency, *hours, plate="8ABC123", **fields) -> None:
    """Reads so many hours ago."""
    for ago in sorted(hours, reverse=True):
        at = timezone.now() - timedelta(hours=ago)
        make.receive(agency.device, make.seen(at, plate=plate, **fields), at=at)
    look_at_all()


def long_stays():
    return Alert.objects.filter(kind="long_stay")


def test_a_plate_seen_at_one_place_for_three_days_becomes_an_alert_that_concludes_nothing(agency):
    stand(agency, 74, 50, 26, 1)
    assert find_long_stays() == 1
    alert = long_stays().get()
    assert alert.detail["passes"] == list(Read.objects.order_by("captured_at").values_list("pk", flat=True))
    assert "Time alone never says “abandoned”." in [fact["sentence"] for fact in alert.facts]
    assert not Read.objects.filter(keeps=None).exists()
    assert alert.decision.outcome == "allowed"


def test_running_it_twice_raises_nothing_twice(agency):
    stand(agency, 74, 50, 26, 1)
    assert (find_long_stays(), find_long_stays()) == (1, 0)


def test_less_than_three_days_a_gap_or_a_sighting_elsewhere_raise_nothing(agency):
    stand(agency, 70, 50, 26, 1, plate="8AAA111")
    stand(agency, 74, 1, plate="8BBB222")
    stand(agency, 74, 50, 26, 1, plate="8CCC333")
    stand(agency, 30, plate="8CCC333", side="L")
    assert find_long_stays() == 0


def test_the_database_is_asked_no_more_often_for_more_plates(agency, django_assert_max_num_queries):
    for n in range(4):
        stand(agency, 40, 1, plate=f"8DDD00{n}")
    with django_assert_max_num_queries(6):
        assert find_long_stays() == 0


def test_a_confirmed_long_stay_is_reported_with_the_time_of_its_first_read(client, agency):
    stand(agency, 74, 50, 26, 1)
    find_long_stays()
    alert = long_stays().get()
    sign_in(client, agency.officer)
    address = reverse("parking:abandoned-from-alert", args=[alert.pk])
    assert client.get(address).status_code == 404
    alerts.confirm(alert=alert, actor=agency.officer, plate="8ABC123", plate_state="US-CA", vehicle="blue sedan",
                   plate_checked=True, state_checked=True, vehicle_checked=True)  # fmt: skip
    page = client.get(address).content.decode()
    assert "8ABC123" in page and "Alder Street" in page
    client.post(address, {"kind": "stored_72h", "vehicle": "blue sedan", "plate": "8ABC123", "plate_state": "US-CA",
                          "place": "Alder Street"})  # fmt: skip
    matter = AbandonedVehicle.objects.get()
    assert (matter.source, matter.seen_since, matter.alert) == ("reads", alert.first_at, alert)
    assert client.get(address).headers["Location"] == matter.get_absolute_url()
    assert find_long_stays() == 0
