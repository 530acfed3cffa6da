"""May this vehicle stand here, and until when?"""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.curbs.types import Activity, CurbRule, TimeSpan
from parking.overtime.allowed import allowed_here
from parking.overtime.judge import judge
from parking.overtime.permits import Exemption, Permit, PermitIndex, held_by
from parking.plates.likeness import within_one_edit
from tests.parking.overtime.making import at, limit, minutes, rules, seen, stay_of

TWO_HOURS = limit()
SWEEPING = rules(CurbRule(Activity.NO_PARKING), TimeSpan(start=time(10), end=time(12)))


def asked(when, by=TWO_HOURS, plate="8ABC123", **about):
    """Allowed, and until when."""
    answer = allowed_here(plate, by, when, **about)
    return answer.allowed, answer.until


def test_who_parks_now_may_stay_as_long_as_the_limit():
    assert asked(at(9)) == (True, at(11))


def test_who_was_seen_before_may_stay_until_the_limit_from_then_on():
    assert asked(at(10), stay=stay_of(seen(at(9)))) == (True, at(11))
    assert asked(at(11, 1), stay=stay_of(seen(at(9)))) == (False, at(18))


def test_who_parks_late_in_the_enforced_hours_may_stay_into_the_next():
    assert asked(at(16, 30)) == (True, at(10, 0, date(2026, 11, 25)))


def test_outside_enforced_hours_the_time_counts_from_their_beginning():
    assert asked(at(6)) == (True, at(10))


def test_where_nothing_is_ever_enforced_no_end_is_in_sight():
    assert asked(at(9), by=rules(CurbRule(Activity.PARKING))) == (True, None)


def test_parking_is_allowed_until_a_ban_begins_and_not_in_it():
    assert asked(at(9), by=SWEEPING) == (True, at(10))
    assert asked(at(11), by=SWEEPING) == (False, at(12))


def test_a_permit_lifts_the_limit_while_it_is_valid_and_not_a_ban():
    permit = Permit("p", ("8ABC123",), frozenset({"here"}))
    assert asked(at(9), permits=[permit]) == (True, None)
    assert asked(at(9), permits=[Permit("p", ("8ABC123",), ends=at(10))]) == (True, at(12))
    assert asked(at(11), by=SWEEPING, permits=[permit])[0] is False
    assert asked(at(11), by=SWEEPING, exemptions=[Exemption("e", ("8ABC123",))])[0] is True


def test_a_permit_with_a_limit_gives_its_own():
    assert asked(at(9), permits=[Permit("p", ("8ABC123",), limit_minutes=240)]) == (True, at(13))


def test_a_permit_for_a_look_alike_makes_the_answer_unknown_never_no():
    stay = stay_of(seen(at(9)))
    answer = allowed_here("8ABC123", TWO_HOURS, at(12), stay=stay, permits=[Permit("p", ("BABC123",))])
    assert answer.allowed is None
    assert "looks like this plate" in " ".join(fact.sentence for fact in answer.why)
    assert asked(at(12), stay=stay, permits=[Permit("p", ("BABC123",), frozenset({"away"}))])[0] is False


def test_a_class_that_has_a_rule_of_its_own_gets_it():
    by = rules(CurbRule(Activity.NO_PARKING, user_classes_except=("resident",)))
    assert asked(at(9), by=by)[0] is False
    assert asked(at(9), by=by, permits=[Permit("p", ("8ABC123",), classes=frozenset({"resident"}))])[0] is True


@given(st.integers(0, 600), st.integers(0, 600), st.booleans())
def test_whoever_is_found_over_is_not_allowed_and_whoever_is_allowed_is_not_found_over(first, later, permitted):
    began, now = at(8) + minutes(first), at(8) + minutes(first + later)
    pictures = stay_of(seen(began)) if later > 480 or not later else stay_of(seen(began), seen(now))
    permits = [Permit("p", ("8ABC12",))] if permitted else []
    finding = judge(pictures, TWO_HOURS, now, permits=permits)
    answer = allowed_here("8ABC123", TWO_HOURS, now, stay=pictures, permits=permits)
    if finding.is_over:
        assert answer.allowed is False
    if answer.allowed:
        assert not finding.is_over and (answer.until is None or answer.until > now)


@given(st.lists(st.text("ABC123", min_size=4, max_size=7), max_size=20), st.text("ABC123", min_size=4, max_size=7))
def test_the_index_finds_every_permit_one_character_away(plates, asked_plate):
    permits = [Permit(str(number), (plate,)) for number, plate in enumerate(plates)]
    near = PermitIndex(permits).near(asked_plate)
    assert {each for each in permits if within_one_edit(each.plates[0], asked_plate)} <= set(near)
    exact = [held.plate for held in held_by([asked_plate], near) if held.exact]
    assert exact == [asked_plate] * plates.count(asked_plate)


@pytest.mark.parametrize("moment", [at(9), at(9, 59)])
def test_a_permit_is_valid_from_its_beginning_to_before_its_end(moment):
    permit = Permit("p", ("8ABC123",), frozenset({"here"}), begins=at(9), ends=at(10))
    assert permit.is_valid("here", moment)
    assert not permit.is_valid("away", moment)
    assert not permit.is_valid("here", at(10)) and not permit.is_valid("here", at(8, 59))
