"""Spans as sets say the same about every moment as the wall clock does."""

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parking.curbs.span_sets import ALWAYS, TwoPeriods, can_hold, folded, intersection, meet, minus, plain
from parking.curbs.types import CurbPolicy, TimeSpan
from tests.parking.curbs import oracle
from tests.parking.curbs.oracle import in_period
from tests.parking.curbs.strategies import LOS_ANGELES, moments, time_spans

WEEKDAYS = TimeSpan(days=frozenset(range(5)))
ON_HOLIDAYS = TimeSpan(period="holidays", exception=True)


def holds(spans, at) -> bool:
    return oracle.policy_holds(CurbPolicy("p", 1, (), tuple(spans)), at, LOS_ANGELES, in_period)


def span_holds(span, at) -> bool:
    return oracle.span_holds(span, at, LOS_ANGELES, in_period)


def test_weekdays_but_on_holidays_are_weekdays_except_holidays():
    assert folded([WEEKDAYS, ON_HOLIDAYS]) == (replace(WEEKDAYS, period="holidays", period_except=True),)


def test_always_but_on_holidays_is_except_holidays():
    assert folded([ON_HOLIDAYS]) == (TimeSpan(period="holidays", period_except=True),)


def test_an_exception_for_the_very_span_it_takes_from_is_written_into_it():
    sunday = TimeSpan(days=frozenset({6}))
    exception = replace(WEEKDAYS, period="holidays", exception=True)
    assert folded([WEEKDAYS, sunday, exception]) == (replace(WEEKDAYS, period="holidays", period_except=True), sunday)


def test_exceptions_that_take_from_each_others_spans_are_written_in_together():
    tuesdays, both, saturdays = (TimeSpan(days=frozenset(days)) for days in ((1,), (1, 2), (5,)))
    exceptions = [replace(span, period="holidays", exception=True) for span in (tuesdays, both)]
    told = [replace(span, period="holidays", period_except=True) for span in (tuesdays, both)]
    assert folded([tuesdays, both, saturdays, *exceptions]) == (*told, saturdays)
    one_of_them = [tuesdays, both, exceptions[0]]
    assert folded(one_of_them) == tuple(one_of_them)


def test_an_exception_that_would_take_from_another_span_too_stays_one():
    mornings = TimeSpan(end=time(9))
    spans = [WEEKDAYS, mornings, replace(WEEKDAYS, period="holidays", exception=True)]
    assert folded(spans) == tuple(spans)


def test_what_is_left_without_all_of_it_is_a_span_that_never_holds():
    (left,) = plain([WEEKDAYS, replace(WEEKDAYS, exception=True)])
    assert not can_hold(left)


def test_two_periods_have_no_room_in_one_span():
    school = TimeSpan(period="school days")
    with pytest.raises(TwoPeriods):
        plain([school, ON_HOLIDAYS])


def test_february_thirtieth_never_holds():
    assert not can_hold(TimeSpan(days_of_month=frozenset({30}), months=frozenset({2})))
    assert can_hold(TimeSpan(days_of_month=frozenset({29}), months=frozenset({2})))


def test_spans_that_touch_do_not_meet():
    assert not meet(TimeSpan(end=time(9)), TimeSpan(start=time(9)))
    assert meet(TimeSpan(end=time(9)), TimeSpan(start=time(8)))
    assert not meet(WEEKDAYS, TimeSpan(days=frozenset({5})))


@settings(max_examples=120, deadline=None)
@given(time_spans(exceptions=False), time_spans(exceptions=False), moments)
def test_the_intersection_holds_when_both_do(one, other, at):
    try:
        both = intersection(one, other)
    except TwoPeriods:
        assume(False)
    assert (both is not None and span_holds(both, at)) == (span_holds(one, at) and span_holds(other, at))


@settings(max_examples=120, deadline=None)
@given(time_spans(exceptions=False), time_spans(exceptions=False), moments)
def test_minus_holds_when_one_does_and_the_other_does_not(one, hole, at):
    try:
        left = minus(one, hole)
    except TwoPeriods:
        assume(False)
    assert any(span_holds(span, at) for span in left) == (span_holds(one, at) and not span_holds(hole, at))


@settings(max_examples=120, deadline=None)
@given(st.lists(time_spans(), max_size=4), moments)
def test_folding_exceptions_changes_no_moment(spans, at):
    told = folded(spans)
    assert holds(told, at) == holds(spans, at)
    assert folded(told) == told


@settings(max_examples=120, deadline=None)
@given(st.lists(time_spans(), max_size=4), moments)
def test_writing_without_exceptions_changes_no_moment(spans, at):
    try:
        told = plain(folded(spans))
    except TwoPeriods:
        assume(False)
    assert not any(span.exception for span in told)
    assert holds(told, at) == holds(spans, at)


@settings(max_examples=120, deadline=None)
@given(time_spans(exceptions=False), time_spans(exceptions=False), moments)
def test_spans_that_cannot_meet_never_hold_together(one, other, at):
    if span_holds(one, at) and span_holds(other, at):
        assert meet(one, other)


def test_always_meets_whatever_can_hold():
    assert meet(ALWAYS, WEEKDAYS) and not meet(ALWAYS, TimeSpan(days_of_month=frozenset({31}), months=frozenset({4})))
