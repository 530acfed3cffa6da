"""The clocks of stored and towed vehicles."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.abandoned.clocks import (
    PACIFIC,
    counts_as_moved,
    does_not_count,
    hearing_due,
    hearing_last_day,
    is_closed,
    moved_miles,
    notice_due,
    open_hours_after,
    second_look_from,
    stood_long_enough,
)

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=PACIFIC))
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
MILES = st.none() | st.floats(0, 500_000, allow_nan=False)


def local(*parts) -> datetime:
    return datetime(*parts, tzinfo=PACIFIC)


@pytest.mark.parametrize(
    ("stored", "due"),
    [
        (local(2026, 11, 24, 9), local(2026, 11, 27, 9)),  # Tuesday, over Thanksgiving Thursday: Wednesday, Friday
        (local(2026, 11, 20, 15), local(2026, 11, 24, 15)),  # Friday afternoon: to Tuesday afternoon
        (local(2026, 11, 21, 11), local(2026, 11, 25, 0)),  # Saturday: counts from Monday, through Tuesday
        (local(2026, 10, 30, 12), local(2026, 11, 3, 12)),  # over the end of daylight-saving time
        (local(2026, 12, 24, 10), local(2026, 12, 29, 10)),  # over Christmas, a Friday, and the weekend
    ],
)
def test_forty_eight_hours_leave_out_weekends_and_holidays(stored, due):
    assert notice_due(stored) == due


def test_the_day_after_thanksgiving_shortens_nobodys_days_but_the_agencys():
    friday = date(2026, 11, 27)
    assert is_closed(friday) and not does_not_count(friday)
    assert hearing_last_day(date(2026, 11, 17)) == date(2026, 11, 30)


@given(MOMENTS, st.integers(1, 48))
def test_open_hours_are_never_fewer_than_elapsed_ones_and_end_on_an_open_day(since, hours):
    due = open_hours_after(since, hours)
    assert due.astimezone(PACIFIC) - since >= timedelta(hours=hours - 1)  # one hour may be skipped in spring
    assert not does_not_count((due - timedelta(microseconds=1)).date())


@given(MOMENTS, st.integers(1, 48), st.integers(1, 48))
def test_more_hours_are_never_due_sooner_and_later_starts_never_earlier(since, hours, more):
    assert open_hours_after(since, hours + more) > open_hours_after(since, hours)
    assert open_hours_after(since + timedelta(hours=more), hours) >= open_hours_after(since, hours)


@given(MOMENTS, st.integers(1, 96))
def test_exactly_the_hours_lie_on_open_days(since, hours):
    """Counted the slow way, minute by minute."""
    at, left = since.replace(tzinfo=None, second=0, microsecond=0), hours * 60
    while left:
        if not does_not_count(at.date()):
            left -= 1
        at += timedelta(minutes=1)
    due = open_hours_after(since.replace(second=0, microsecond=0), hours)
    assert due.replace(tzinfo=None) == at


@given(MOMENTS, st.floats(0, 500), st.floats(72, 720))
def test_seventy_two_hours_or_more_means_or_more(since, elapsed, hours):
    assert stood_long_enough(since, since + timedelta(hours=hours), hours)
    shorter = timedelta(hours=hours) - timedelta(seconds=1)
    assert not stood_long_enough(since, since + shorter, hours)


def test_seventy_two_hours_are_elapsed_hours_when_the_clocks_change():
    before = datetime(2026, 10, 30, 8, tzinfo=PACIFIC).astimezone(tz=None)
    after = datetime(2026, 11, 2, 8, tzinfo=PACIFIC).astimezone(tz=None)
    assert after - before == timedelta(hours=73)
    assert stood_long_enough(before, after, 73)


@given(MOMENTS, st.integers(0, 720))
def test_a_second_look_comes_no_sooner_than_the_warning_says(marked, hours):
    assert second_look_from(marked, hours) - marked == timedelta(hours=hours)


@given(DAYS, st.integers(10, 90))
def test_an_owner_has_at_least_ten_days_and_the_last_is_open(notice_on, days):
    last = hearing_last_day(notice_on, days)
    assert last >= notice_on + timedelta(days=days)
    assert not is_closed(last)
    assert all(is_closed(notice_on + timedelta(days=n)) for n in range(days, (last - notice_on).days))


@given(MOMENTS)
def test_a_hearing_is_due_as_a_notice_is(asked):
    assert hearing_due(asked) == notice_due(asked)


@given(MILES, MILES, MILES)
def test_the_larger_of_odometer_and_measure_counts(then, now, measured):
    moved = moved_miles(then, now, measured)
    runs = then is not None and now is not None and now >= then
    if measured is None and not runs:
        assert moved is None
    else:
        assert moved == max([*([measured] if measured is not None else []), *([now - then] if runs else [])])


@given(MILES, MILES, st.floats(0, 5), st.floats(0.01, 5))
def test_nobody_has_moved_by_less_than_the_local_definition(then, now, measured, least):
    if counts_as_moved(then, now, measured, least):
        assert moved_miles(then, now, measured) >= least
    assert not counts_as_moved(None, None, None, least)


def test_half_a_mile_by_odometer_is_moved_and_a_tenth_is_not():
    assert counts_as_moved(float(Decimal("100.0")), 100.5, None, 0.5)
    assert not counts_as_moved(100.0, 100.1, 0.1, 0.5)
    assert not counts_as_moved(100.5, 100.0, None, 0.5)
