"""The one question, on rows: is this plate allowed here now, and why."""

from datetime import timedelta
from uuid import uuid4

import pytest

from parking.models import Zone
from parking.overtime.permits import Exemption, Permit
from parking.selectors import rights
from parking.selectors.allowed import answer_for, right_here
from parking.services import zone as zones
from parking.services.looking import look_at_all
from tests.factories import parking as make

pytestmark = pytest.mark.django_db
NOON = make.MONDAY_NOON
HOUR = timedelta(hours=1)


@pytest.fixture
def agency():
    """People, a policy, a reader, a street with four-hour zones."""
    made = make.agency()
    make.street(made.manager)
    return made


@pytest.fixture
def found(monkeypatch):
    """Rights that a provider finds; tests add to it."""
    known: list[Permit] = []
    monkeypatch.setattr(rights, "_providers", [lambda keys, begin, end: known])
    return known


def east() -> Zone:
    """The zone of the tests."""
    return Zone.objects.get(pk=make.EAST)


def asked(at=NOON, plate="8ABC123", **fields):
    """The answer for the test's car."""
    return answer_for(**{"plate": plate, "plate_state": "US-CA", "zone": east(), "at": at} | fields)


def test_who_parks_now_may_stay_as_long_as_the_limit(agency):
    answer = asked()
    assert answer.allowed is True
    assert answer.until == NOON + 4 * HOUR
    assert any("Limit 4 h" in fact.sentence for fact in answer.why)


def test_who_was_seen_before_the_limit_may_not(agency):
    make.receive(agency.device, make.seen(NOON - 4 * HOUR - timedelta(minutes=1)), at=NOON - 4 * HOUR)
    look_at_all()
    assert asked().allowed is False
    assert asked(NOON - timedelta(minutes=2)).allowed is True


def test_the_same_letters_of_another_state_are_another_car(agency):
    make.receive(agency.device, make.seen(NOON - 5 * HOUR), at=NOON - 5 * HOUR)
    look_at_all()
    assert asked(plate_state="US-NV").allowed is True
    assert asked(plate_state="").allowed is False


def test_a_permit_lifts_the_limit_in_its_zones_only(agency, found):
    make.receive(agency.device, make.seen(NOON - 5 * HOUR), at=NOON - 5 * HOUR)
    look_at_all()
    found.append(Permit("1", ("8ABC123",), zones=frozenset({make.WEST})))
    assert asked().allowed is False
    found.append(Permit("2", ("8ABC123",), zones=frozenset({make.EAST})))
    assert asked().allowed is True


def test_a_permit_for_a_plate_that_looks_alike_leaves_the_answer_to_a_person(agency, found):
    make.receive(agency.device, make.seen(NOON - 5 * HOUR), at=NOON - 5 * HOUR)
    look_at_all()
    found.append(Permit("1", ("BABC123",)))
    answer = asked()
    assert answer.allowed is None
    assert any(fact.doubt and "looks like" in fact.sentence for fact in answer.why)


def test_outside_the_hours_and_where_nothing_is_enforced_anybody_may_stand(agency):
    assert asked(NOON + 24 * HOUR * 5).allowed is True  # a Saturday
    zones.change_zone(zone=east(), actor=agency.manager, enforced=False)
    answer = asked()
    assert answer.allowed is True
    assert "Nothing is enforced" in answer.why[0].sentence


def test_by_hand_only_a_right_counts_not_the_time_that_nobody_measured(agency, found):
    assert right_here(plate="8ABC123", zone=east(), at=NOON).allowed is False
    found.append(Exemption("9", ("8ABC128",), name="City fleet"))
    assert right_here(plate="8ABC123", zone=east(), at=NOON).allowed is None
    found.append(Permit("1", ("8ABC123",), zones=frozenset({make.EAST})))
    assert right_here(plate="8ABC123", zone=east(), at=NOON).allowed is True


def test_without_a_zone_a_right_of_some_zones_is_a_question_and_one_of_all_is_an_answer(agency, found):
    found.append(Permit("1", ("8ABC123",), zones=frozenset({make.EAST})))
    assert asked(zone=None).allowed is None
    found.append(Permit("2", ("8ABC123",)))
    assert asked(zone=None).allowed is True


def test_rules_that_changed_since_are_asked_as_they_were(agency):
    hour = [make.four_hours(str(uuid4()), minutes=60)]
    zones.change_rules(zone=east(), actor=agency.manager, policies=hour, resolution="Resolution 2026-40")
    assert asked(NOON).until == NOON + 4 * HOUR
    later = NOON + timedelta(weeks=100)
    assert asked(later).until == later + HOUR
