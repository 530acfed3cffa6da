"""Rules read like a sign."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given

from parking.curbs.types import Activity, CurbPolicy, CurbRule, Rate, TimeSpan
from parking.curbs.words import class_words, minutes_words, policy_words, zone_words
from tests.parking.curbs.strategies import curb_policies

WEEKDAYS = frozenset(range(5))


def words(rule: CurbRule, *spans: TimeSpan, name: str = "") -> str:
    return policy_words(CurbPolicy(id="a", priority=1, rules=(rule,), spans=spans, name=name))


def test_a_limit_tells_how_long_when_and_who_is_exempt():
    rule = CurbRule(Activity.PARKING, max_stay=240, user_classes_except=("permit_a",))
    span = TimeSpan(days=WEEKDAYS, start=time(7), end=time(18))
    assert words(rule, span) == "4 hours, Monday to Friday 7:00 am to 6:00 pm, except permit holders (Area A)"


def test_holidays_stand_behind_the_hours():
    span = TimeSpan(days=WEEKDAYS, start=time(7), end=time(18), period="holidays", period_except=True)
    expected = "4 hours, Monday to Friday 7:00 am to 6:00 pm, not on holidays"
    assert words(CurbRule(Activity.PARKING, max_stay=240), span) == expected
    version_1_1 = (TimeSpan(days=WEEKDAYS, start=time(7), end=time(18)), TimeSpan(period="holidays", exception=True))
    assert words(CurbRule(Activity.PARKING, max_stay=240), *version_1_1) == expected


@pytest.mark.parametrize(
    "span",
    [
        TimeSpan(days=frozenset({1}), weeks_of_month=frozenset({1, 3}), start=time(8), end=time(10)),
        TimeSpan(
            days=frozenset({1}), days_of_month=frozenset((*range(1, 8), *range(15, 22))), start=time(8), end=time(10)
        ),
    ],
)
def test_street_cleaning_tells_which_tuesdays_however_they_were_written(span):
    expected = "No parking 1st and 3rd Tuesday, 8:00 am to 10:00 am (street cleaning)"
    assert words(CurbRule(Activity.NO_PARKING), span, name="street cleaning") == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((), "No stopping at all times"),
        ((TimeSpan(),), "No stopping at all times"),
        ((TimeSpan(), TimeSpan(days=WEEKDAYS)), "No stopping at all times"),
        ((TimeSpan(start=time(20)), TimeSpan(end=time(6))), "No stopping daily 8:00 pm to 6:00 am"),
        ((TimeSpan(period="snow emergency"),), "No stopping in a snow emergency"),
        ((TimeSpan(days_of_month=frozenset({1, 15})),), "No stopping the 1st and 15th of the month"),
        ((TimeSpan(weeks_of_month=frozenset({2})),), "No stopping the 8th to 14th of the month"),
        (
            (TimeSpan(days_of_month=frozenset(range(1, 32, 2)), months=frozenset({12, 1, 2, 3})),),
            "No stopping odd days of the month, in December to March",
        ),
        ((TimeSpan(days=frozenset({5, 6})),), "No stopping Saturday and Sunday"),
        (
            (TimeSpan(days=frozenset({0, 2, 4}), end=time(12)),),
            "No stopping Monday, Wednesday and Friday midnight to noon",
        ),
        (
            (TimeSpan(start_date=date(2026, 11, 23), end_date=date(2026, 11, 24)),),
            "No stopping on November 23, 2026",
        ),
        (
            (TimeSpan(start_date=date(2026, 11, 23), end_date=date(2026, 11, 27)),),
            "No stopping from November 23, 2026 to November 26, 2026",
        ),
        (
            (TimeSpan(end_date=datetime(2026, 11, 23, 15, 30, tzinfo=UTC)),),
            "No stopping until November 23, 2026 at 3:30 pm",
        ),
        (
            (
                TimeSpan(days=WEEKDAYS, start=time(7), end=time(9)),
                TimeSpan(days=WEEKDAYS, start=time(16), end=time(18)),
            ),
            "No stopping Monday to Friday 7:00 am to 9:00 am and 4:00 pm to 6:00 pm",
        ),
        (
            (
                TimeSpan(days=frozenset(range(6)), start=time(8), end=time(19), period="holidays", period_except=True),
                TimeSpan(days=frozenset({6}), start=time(13), end=time(19), period="holidays", period_except=True),
            ),
            "No stopping Monday to Saturday 8:00 am to 7:00 pm and Sunday 1:00 pm to 7:00 pm, not on holidays",
        ),
    ],
)
def test_when_a_rule_holds_is_told_as_people_say_it(spans, expected):
    assert words(CurbRule(Activity.NO_STOPPING), *spans) == expected


def test_loading_price_and_return_are_told():
    rule = CurbRule(Activity.LOADING, max_stay=30, user_classes=("truck",), no_return=180, rates=(Rate(200, "hour"),))
    assert words(rule) == "Loading up to 30 minutes, at all times, only trucks, $2.00 an hour, no return within 3 hours"


def test_whom_a_rule_is_for_is_told():
    assert words(CurbRule(Activity.NO_PARKING, user_classes=("truck",))) == "No parking at all times, for trucks"
    assert words(CurbRule(Activity.PARKING, user_classes=("taxi",))) == "Parking allowed, at all times, only taxis"
    school = words(CurbRule(Activity.LOADING, purposes=("school", "delivery")))
    assert school == "Loading, at all times, only for school vehicles or deliveries"
    no_school = words(CurbRule(Activity.NO_LOADING, purposes=("school",)))
    assert no_school == "No loading at all times, for school vehicles"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(1, "1 minute"), (30, "30 minutes"), (90, "1 hour 30 minutes"), (240, "4 hours"), (4320, "72 hours"),
     (7200, "5 days"), (0.5, "30 seconds")],
)  # fmt: skip
def test_a_length_of_time_is_told_in_its_natural_unit(minutes, expected):
    assert minutes_words(minutes) == expected


def test_permits_of_an_area_and_local_words_are_readable():
    assert class_words("permit_b") == "permit holders (Area B)"
    assert class_words("permit:area_12") == "permit holders (Area 12)"
    assert class_words("permit") == "permit holders"
    assert class_words("rose_city_moving") == "rose city moving"


def test_a_zone_tells_what_wins_first():
    free = CurbPolicy(id="b", priority=9, rules=(CurbRule(Activity.PARKING),))
    red = CurbPolicy(id="a", priority=1, rules=(CurbRule(Activity.NO_STOPPING),), spans=(TimeSpan(end=time(9)),))
    assert zone_words([free, red]) == "No stopping daily midnight to 9:00 am; Parking allowed, at all times"
    assert zone_words([]) == "No rules"


@given(curb_policies())
def test_any_policy_has_words_without_gaps(policy):
    told = policy_words(policy)
    assert told and "  " not in told and ", ," not in told and not told.endswith((" ", ","))
