"""A read meets a hotlist: exactly or by one look-alike, in force at the moment of raising, one alert a day (PK-01)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from ecpd.policy.models import Decision
from parking.models import Alert, HotlistEntry, HotlistHit, Read
from parking.services import alert as alerts
from parking.services import hotlist as hotlists
from parking.services.hotlist_watch import raise_hits, watch_hotlists
from tests.factories import parking as make
from tests.parking.citation.conftest import as_owner
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
TICKS = {"plate_checked": True, "state_checked": True, "vehicle_checked": True}
READ_OFF = {"plate": "8ABC123", "plate_state": "US-CA", "vehicle": "blue sedan"}
SAID = {"dispatch_words": "Current, unit is coming"}


def test_a_read_of_a_listed_plate_is_an_alert_that_asks_to_verify(entry, pass_by):
    pass_by()
    alert = Alert.objects.get()
    assert (alert.kind, alert.state, alert.plate, alert.exact) == ("hotlist", "live", "8ABC123", True)
    assert alert.get_kind_display() == "Verify with dispatch"
    assert {fact["code"] for fact in alert.facts} == {"verify", "letters", "state", "vehicle"}
    assert Read.objects.get().keeps.exists()
    assert HotlistHit.objects.get().state == "raised"
    assert (alert.decision.action, alert.decision.outcome) == ("alert.raise", "allowed")


def test_nothing_an_officer_sees_of_a_hit_says_why(client, agency, entry, pass_by):
    pass_by()
    alert = Alert.objects.get()
    sign_in(client, agency.officer)
    for address in ("/parking/console/", alert.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "Verify with dispatch before you act" in page
        assert "stolen" not in page.lower()
    assert "stolen" not in f"{alert.facts} {alert.detail} {alert}".lower()


def test_one_look_alike_is_an_alert_that_says_so(entry, pass_by):
    pass_by("BABC123")
    alert = Alert.objects.get()
    assert not alert.exact
    letters = next(fact for fact in alert.facts if fact["code"] == "letters")
    assert letters["doubt"]
    assert "BABC123" in letters["sentence"] and "8ABC123" in letters["sentence"] and "B/8" in letters["sentence"]


@pytest.mark.parametrize("plate", ["BA8C123", "7ABC123", "8ABC12", "8ABC1234", "8AXC123"])
def test_two_look_alikes_other_letters_and_other_lengths_are_no_hit(entry, pass_by, plate):
    pass_by(plate)
    assert not HotlistHit.objects.exists()


def test_the_same_letters_of_another_state_are_no_hit(entry, pass_by):
    pass_by(state="US-NV")
    assert not HotlistHit.objects.exists()


def test_a_read_without_a_state_is_a_hit_that_asks_for_it(entry, pass_by):
    pass_by(state="")
    fact = next(fact for fact in Alert.objects.get().facts if fact["code"] == "state")
    assert fact["doubt"] and "Read it off the plate" in fact["sentence"]


def test_one_alert_for_each_entry_plate_and_day(entry, pass_by):
    now = timezone.now()
    noon = timezone.localtime(now).replace(hour=12, minute=0) - timedelta(days=1)
    pass_by(at=noon)
    pass_by(at=noon + timedelta(minutes=30))
    assert Alert.objects.count() == 1
    pass_by(at=noon - timedelta(days=1))
    assert Alert.objects.count() == 2


def test_a_read_that_fits_two_entries_is_two_alerts(agency, hotlist, entry, pass_by):
    other = hotlists.enter_hotlist(actor=agency.captain, kind="missing", source="Neighbor agency", reason="At risk",
                                   expires_on=timezone.localdate())  # fmt: skip
    hotlists.add_entry(hotlist=other, actor=agency.captain, plate="8ABC123")
    pass_by()
    assert Alert.objects.count() == 2


def withdraw_entry(agency, entry):
    hotlists.withdraw_entry(entry=entry, actor=agency.manager, reason="Found by its owner")


def withdraw_list(agency, entry):
    hotlists.withdraw_hotlist(hotlist=entry.hotlist, actor=agency.manager, reason="The source took it back")


def expire_list(agency, entry):
    with as_owner() as cursor:
        cursor.execute("UPDATE parking_hotlist SET expires_on = current_date - 2")


def expire_entry(agency, entry):
    with as_owner() as cursor:
        cursor.execute("UPDATE parking_hotlistentry SET expires_on = current_date - 2")


ENDINGS = [withdraw_entry, withdraw_list, expire_list, expire_entry]


@pytest.mark.parametrize("end", ENDINGS)
def test_an_entry_that_has_ended_is_not_even_noted(agency, entry, pass_by, end):
    end(agency, entry)
    pass_by()
    assert not HotlistHit.objects.exists()


@pytest.mark.parametrize("end", ENDINGS)
def test_an_entry_that_ends_between_read_and_door_raises_nothing(agency, entry, end):
    at = timezone.now() - timedelta(minutes=1)
    make.receive(agency.device, make.seen(at), at=at)
    watch_hotlists(list(Read.objects.all()))
    end(agency, entry)
    assert raise_hits() == 0
    assert not Alert.objects.exists()
    assert HotlistHit.objects.get().state == "denied"
    denied = Decision.objects.get(action="alert.raise")
    assert denied.outcome == "denied"
    assert any(v["rule_id"] == "PK-01" and v["outcome"] == "unmet" for v in denied.verdicts)
    assert not Read.objects.get().keeps.exists()


@pytest.mark.parametrize("end", ENDINGS)
def test_the_database_lets_no_hit_count_as_raised_from_an_entry_that_has_ended(agency, entry, pass_by, end):
    pass_by()
    alert = Alert.objects.get()
    end(agency, entry)
    with as_owner() as cursor:
        cursor.execute("UPDATE parking_hotlisthit SET state = 'found', alert_id = NULL")
    with pytest.raises(DatabaseError, match="PK-01"), transaction.atomic():
        HotlistHit.objects.update(state="raised", alert=alert)


def test_a_hit_that_a_worker_left_behind_is_raised_by_the_next(agency, entry):
    at = timezone.now() - timedelta(minutes=1)
    make.receive(agency.device, make.seen(at), at=at)
    watch_hotlists(list(Read.objects.all()))
    assert (raise_hits(), raise_hits()) == (1, 0)
    assert Alert.objects.count() == 1


def test_the_read_of_a_hit_that_came_to_nothing_leaves_with_all_others(agency, entry):
    from parking.services import purge
    from tests.parking.privacy.test_purge import resolve

    resolve(agency)
    at = timezone.now() - timedelta(days=40)
    make.receive(agency.device, make.seen(at), at=at)
    watch_hotlists(list(Read.objects.all()))
    withdraw_entry(agency, entry)
    assert raise_hits() == 0
    assert purge.purge_by_hand(actor=agency.manager).reads == 1
    hit = HotlistHit.objects.get()
    assert hit.read is None and hit.state == "denied"


def test_a_chunk_without_a_hit_costs_one_query(agency, entry, django_assert_num_queries):
    at = timezone.now() - timedelta(minutes=1)
    make.receive(agency.device, *(make.seen(at, plate=f"6XYZ{n:03}") for n in range(50)), at=at)
    reads = list(Read.objects.all())
    with django_assert_num_queries(1):
        watch_hotlists(reads)


def test_a_hit_is_confirmed_only_with_three_checks_and_dispatch(agency, entry, pass_by):
    from ecpd.policy.errors import PolicyDenied
    from parking.selectors.hotlist import why_listed

    pass_by()
    alert = Alert.objects.get()
    assert why_listed(alert) == ""
    whole = TICKS | READ_OFF | SAID | {"dispatch_confirmed_at": timezone.now()}
    for missing in ({"plate_checked": False}, {"state_checked": False}, {"vehicle_checked": False},
                    {"dispatch_confirmed_at": None}, {"dispatch_words": " "}):  # fmt: skip
        with pytest.raises(PolicyDenied):
            alerts.confirm(alert=alert, actor=agency.officer, **(whole | missing))
        assert why_listed(alert) == ""
    alerts.confirm(alert=alert, actor=agency.officer, **whole)
    alert.refresh_from_db()
    assert why_listed(alert) == "Stolen vehicle"


def test_what_stands_on_a_list_is_not_rewritten_or_deleted(agency, entry):
    for write in (
        lambda: HotlistEntry.objects.update(plate="9ZZZ999"),
        lambda: HotlistEntry.objects.update(withdrawn_at=timezone.now(), withdrawn_by=agency.manager),
        lambda: HotlistEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
