"""The days on which California keeps a holiday."""

from datetime import date

import pytest

from parking.curbs.calendar import holiday_name, is_holiday


@pytest.mark.parametrize(
    "day",
    [date(2026, 11, 26), date(2026, 12, 25), date(2026, 7, 3), date(2026, 7, 4), date(2026, 3, 31), date(2027, 12, 31)],
)
def test_federal_and_state_holidays_and_the_days_they_are_observed_are_holidays(day):
    assert is_holiday(day) and holiday_name(day)


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 12, 31), date(2026, 7, 6)])
def test_an_ordinary_day_is_none(day):
    assert not is_holiday(day) and holiday_name(day) == ""
