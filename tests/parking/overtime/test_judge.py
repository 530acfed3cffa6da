"""What is said of a stay: over or not, since when, and facts a person can check."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.curbs.types import Activity, CurbPolicy, CurbRule, TimeSpan
from parking.overtime.judge import Breach, judge
from parking.overtime.parameters import Parameters
from parking.overtime.permits import Exemption, Permit
from parking.overtime.sighting import Link
from parking.overtime.zone_rules import ZoneRules
from tests.parking.overtime.making import (
    BLUE_HONDA,
    PLACES,
    RED_FORD,
    at,
    limit,
    minutes,
    rules,
    seen,
    stay_of,
    track_of,
)

TWO_HOURS = limit()


def sentence(finding, code: str) -> str:
    """The sentence of a fact; there must be exactly one of that code."""
    (fact,) = [fact for fact in finding.facts if fact.code == code]
    return fact.sentence


def fact(finding, code: str):
    """The one fact of a code."""
    (found,) = [fact for fact in finding.facts if fact.code == code]
    return found


def judged(*sightings, by=TWO_HOURS, now=None, **about):
    """The finding on the one stay of these sightings, at the last of them unless another moment is given."""
    return judge(stay_of(*sightings), by, now or sightings[-1].at, **about)


def test_two_pictures_farther_apart_than_limit_and_grace_are_over():
    finding = judged(seen(at(9)), seen(at(11, 39), moved=3))
    assert finding.is_over and finding.breach is Breach.OVERTIME
    assert (finding.minutes_over, finding.limit_minutes, finding.exact) == (39, 120, True)
    assert [each.sentence for each in finding.facts] == [
        "2 h 39 min between pictures", "Limit 2 h, plus 5 min grace", "Enforced until 6:00 pm",
        "3 m apart, not seen elsewhere between", "Zone certain to 98 % and 98 %", "No permit, no exemption",
        "Both readings have the same letters",
    ]  # fmt: skip


@given(st.integers(0, 300), st.integers(0, 30), st.sampled_from([30, 60, 120, 240]))
def test_a_stay_is_over_exactly_when_its_pictures_are_farther_apart_than_limit_and_grace(apart, grace, limited):
    pictures = stay_of(seen(at(8, 10)), seen(at(8, 10) + minutes(apart)))
    finding = judge(pictures, limit(limited), at(17), Parameters(grace_minutes=grace))
    assert finding.is_over is (apart > limited + grace)
    assert finding.minutes_over == (apart - limited if finding.is_over else 0)


def test_one_picture_is_never_over_however_late_it_is():
    finding = judged(seen(at(9)), now=at(16))
    assert not finding.is_over
    assert sentence(finding, "between_pictures") == "Seen once so far"


def test_a_stay_says_when_it_falls_due_until_it_no_longer_can():
    assert judged(seen(at(9))).due_at == at(11, 5)
    assert judged(seen(at(15, 56))).due_at is None  # 6 pm comes first, and the next morning is too late
    ended = track_of(seen(at(9)), seen(at(10), "away")).stays[0]
    assert judge(ended, TWO_HOURS, at(10)).due_at is None


def test_pictures_before_the_enforced_hours_count_from_their_beginning():
    early = judged(seen(at(7)), seen(at(10, 5)))
    assert not early.is_over and early.elapsed_minutes == 125
    late = judged(seen(at(7)), seen(at(10, 6)))
    assert late.is_over and late.counted_from == at(8)
    assert sentence(late, "counted_from") == "2 h 6 min of it count, from 8:00 am on"


def test_the_last_picture_is_taken_in_enforced_hours():
    assert judged(seen(at(15)), seen(at(17, 59))).is_over
    finding = judged(seen(at(15, 54)), seen(at(18)))
    assert not finding.is_over
    assert judged(seen(at(16)), seen(at(19))).breach is Breach.NONE


def test_two_evenings_and_mornings_are_not_one_stretch():
    night = limit(30, begins=time(9), ends=time(11))
    assert not judged(seen(at(10, 30)), seen(at(11)), by=night).is_over


def test_nothing_is_enforced_on_a_holiday_or_a_sunday():
    for day in (date(2026, 11, 26), date(2026, 11, 29)):  # Thanksgiving is left out by the span's own words
        span = TimeSpan(days=frozenset(range(6)), start=time(8), end=time(18), period="holidays", period_except=True)
        by = rules(CurbRule(Activity.PARKING, max_stay=120), span)
        finding = judged(seen(at(9, 0, day)), seen(at(12, 0, day)), by=by)
        assert not finding.is_over and finding.facts == ()


@pytest.mark.parametrize(("day", "first", "last", "over"), [
    (date(2026, 11, 1), (0, 30), (2, 30), True),  # 2 h on the clock, 3 h in truth
    (date(2027, 3, 14), (0, 30), (3, 30), False),  # 3 h on the clock, 2 h in truth
])  # fmt: skip
def test_a_limit_is_elapsed_time_on_the_days_the_clocks_change(day, first, last, over):
    by = rules(CurbRule(Activity.PARKING, max_stay=120))
    assert judged(seen(at(*first, day)), seen(at(*last, day)), by=by).is_over is over


def test_enforced_hours_follow_the_local_clock_on_both_sides_of_a_change():
    by = rules(CurbRule(Activity.PARKING, max_stay=60), TimeSpan(start=time(8), end=time(18)))
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2027, 3, 14)):
        finding = judged(seen(at(7, 0, day)), seen(at(9, 6, day)), by=by)
        assert finding.is_over and finding.elapsed_minutes == 66


def test_passes_between_support_and_reads_of_one_pass_are_one():
    finding = judged(seen(at(9)), seen(at(9, 1)), seen(at(10)), seen(at(10, 2)), seen(at(11)), seen(at(11, 30)))
    assert sentence(finding, "passes") == "Seen twice in between"


def test_an_uncertain_sighting_is_never_one_of_the_two_pictures():
    unclear = seen(at(11, 30), None, possible=(("here", 0.8),))
    assert not judged(seen(at(9)), unclear).is_over
    finding = judged(seen(at(9)), unclear, seen(at(11, 40)))
    assert finding.is_over and finding.last.at == at(11, 40)


def test_only_sightings_up_to_the_moment_asked_about_count():
    stay = stay_of(seen(at(9)), seen(at(11, 30)))
    assert not judge(stay, TWO_HOURS, at(11, 29)).is_over
    assert judge(stay, TWO_HOURS, at(11, 30)).is_over


def test_two_readings_that_differ_raise_a_question_that_says_so():
    finding = judged(
        seen(at(9), vehicle=RED_FORD), seen(at(11, 30), plate="BABC123", link=Link.ALIKE, vehicle=RED_FORD)
    )
    assert finding.is_over and finding.needs_both_pictures
    assert fact(finding, "plate").doubt
    assert sentence(finding, "plate") == "The two readings differ in one character (8/B): compare both pictures"


def test_two_readings_that_differ_are_no_finding_where_no_make_was_read():
    last = seen(at(11, 30), plate="BABC123", link=Link.ALIKE, vehicle=RED_FORD)
    assert not judged(seen(at(9)), last).is_over
    assert not judged(seen(at(9), vehicle=replace(RED_FORD, make="")), last).is_over


def test_a_zone_that_several_passes_settled_says_so():
    settled = seen(at(11, 30), probability=0.6, together=5, probability_together=0.93)
    finding = judged(seen(at(9)), settled)
    assert sentence(finding, "zone") == "Zone certain to 98 % and 93 %, from the positions of 5 passes together"


def test_where_two_pictures_with_the_same_letters_suffice_they_are_taken():
    finding = judged(
        seen(at(8, 30), plate="BABC123", link=Link.ALIKE), seen(at(9)), seen(at(11, 30)),
        seen(at(11, 50), plate="8A8C123", link=Link.ALIKE),
    )  # fmt: skip
    assert finding.exact and (finding.first.at, finding.last.at) == (at(9), at(11, 30))
    assert sentence(finding, "other_readings") == "Also read as 8A8C123, BABC123"


@pytest.mark.parametrize("changes", [
    {"moved": 20}, {"x": None}, {"vehicle": BLUE_HONDA}, {"state": "US-NV"}, {"plate": "8ABC124"}, {"plate": "B4BC12"},
])  # fmt: skip
def test_two_readings_that_differ_are_never_over_where_place_or_vehicle_do_not_agree(changes):
    first = seen(at(9), vehicle=RED_FORD, state="US-CA")
    values = {"plate": "BABC123", "vehicle": RED_FORD, "state": "US-CA", "link": Link.ALIKE}
    assert judged(first, seen(at(11, 30), **values)).is_over
    assert not judged(first, seen(at(11, 30), **{**values, **changes})).is_over


def test_a_car_that_moved_within_what_counts_as_one_place_is_a_doubt():
    finding = judged(seen(at(9)), seen(at(11, 30), moved=42))
    assert finding.is_over and fact(finding, "place").doubt
    assert sentence(finding, "place") == "42 m apart: it moved, within one side of the block, which counts as one place"


def test_another_color_under_the_same_letters_is_a_doubt():
    finding = judged(seen(at(9), vehicle=RED_FORD), seen(at(11, 30), vehicle=BLUE_HONDA))
    assert finding.is_over and fact(finding, "vehicle").doubt


def test_a_sighting_elsewhere_between_gives_a_new_start():
    for stay in track_of(seen(at(9)), seen(at(10), "away"), seen(at(11, 30))).stays:
        assert not judge(stay, TWO_HOURS, at(11, 30)).is_over


PERMIT = Permit("p1", ("8ABC123",), frozenset({"here"}), name="Resident permit 17")


def test_a_permit_stops_the_finding_and_is_named():
    finding = judged(seen(at(9)), seen(at(11, 30)), permits=[PERMIT])
    assert finding.breach is Breach.NONE
    assert [held.permit for held in finding.stopped_by] == [PERMIT]
    assert sentence(finding, "permit") == "Resident permit 17 (permit) for 8ABC123"
    assert not fact(finding, "permit").met


@pytest.mark.parametrize("plate", ["BABC123", "8A8C1Z3", "8ABC12", "8ABC1234"])
def test_a_permit_for_a_plate_that_looks_like_this_one_stops_it_too(plate):
    alike = Permit("p2", (plate,), frozenset({"here"}))
    finding = judged(seen(at(9)), seen(at(11, 30)), permits=[alike])
    assert finding.breach is Breach.NONE and not finding.stopped_by[0].exact
    assert fact(finding, "permit_alike").doubt


def test_a_permit_for_any_reading_of_the_stay_stops_it():
    own = Permit("p3", ("BABC123",))
    finding = judged(seen(at(9)), seen(at(10), plate="BABC123", link=Link.ALIKE), seen(at(11, 30)), permits=[own])
    assert finding.breach is Breach.NONE


@pytest.mark.parametrize("permit", [
    Permit("p", ("8ABC123",), frozenset({"away"})),
    Permit("p", ("8ABC123",), ends=at(9)),
    Permit("p", ("8ABC123",), begins=at(11, 31)),
    Permit("p", ("7XYZ999",)),
])  # fmt: skip
def test_a_permit_for_another_place_time_or_plate_stops_nothing(permit):
    finding = judged(seen(at(9)), seen(at(11, 30)), permits=[permit])
    assert finding.is_over and finding.stopped_by == ()


def test_time_counts_from_the_end_of_a_permit():
    over_at = at(12, 6)
    until_ten = Permit("p", ("8ABC123",), ends=at(10))
    assert not judged(seen(at(9)), seen(at(12, 5)), permits=[until_ten]).is_over
    finding = judged(seen(at(9)), seen(over_at), permits=[until_ten])
    assert finding.is_over and finding.counted_from == at(10)


def test_a_permit_with_its_own_limit_extends_the_zones():
    four_hours = Permit("p", ("8ABC123",), limit_minutes=240)
    assert not judged(seen(at(9)), seen(at(13, 5)), permits=[four_hours]).is_over
    assert judged(seen(at(9)), seen(at(13, 6)), permits=[four_hours]).is_over


def test_a_class_that_the_rule_exempts_is_not_over():
    by = limit(user_classes_except=("resident",))
    pictures = seen(at(9)), seen(at(11, 30))
    assert judged(*pictures, by=by).is_over
    assert not judged(*pictures, by=by, classes=frozenset({"resident"})).is_over
    assert not judged(*pictures, by=by, permits=[Permit("p", ("8ABC123",), classes=frozenset({"resident"}))]).is_over


SWEEPING = rules(CurbRule(Activity.NO_PARKING), TimeSpan(start=time(8), end=time(10)))


def test_where_parking_is_not_allowed_two_pictures_show_that_it_was_parked():
    assert not judged(seen(at(9)), by=SWEEPING).is_over
    assert judged(seen(at(9)), seen(at(9, 4)), by=SWEEPING).breach is Breach.NONE
    assert judged(seen(at(9)), seen(at(9, 6)), by=SWEEPING).breach is Breach.NO_PARKING


def test_a_permit_does_not_lift_a_ban_and_an_exemption_does():
    pictures = seen(at(9)), seen(at(9, 30))
    assert judged(*pictures, by=SWEEPING, permits=[PERMIT]).breach is Breach.NO_PARKING
    assert judged(*pictures, by=SWEEPING, exemptions=[Exemption("e", ("8ABC123",))]).breach is Breach.NONE


def test_where_stopping_is_not_allowed_one_picture_is_enough():
    finding = judged(seen(at(9)), by=rules(CurbRule(Activity.NO_STOPPING)))
    assert finding.breach is Breach.NO_PARKING and not finding.is_over


@pytest.mark.parametrize(("minute", "breach"), [(40, Breach.NO_RETURN), (54, Breach.NO_RETURN), (56, Breach.NONE)])
def test_coming_back_too_soon_counts_from_when_it_can_have_left_at_the_earliest(minute, breach):
    by = limit(no_return=60)
    stay = track_of(seen(at(9)), seen(at(9, 20), "away"), seen(at(9, minute))).stays[-1]
    assert judge(stay, by, at(9, minute)).breach is breach


def test_coming_back_where_nothing_forbids_it_or_far_enough_along_is_no_breach():
    stay = track_of(seen(at(9)), seen(at(9, 20), "away"), seen(at(9, 40))).stays[-1]
    assert judge(stay, limit(), at(9, 40)).breach is Breach.NONE
    by = ZoneRules(PLACES["cleared"], limit(no_return=60).policies)
    for moved, breach in ((0, Breach.NO_RETURN), (140, Breach.NONE)):
        parts = seen(at(9), "cleared"), seen(at(9, 20), "away"), seen(at(9, 40), "cleared", moved=moved)
        assert judge(track_of(*parts).stays[-1], by, at(9, 40)).breach is breach


def test_one_limit_that_another_policy_takes_over_runs_on_and_another_limit_begins_anew():
    def policy(name, priority, limited, start, end):
        return CurbPolicy(
            name, priority, (CurbRule(Activity.PARKING, max_stay=limited),), (TimeSpan(start=start, end=end),)
        )

    same = ZoneRules(PLACES["here"], (policy("a", 1, 120, time(8), time(10)), policy("b", 2, 120, time(10), time(18))))
    other = ZoneRules(PLACES["here"], (policy("a", 1, 120, time(8), time(10)), policy("b", 2, 60, time(10), time(18))))
    pictures = (
        seen(at(9)),
        seen(at(11, 6)),
    )
    assert judged(*pictures, by=same).is_over
    finding = judged(*pictures, by=other)
    assert finding.is_over and (finding.counted_from, finding.elapsed_minutes) == (at(10), 66)


@given(st.lists(st.integers(0, 700), min_size=1, max_size=6), st.integers(0, 900))
def test_a_finding_that_is_over_always_rests_on_two_pictures_that_are_far_enough_apart(offsets, asked):
    stays = track_of(*(seen(at(6) + minutes(offset), id=str(place)) for place, offset in enumerate(offsets))).stays
    for stay in stays:
        finding = judge(stay, TWO_HOURS, at(6) + minutes(asked))
        if finding.is_over:
            assert finding.last.at - max(finding.first.at, at(8)) > minutes(125)
            assert finding.last.at <= at(6) + minutes(asked) and at(8) <= finding.last.at < at(18)
            assert finding.due_at < finding.last.at
