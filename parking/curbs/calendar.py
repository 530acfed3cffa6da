"""Which days are holidays in California: federal and state, on the day they are observed.

Source: the `holidays` package (US with subdivision CA). A city that keeps other days passes its own function wherever
one of these is taken. More holidays only ever mean less enforcement.
"""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=64)
def holidays_of(year: int) -> dict[date, str]:
    """The holidays that fall in a year, with their names; one on a weekend also stands on the day it is observed."""
    import holidays  # a sixth of what every process would load at its start, most of them for nothing

    found = holidays.country_holidays("US", subdiv="CA", years=year, observed=True)
    return {day: name for day, name in found.items() if day.year == year}


def is_holiday(day: date) -> bool:
    """Whether a holiday is observed on this day."""
    return day in holidays_of(day.year)


def holiday_name(day: date) -> str:
    """The name of the day's holiday; empty on any other day."""
    return holidays_of(day.year).get(day, "")
