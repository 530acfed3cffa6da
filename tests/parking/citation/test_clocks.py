"""The clocks count as the law says, and doubt favors the driver."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from parking.citations.clocks import (
    Periods,
    Waiting,
    court_last_day,
    hearing_last_day,
    is_closed,
    last_day,
    review_last_day,
)

DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
COUNTS = st.integers(1, 60)
unhurried = settings(deadline=None)  # the first look at a year reads its holidays


def open_every_day(day: date) -> bool:
    return False


@st.composite
def spans(draw) -> Waiting:
    since = draw(DAYS)
    return Waiting(since, since + timedelta(days=draw(st.integers(0, 40))))


@unhurried
@given(DAYS, COUNTS)
def test_without_waiting_a_period_is_that_many_days(since, days):
    assert last_day(since, days, closed=open_every_day) == since + timedelta(days=days)


@unhurried
@given(DAYS, COUNTS)
def test_a_last_day_is_never_one_on_which_the_office_is_closed(since, days):
    last = last_day(since, days)
    assert not is_closed(last)
    assert timedelta(days=days) <= last - since <= timedelta(days=days + 5)


@unhurried
@given(DAYS, COUNTS, st.lists(spans(), max_size=4))
def test_exactly_the_counted_days_lie_between_when_copies_are_awaited(since, days, waiting):
    last = last_day(since, days, waiting, closed=open_every_day)
    passed = [since + timedelta(days=n) for n in range(1, (last - since).days + 1)]
    assert sum(not any(span.covers(day) for span in waiting) for day in passed) == days


@unhurried
@given(DAYS, COUNTS, st.lists(spans(), max_size=3), spans())
def test_waiting_for_a_copy_never_shortens_a_period(since, days, waiting, another):
    assert last_day(since, days, [*waiting, another]) >= last_day(since, days, waiting)


@unhurried
@given(DAYS, COUNTS, st.integers(1, 40))
def test_no_day_counts_while_a_copy_is_awaited(since, days, after):
    asked = since + timedelta(days=min(after, days))
    assert last_day(since, days, [Waiting(asked)]) is None


@unhurried
@given(DAYS, COUNTS)
def test_a_copy_asked_for_after_the_last_day_changes_nothing(since, days):
    late = Waiting(since + timedelta(days=days + 1))
    assert last_day(since, days, [late], closed=open_every_day) == since + timedelta(days=days)


@unhurried
@given(DAYS, st.integers(0, 90))
def test_the_review_may_be_asked_for_until_the_later_of_its_two_days(issued, after):
    mailed = issued + timedelta(days=after)
    alone = review_last_day(issued_on=issued)
    both = review_last_day(issued_on=issued, delinquent_mailed_on=mailed)
    assert both == max(alone, last_day(mailed, 14))


@unhurried
@given(DAYS)
def test_an_appeal_after_mailing_has_the_extension_and_after_handing_over_has_not(sent):
    assert court_last_day(decision_sent_on=sent) == last_day(sent, 35)
    assert court_last_day(decision_sent_on=sent, by_mail=False) == last_day(sent, 30)


@unhurried
@given(DAYS, st.integers(21, 60))
def test_the_numbers_come_from_the_manual(sent, days):
    assert hearing_last_day(result_mailed_on=sent, periods=Periods(hearing_after_result=days)) == last_day(sent, days)


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        (date(2026, 11, 25), date(2026, 12, 16)),  # a Wednesday, 21 days later a Wednesday
        (date(2026, 12, 4), date(2026, 12, 28)),  # falls on Christmas Day, a Friday, so on to Monday
        (date(2026, 11, 5), date(2026, 11, 30)),  # falls on Thanksgiving; the day after is no working day either
    ],
)
def test_last_days_on_the_calendar(issued, last):
    assert review_last_day(issued_on=issued) == last
