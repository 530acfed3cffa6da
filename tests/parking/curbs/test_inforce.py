"""Which rule holds at a moment, for whom, and for how long, also where clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.curbs import inforce
from parking.curbs.calendar import is_holiday
from parking.curbs.types import Activity, CurbPolicy, CurbRule, TimeSpan
from tests.parking.curbs import oracle
from tests.parking.curbs.oracle import in_period, school_days
from tests.parking.curbs.strategies import CLASSES, LOS_ANGELES, moments, policy_stacks

WEEKDAYS = frozenset(range(5))
FOUR_HOURS = CurbPolicy(
    id="four-hours",
    priority=20,
    rules=(CurbRule(Activity.PARKING, max_stay=240, user_classes_except=("permit_a",)),),
    spans=(TimeSpan(days=WEEKDAYS, start=time(7), end=time(18), period="holidays", period_except=True),),
)
SWEEPING = CurbPolicy(
    id="sweeping",
    priority=10,
    rules=(CurbRule(Activity.NO_PARKING, name="street cleaning"),),
    spans=(TimeSpan(days=frozenset({1}), weeks_of_month=frozenset({1, 3}), start=time(8), end=time(10)),),
)
ALWAYS_TWO_HOURS = CurbPolicy(id="always", priority=30, rules=(CurbRule(Activity.PARKING, max_stay=120),))
ZONE = (SWEEPING, FOUR_HOURS)
PERMIT_A = frozenset({"permit_a"})


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOS_ANGELES)


def test_the_beginning_of_a_span_is_included_and_its_end_is_not():
    assert inforce.rule_at([FOUR_HOURS], local(2026, 11, 24, 7, 0), LOS_ANGELES) == FOUR_HOURS.rules[0]
    assert inforce.rule_at([FOUR_HOURS], local(2026, 11, 24, 6, 59, 59), LOS_ANGELES) is None
    assert inforce.rule_at([FOUR_HOURS], local(2026, 11, 24, 17, 59, 59), LOS_ANGELES) == FOUR_HOURS.rules[0]
    assert inforce.rule_at([FOUR_HOURS], local(2026, 11, 24, 18, 0), LOS_ANGELES) is None


def test_the_lowest_priority_number_wins_and_the_others_stand_behind_it():
    found = inforce.applying(ZONE, local(2026, 11, 17, 9, 0), LOS_ANGELES)
    assert [policy.id for policy, _ in found] == ["sweeping", "four-hours"]
    assert inforce.rule_at(ZONE, local(2026, 11, 17, 9, 0), LOS_ANGELES).activity is Activity.NO_PARKING
    assert inforce.rule_at(ZONE, local(2026, 11, 10, 9, 0), LOS_ANGELES).activity is Activity.PARKING


def test_a_permit_lifts_the_limit_but_not_the_sweeping():
    assert inforce.rule_at(ZONE, local(2026, 11, 17, 11, 0), LOS_ANGELES, classes=PERMIT_A) is None
    swept = inforce.rule_at(ZONE, local(2026, 11, 17, 9, 0), LOS_ANGELES, classes=PERMIT_A)
    assert swept.activity is Activity.NO_PARKING


def test_a_rule_with_two_classes_needs_both():
    reserved = CurbPolicy("reserved", 1, (CurbRule(Activity.PARKING, user_classes=("rideshare", "electric")),))
    at = local(2026, 11, 24, 12, 0)
    assert inforce.rule_at([reserved], at, LOS_ANGELES, classes=frozenset({"electric"})) is None
    assert inforce.rule_at([reserved], at, LOS_ANGELES, classes=frozenset({"electric", "rideshare"})) is not None


def test_the_more_particular_rule_of_a_policy_comes_first():
    limits = (
        CurbRule(Activity.PARKING, max_stay=60),
        CurbRule(Activity.PARKING, max_stay=480, user_classes=("truck",)),
    )
    policy = CurbPolicy("both", 1, limits)
    at = local(2026, 11, 24, 12, 0)
    assert inforce.rule_at([policy], at, LOS_ANGELES).max_stay == 60
    assert inforce.rule_at([policy], at, LOS_ANGELES, classes=frozenset({"truck"})).max_stay == 480


def test_at_one_priority_a_parked_vehicle_is_asked_about_parking_not_loading():
    loading = CurbPolicy("loading", 1, (CurbRule(Activity.LOADING, max_stay=30),))
    parking = CurbPolicy("parking", 1, (CurbRule(Activity.PARKING, max_stay=60),))
    for policies in ((loading, parking), (parking, loading)):
        assert inforce.rule_at(policies, local(2026, 11, 24, 12, 0), LOS_ANGELES).activity is Activity.PARKING


def test_no_travel_says_nothing_about_parking():
    policy = CurbPolicy("closed", 1, (CurbRule(Activity.NO_TRAVEL),))
    assert inforce.rule_at([policy], local(2026, 11, 24, 12, 0), LOS_ANGELES) is None
    assert inforce.applying([policy], local(2026, 11, 24, 12, 0), LOS_ANGELES) == [(policy, policy.rules[0])]


def test_holidays_lift_what_holds_except_on_holidays():
    for day in (local(2026, 11, 26, 9, 0), local(2026, 7, 3, 9, 0)):  # Thanksgiving; Independence Day as observed
        assert inforce.rule_at([FOUR_HOURS], day, LOS_ANGELES) is None
    assert inforce.rule_at([FOUR_HOURS], local(2026, 11, 26, 9, 0), LOS_ANGELES, holidays=lambda day: False)


def test_an_unknown_period_is_taken_not_to_be():
    snow = CurbPolicy("snow", 1, (CurbRule(Activity.NO_PARKING),), (TimeSpan(period="snow emergency"),))
    at = local(2026, 12, 24, 9, 0)
    assert inforce.rule_at([snow], at, LOS_ANGELES) is None
    assert inforce.rule_at([snow], at, LOS_ANGELES, periods=lambda name, day: name == "snow emergency")


def test_an_exception_takes_its_time_out_of_the_policy():
    lunch = TimeSpan(start=time(12), end=time(13), exception=True)
    policy = CurbPolicy("lunch", 1, ALWAYS_TWO_HOURS.rules, (TimeSpan(start=time(8), end=time(18)), lunch))
    assert inforce.enforced_minutes([policy], local(2026, 11, 24, 0), local(2026, 11, 25, 0), LOS_ANGELES) == 540
    only_exception = CurbPolicy("only", 1, ALWAYS_TWO_HOURS.rules, (lunch,))
    assert (
        inforce.enforced_minutes([only_exception], local(2026, 11, 24, 0), local(2026, 11, 25, 0), LOS_ANGELES) == 1380
    )


def test_dates_of_a_span_are_local_and_the_last_is_not_included():
    two_days = TimeSpan(start_date=date(2026, 11, 24), end_date=date(2026, 11, 26))
    policy = CurbPolicy("two-days", 1, (CurbRule(Activity.NO_PARKING),), (two_days,))
    found = inforce.stretches([policy], local(2026, 11, 1), local(2026, 12, 1), LOS_ANGELES)
    assert [(piece.begin, piece.end) for piece in found] == [(local(2026, 11, 24), local(2026, 11, 26))]


def test_a_span_may_begin_and_end_at_a_moment():
    span = TimeSpan(
        start_date=datetime(2026, 11, 24, 18, 30, tzinfo=UTC), end_date=datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    )
    policy = CurbPolicy("moment", 1, (CurbRule(Activity.NO_PARKING),), (span,))
    found = inforce.stretches([policy], local(2026, 11, 1), local(2026, 12, 1), LOS_ANGELES)
    assert [(piece.begin, piece.end) for piece in found] == [(span.start_date, span.end_date)]


@pytest.mark.parametrize(
    ("day", "minutes"),
    [((2026, 11, 1), 25 * 60), ((2027, 3, 14), 23 * 60), ((2026, 11, 2), 24 * 60)],
)
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(day, minutes):
    begin = local(*day)
    end = local(*day) + timedelta(days=1)
    assert inforce.enforced_minutes([ALWAYS_TWO_HOURS], begin, end, LOS_ANGELES) == minutes


@pytest.mark.parametrize(
    ("day", "start", "end", "minutes"),
    [
        ((2026, 11, 1), time(1, 30), time(3), 120),  # 1:30 to 2:00 comes twice
        ((2026, 11, 1), time(1), time(2), 120),
        ((2026, 11, 1), time(0), time(1, 30), 120),
        ((2027, 3, 14), time(1, 30), time(3), 30),  # 2:00 to 3:00 never comes
        ((2027, 3, 14), time(2), time(3), 0),
        ((2027, 3, 14), time(2, 30), time(4), 60),
    ],
)
def test_an_hour_that_comes_twice_counts_twice_and_one_that_never_comes_not_at_all(day, start, end, minutes):
    policy = CurbPolicy("night", 1, ALWAYS_TWO_HOURS.rules, (TimeSpan(start=start, end=end),))
    found = inforce.enforced_minutes([policy], local(*day), local(*day) + timedelta(days=1), LOS_ANGELES)
    assert found == minutes


def test_enforced_hours_do_not_count_the_night_between_two_days():
    intervals = inforce.enforced_intervals([FOUR_HOURS], local(2026, 11, 23, 17), local(2026, 11, 24, 8), LOS_ANGELES)
    assert intervals == [
        (local(2026, 11, 23, 17), local(2026, 11, 23, 18)),
        (local(2026, 11, 24, 7), local(2026, 11, 24, 8)),
    ]


def test_limits_that_follow_each_other_are_one_enforced_interval_but_two_stretches():
    morning = CurbPolicy("am", 1, (CurbRule(Activity.PARKING, max_stay=60),), (TimeSpan(start=time(8), end=time(12)),))
    evening = CurbPolicy(
        "pm", 2, (CurbRule(Activity.PARKING, max_stay=120),), (TimeSpan(start=time(12), end=time(18)),)
    )
    begin, end = local(2026, 11, 24), local(2026, 11, 25)
    assert len(inforce.enforced_intervals([morning, evening], begin, end, LOS_ANGELES)) == 1
    assert [piece.rule.max_stay for piece in inforce.stretches([morning, evening], begin, end, LOS_ANGELES)] == [
        60,
        120,
    ]


def test_a_prohibition_is_not_an_enforced_limit():
    assert inforce.enforced_minutes(ZONE, local(2026, 11, 17, 7), local(2026, 11, 17, 11), LOS_ANGELES) == 120


def test_the_next_change_is_the_next_other_rule():
    assert inforce.next_change(ZONE, local(2026, 11, 17, 7, 30), LOS_ANGELES) == local(2026, 11, 17, 8, 0)
    assert inforce.next_change(ZONE, local(2026, 11, 17, 9, 0), LOS_ANGELES) == local(2026, 11, 17, 10, 0)
    assert inforce.next_change(ZONE, local(2026, 11, 25, 20, 0), LOS_ANGELES) == local(2026, 11, 30, 7, 0)
    assert inforce.next_change([ALWAYS_TWO_HOURS], local(2026, 11, 25, 20, 0), LOS_ANGELES) is None
    assert inforce.next_change([], local(2026, 11, 25, 20, 0), LOS_ANGELES) is None


def test_a_rule_that_holds_round_midnight_does_not_change_there():
    assert inforce.next_change([ALWAYS_TWO_HOURS, SWEEPING], local(2026, 11, 16, 20, 0), LOS_ANGELES) == local(
        2026, 11, 17, 8
    )


def test_a_moment_without_its_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        inforce.rule_at(ZONE, datetime(2026, 11, 24, 9, 0), LOS_ANGELES)


def test_the_time_zone_may_be_given_by_its_name():
    at = local(2026, 11, 24, 9, 0)
    assert inforce.rule_at(ZONE, at, "America/Los_Angeles") == inforce.rule_at(ZONE, at.astimezone(UTC), LOS_ANGELES)


@settings(max_examples=150, deadline=None)
@given(
    policies=policy_stacks(steps=(10, 10, 0)),
    at=moments,
    classes=st.frozensets(st.sampled_from((*CLASSES, "delivery"))),
)
def test_what_decides_at_any_moment_is_what_the_wall_clock_says(policies, at, classes):
    found = inforce.rule_at(policies, at, LOS_ANGELES, is_holiday, classes, school_days)
    assert found == oracle.decides(policies, at, LOS_ANGELES, in_period, classes)


clock_changes = st.sampled_from((local(2026, 10, 31, 22), local(2027, 3, 13, 22), local(2026, 11, 3, 22)))


@settings(max_examples=60, deadline=None)
@given(policies=policy_stacks(), begin=clock_changes, offset=st.integers(0, 300), length=st.integers(0, 1800))
def test_enforced_minutes_are_the_minutes_of_the_wall_clock_counted_one_by_one(policies, begin, offset, length):
    begin = (begin.astimezone(UTC) + timedelta(minutes=offset)).astimezone(LOS_ANGELES)
    end = begin.astimezone(UTC) + timedelta(minutes=length)

    def limited(at: datetime) -> bool:
        return inforce.is_limit(oracle.decides(policies, at, LOS_ANGELES, in_period, PERMIT_A))

    counted = oracle.minutes_where(begin.astimezone(UTC), end, limited)
    assert inforce.enforced_minutes(policies, begin, end, LOS_ANGELES, is_holiday, PERMIT_A, school_days) == counted


@settings(max_examples=60, deadline=None)
@given(policies=policy_stacks(), at=moments)
def test_nothing_changes_before_the_next_change_and_something_does_at_it(policies, at):
    def now(moment: datetime) -> CurbRule | None:
        return inforce.rule_at(policies, moment, LOS_ANGELES, periods=school_days)

    change = inforce.next_change(policies, at, LOS_ANGELES, periods=school_days, within=timedelta(days=40))
    until = change or at.astimezone(UTC) + timedelta(days=40)
    pieces = inforce.stretches(policies, at, until, LOS_ANGELES, periods=school_days)
    assert all(piece.rule == now(at) for piece in pieces)
    assert change is None or now(change) != now(at)
