"""The day that a simulated patrol drives on."""

from datetime import date, timedelta
from typing import TypeVar

from parking.curbs.calendar import is_holiday

Day = TypeVar("Day", bound=date)


def working_day_until(day: Day) -> Day:
    """This day (a date or a time), else the newest before it that is neither of a weekend nor a holiday.

    On any other day hardly a limit is in force, and a patrol would prove nothing.
    """
    while day.weekday() >= 5 or is_holiday(date(day.year, day.month, day.day)):
        day -= timedelta(days=1)
    return day
