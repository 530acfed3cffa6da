"""From reads to alerts, through the database and the policy door."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecpd.policy.models import Decision
from parking import tasks
from parking.models import Alert, Finding, Read, Stay, Track
from parking.overtime.permits import Permit
from parking.selectors import rights
from parking.services import zone as zones
from parking.services.looking import look_at_all
from tests.factories import parking as make

pytestmark = pytest.mark.django_db
NOON = make.MONDAY_NOON
HOUR = timedelta(hours=1)


@pytest.fixture
def agency():
    """People, a published policy, a reader, a street with four-hour zones."""
    made = make.agency()
    make.street(made.manager)
    return made


@pytest.fixture
def permits(monkeypatch):
    """What a provider of rights would find; tests add to it."""
    found: list[Permit] = []
    monkeypatch.setattr(rights, "_providers", [lambda keys, begin, end: found])
    return found


def pass_by(agency, *items, at) -> None:
    """The patrol passes, the reads arrive at once and are looked at."""
    make.receive(agency.device, *items, at=at)
    look_at_all()


def test_a_car_seen_twice_past_limit_and_grace_is_an_alert_with_its_reasoning(agency):
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + 6 * timedelta(minutes=1)), at=NOON + 6 * timedelta(minutes=1))
    alert = Alert.objects.get()
    assert (alert.kind, alert.state, alert.plate, str(alert.zone_id)) == ("overtime", "live", "8ABC123", make.EAST)
    assert alert.limit_minutes == 240
    assert alert.minutes_over == pytest.approx(6)
    assert alert.first_read.keeps.exists() and alert.last_read.keeps.exists()
    assert alert.decision.outcome == "allowed"
    assert any("4 h 6 min" in fact["sentence"] for fact in alert.facts)


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_finds_another_one_is_asked_to_raise(agency, monkeypatch):
    asked = []
    monkeypatch.setattr("ecpd.queue.outbox.put", lambda message: asked.append(message[0]))
    for at in (NOON - 4 * HOUR, NOON + HOUR):
        make.receive(agency.device, make.seen(at), at=at)
        tasks.look_at_reads()
    assert set(asked) == {"parking.tasks.look_at_reads", "parking.tasks.raise_findings"}
    asked.clear()
    assert Finding.objects.get().state == "found"
    tasks.raise_findings()
    tasks.raise_findings()
    assert Alert.objects.get().plate == "8ABC123"
    tasks.look_at_reads()
    assert asked == [], "Nothing waits, nobody is woken."


def test_within_the_grace_nothing_is_raised_and_the_stay_is_due(agency):
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + 4 * timedelta(minutes=1)), at=NOON + 4 * timedelta(minutes=1))
    assert not Alert.objects.exists()
    stay = Stay.objects.get()
    assert stay.due_at == NOON + timedelta(minutes=5)
    assert stay.passes == 2


def test_two_reads_in_one_delivery_out_of_order_come_to_the_same(agency):
    late = NOON + timedelta(minutes=30)
    pass_by(agency, make.seen(late), make.seen(NOON - 4 * HOUR), at=late)
    assert Alert.objects.get().minutes_over == pytest.approx(30)


def test_one_stay_is_one_alert_however_often_it_is_seen(agency):
    for minutes in (-240, 10, 20, 30):
        at = NOON + timedelta(minutes=minutes)
        pass_by(agency, make.seen(at), at=at)
    assert Alert.objects.count() == 1
    assert Finding.objects.count() == 1


def test_the_other_side_of_the_street_is_another_place(agency):
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR, side="L"), at=NOON + HOUR)
    assert not Alert.objects.exists()
    assert {str(zone) for zone in Stay.objects.values_list("zone_id", flat=True)} == {make.EAST, make.WEST}


def test_a_car_seen_elsewhere_in_between_has_not_overstayed(agency):
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON - 2 * HOUR, side="L"), at=NOON - 2 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR), at=NOON + HOUR)
    assert not Alert.objects.exists()


def test_a_late_read_that_shows_it_elsewhere_refutes_the_finding(agency):
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR), at=NOON + HOUR)
    assert Alert.objects.count() == 1
    pass_by(agency, make.seen(NOON - 2 * HOUR, side="L"), at=NOON + 2 * HOUR)
    finding = Finding.objects.get(key=Alert.objects.get().key)
    assert finding.state == "refuted"
    assert "elsewhere" in finding.refuted_why


def test_a_permit_stops_the_alert_and_is_named(agency, permits):
    permits.append(Permit("1", ("8ABC123",), name="Residential permit A-17"))
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR), at=NOON + HOUR)
    assert not Alert.objects.exists()
    assert Stay.objects.get().allowed_by == "Residential permit A-17"


def test_a_permit_granted_before_the_door_is_asked_stops_it_there(agency, permits, monkeypatch):
    monkeypatch.setattr("parking.services.looking.looking.raise_findings", lambda: 0)
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR), at=NOON + HOUR)
    assert Finding.objects.get().state == "found"
    permits.append(Permit("1", ("8ABC128",), name="Residential permit A-17"))
    monkeypatch.undo()
    monkeypatch.setattr(rights, "_providers", [lambda keys, begin, end: permits])
    look_at_all()
    assert Finding.objects.get().state == "denied"
    denied = Decision.objects.get(action="alert.raise")
    assert denied.outcome == "denied"
    assert any(v["rule_id"] == "PK-03" and v["outcome"] == "unmet" for v in denied.verdicts)


def test_a_worker_that_died_before_raising_leaves_a_finding_for_the_next(agency, monkeypatch):
    monkeypatch.setattr("parking.services.looking.looking.raise_findings", lambda: 0)
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR), at=NOON + HOUR)
    assert not Alert.objects.exists()
    monkeypatch.undo()
    look_at_all()
    look_at_all()
    assert Alert.objects.count() == 1


def test_a_zone_that_is_not_enforced_raises_nothing(agency):
    from parking.models import Zone

    zones.change_zone(zone=Zone.objects.get(pk=make.EAST), actor=agency.manager, enforced=False)
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR), at=NOON + HOUR)
    assert not Alert.objects.exists()
    assert Stay.objects.get().due_at is None


def test_a_read_whose_zone_is_uncertain_is_kept_and_raises_nothing(agency):
    far = make.seen(NOON, metres=make.BLOCK_M + 6)
    pass_by(agency, far, at=NOON)
    read = Read.objects.get()
    assert (read.state, read.zone) == ("ambiguous", None)
    assert read.x is not None


def test_a_read_without_position_is_kept_and_raises_nothing(agency):
    pass_by(agency, make.seen(NOON) | {"observer": None}, at=NOON)
    assert Read.objects.get().state == "unplaced"
    assert not Track.objects.exists()


def test_frames_of_one_pass_are_one_sighting(agency):
    frames = [make.seen(NOON + timedelta(seconds=second)) for second in range(4)]
    pass_by(agency, *frames, at=NOON + timedelta(seconds=5))
    assert sorted(Read.objects.values_list("state", flat=True)) == ["done", "repeat", "repeat", "repeat"]
    assert len(Track.objects.get().sightings) == 1


def test_a_misread_letter_at_the_same_spot_still_is_one_stay_and_says_so(agency):
    pass_by(agency, make.seen(NOON - 4 * HOUR), at=NOON - 4 * HOUR)
    pass_by(agency, make.seen(NOON + HOUR, plate="BABC123"), at=NOON + HOUR)
    alert = Alert.objects.get()
    assert not alert.exact
    assert any(fact["doubt"] for fact in alert.facts)


def test_looking_twice_changes_nothing(agency):
    pass_by(agency, make.seen(NOON - 4 * HOUR), make.seen(NOON), at=NOON)
    before = list(Track.objects.values_list("sightings", flat=True))
    assert look_at_all() == 0
    assert list(Track.objects.values_list("sightings", flat=True)) == before


ROW = {"7NEI001": 40, "7NEI002": 47, "8ABC123": 54, "7NEI003": 61, "7NEI004": 68, "7NEI005": 75}


def row(at, *without: str) -> list[dict]:
    """A pass along six cars in a row, some of which are not there."""
    return [
        make.seen(at + timedelta(seconds=number), metres=metres, plate=plate)
        for number, (plate, metres) in enumerate(ROW.items())
        if plate not in without
    ]


def overtime(plate: str = "8ABC123") -> list[Finding]:
    """The findings on a car."""
    return list(Finding.objects.filter(content__plate=plate))


def test_two_passes_that_read_both_neighbors_and_not_the_car_end_its_stay(agency):
    for minutes in (-240, -120, -60, 10):
        at = NOON + timedelta(minutes=minutes)
        pass_by(agency, *row(at, *(["8ABC123"] if minutes in (-120, -60) else [])), at=at)
    assert overtime() == []
    assert len(overtime("7NEI003")) == 1
    first, second = Stay.objects.filter(plate="8ABC123").order_by("first_at")
    assert (first.ended_why, second.ended_why) == ("absent", "")
    assert second.due_at == NOON + timedelta(minutes=255, seconds=2)


def test_one_pass_that_did_not_read_the_car_is_a_doubt_on_its_alert(agency):
    for minutes in (-240, -120, 10):
        at = NOON + timedelta(minutes=minutes)
        pass_by(agency, *row(at, *(["8ABC123"] if minutes == -120 else [])), at=at)
    facts = Alert.objects.get(plate="8ABC123").facts
    (doubt,) = [fact for fact in facts if fact["code"] == "not_read"]
    assert doubt["doubt"] and doubt["sentence"].startswith("The patrol passed at 10:00 am")
    assert not any(fact["code"] == "not_read" for fact in Alert.objects.get(plate="7NEI003").facts)


def test_an_offline_reader_whose_passes_arrive_late_refutes_the_finding_and_a_later_batch_restores_it(agency):
    for minutes in (-240, 10):
        at = NOON + timedelta(minutes=minutes)
        pass_by(agency, *row(at), at=at)
    (finding,) = overtime()
    assert finding.state == "raised"
    late = NOON + HOUR
    passes = [NOON - timedelta(minutes=minutes) for minutes in (120, 60)]
    pass_by(agency, *(item for at in passes for item in row(at, "8ABC123")), at=late)
    finding.refresh_from_db()
    assert finding.state == "refuted"
    assert "did not read the vehicle there" in finding.refuted_why
    pass_by(agency, *(make.seen(at + timedelta(seconds=2), metres=54) for at in passes), at=late)
    finding.refresh_from_db()
    assert (finding.state, finding.refuted_why) == ("raised", "")
    assert Alert.objects.filter(plate="8ABC123").count() == 1


def test_late_passes_refute_nothing_where_the_car_was_read(agency):
    for minutes in (-240, 10):
        at = NOON + timedelta(minutes=minutes)
        pass_by(agency, *row(at), at=at)
    pass_by(agency, *row(NOON - 2 * HOUR), *row(NOON - HOUR), at=NOON + HOUR)
    assert {finding.state for finding in Finding.objects.all()} == {"raised"}


def test_a_plate_like_it_at_the_spot_that_comes_late_takes_the_absence_back(agency):
    """It was linked to nothing, so the car's own track did not change; the passes did."""
    at_first, passes = NOON - 4 * HOUR, [NOON - 2 * HOUR, NOON - HOUR]
    pass_by(agency, *row(at_first), at=at_first)
    for at in passes:
        pass_by(agency, *row(at, "8ABC123"), at=at)
    pass_by(agency, *row(NOON + timedelta(minutes=10)), at=NOON + timedelta(minutes=10))
    assert overtime() == []
    other = {"make": "Ford", "model": "", "color": "red", "type": "truck"}
    alike = [make.seen(at + timedelta(seconds=2), metres=54, plate="8ABC12", vehicle=other) for at in passes]
    pass_by(agency, *alike, at=NOON + HOUR)
    assert [finding.state for finding in overtime()] == ["raised"]


