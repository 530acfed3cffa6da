"""Figures add up, name nobody, and are for those who answer for them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from parking.models import Alert, Device
from parking.selectors.figures import FIRST_YEAR_CENTS, figures
from parking.services import alert as alerts
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
NOON = make.MONDAY_NOON
DAY = NOON.date()
TICKS = {"plate_checked": True, "state_checked": True, "vehicle_checked": True, "no_placard_seen": True}


@pytest.fixture
def agency():
    """Two cars have overstayed; one alert is confirmed, one dismissed."""
    made = make.agency()
    make.street(made.manager)
    for plate, metres in (("8ABC123", 40), ("7XYZ482", 80)):
        for at in (NOON - timedelta(hours=4), NOON + timedelta(minutes=34)):
            make.receive(made.device, make.seen(at, plate=plate, metres=metres), at=at)
    look_at_all()
    first, second = Alert.objects.order_by("plate")
    alerts.dismiss(alert=first, actor=made.officer, reason="driver")
    alerts.confirm(alert=second, actor=made.officer, plate=second.plate, plate_state="US-CA", vehicle="sedan", **TICKS)
    return made


def test_the_figures_add_up(agency):
    found = figures(DAY, DAY)
    assert (found.reads, found.cars_in_zones, found.alerts, found.confirmed, found.dismissed) == (4, 4, 2, 1, 1)
    assert found.reasons == {"Driver present or leaving": 1}
    assert found.precision == 0.5
    assert [(row.name, row.confirmed, row.dismissed) for row in found.by_reader] == [(agency.device.name, 1, 1)]
    assert found.by_day == [(DAY, 2, 1)]


def test_the_heat_map_counts_alerts_among_cars_seen_by_hour(agency):
    (row,) = figures(DAY, DAY).heat
    assert row.place == "Alder Street"
    assert (row.rates[8 - 7], row.rates[12 - 7], row.rates[9 - 7]) == (0, 1, None)


def test_other_days_are_empty(agency):
    found = figures(DAY - timedelta(days=9), DAY - timedelta(days=8))
    assert (found.reads, found.alerts, found.heat, found.precision) == (0, 0, [], None)


def test_the_first_years_cost_is_spread_over_its_days(agency):
    today = timezone.localdate(Device.objects.get().registered_at)
    assert figures(today, today).cost_cents == round(FIRST_YEAR_CENTS / 365)
    assert figures(today - timedelta(days=3), today - timedelta(days=1)).cost_cents == 0
    later = today + timedelta(days=365)
    assert figures(later, later).cost_cents == round(650000 / 365)


def test_the_page_and_the_csv_name_no_plate(agency, client):
    sign_in(client, agency.chief)
    days = {"begin": DAY.isoformat(), "end": DAY.isoformat()}
    page = client.get(reverse("parking:figures"), days).content.decode()
    table = client.get(reverse("parking:figures-csv"), days).content.decode()
    assert "Alder Street" in page and "overtime rate: Alder Street, 12:00" in table
    for plate in ("8ABC123", "7XYZ482"):
        assert plate not in page and plate not in table


@pytest.mark.parametrize(
    "query", [{"begin": "nonsense"}, {"begin": "2026-13-40"}, {"begin": "2026-12-01", "end": "2026-11-01"}]
)
def test_days_that_are_none_fall_back(agency, client, query):
    sign_in(client, agency.manager)
    assert client.get(reverse("parking:figures"), query).status_code == 200


def test_an_officer_reads_no_figures(agency, client):
    sign_in(client, agency.officer)
    assert client.get(reverse("parking:figures")).status_code == 403