def test_several_passes_settle_a_zone_that_each_alone_leaves_open(agency):
    """Near the open end of the block each position alone is uncertain."""
    for number in range(7):
        at = NOON + timedelta(minutes=45 * number - 240)
        pass_by(agency, make.seen(at, metres=make.BLOCK_M - 3.5), at=at)
    assert set(Read.objects.values_list("state", flat=True)) == {"ambiguous"}
    alert = Alert.objects.get()
    assert any("passes together" in fact["sentence"] for fact in alert.facts)


def test_looking_costs_a_fixed_number_of_queries_however_many_stays_are_over(agency, monkeypatch):
    monkeypatch.setattr("parking.services.looking.looking.raise_findings", lambda: 0)
    plates = {
        1: ("3STU998",),
        2: ("9QRS117", "7KLM225"),
        6: ("4BCD331", "5DFG442", "6GHJ553", "7JKL664", "8LMN775", "9NPQ886"),
    }

    def queries(count: int) -> int:
        spots = dict(enumerate(plates[count]))
        first = [make.seen(NOON - 4 * HOUR, metres=30 + 7 * n, plate=plate) for n, plate in spots.items()]
        last = [make.seen(NOON + HOUR, metres=30 + 7 * n, plate=plate) for n, plate in spots.items()]
        make.receive(agency.device, *first, *last, at=NOON + HOUR)
        with CaptureQueriesContext(connection) as captured:
            look_at_all()
        assert Finding.objects.filter(content__plate__in=plates[count], state="found").count() == count
        return len(captured)

    queries(1)  # builds the city
    assert queries(2) == queries(6)
