"""The clocks of stored and towed vehicles, as pure functions (Vehicle Code 22651(k), 22852; local ordinance).

Moments carry their time zone. Hours "excluding weekends and holidays" (22852) pass only on days on which the office is
open, counted on the city's own clock; the clocks change on Sundays, so no counted day has 23 or 25 hours. The day of a
notice is not counted, the last day is, and a last day on which the office is closed moves to the next open one.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parking.curbs.calendar import holiday_name, is_holiday

PACIFIC = ZoneInfo("America/Los_Angeles")
ONE_DAY = timedelta(days=1)
DOUBTFUL = frozenset({"Day After Thanksgiving"})
Closed = Callable[[date], bool]


def is_closed(day: date) -> bool:
    """Whether a day does not count under 22852: Saturday, Sunday, or a holiday of California."""
    return day.weekday() >= 5 or is_holiday(day)


def does_not_count(day: date) -> bool:
    """Whether a day is left out of the agency's own hours: a weekend or a holiday beyond doubt.

    The day after Thanksgiving is a holiday of the state's employees, not one of Government Code 6700: it counts, so
    that a doubt shortens the agency's time and never the owner's.
    """
    return is_closed(day) and (day.weekday() >= 5 or holiday_name(day) not in DOUBTFUL)


def stood_long_enough(since: datetime, until: datetime, hours: float) -> bool:
    """Whether `hours` **or more** have gone by (22651(k)); elapsed time, whatever the clocks on the wall did."""
    return until - since >= timedelta(hours=hours)


def second_look_from(marked_at: datetime, hours: float) -> datetime:
    """When the time on a marked warning has run: the second look counts from then on."""
    return marked_at + timedelta(hours=hours)


def open_hours_after(since: datetime, hours: float, closed: Closed = does_not_count) -> datetime:
    """The moment when `hours` of open days have gone by since a moment (22852: 48 hours, no weekends or holidays).

    On the wall clock of the city. The answer lies on an open day, or at the very end of one.
    """
    at = since.astimezone(PACIFIC).replace(tzinfo=None)
    left = timedelta(hours=hours)
    while True:
        next_day = datetime.combine(at.date() + ONE_DAY, time())
        if not closed(at.date()):
            if at + left <= next_day:
                return (at + left).replace(tzinfo=PACIFIC)
            left -= next_day - at
        at = next_day


def notice_due(stored_at: datetime, hours: float = 48, closed: Closed = does_not_count) -> datetime:
    """Until when the notices to the owners are mailed or handed over (22852(b))."""
    return open_hours_after(stored_at, hours, closed)


def hearing_last_day(notice_on: date, days: int = 10, closed: Closed = is_closed) -> date:
    """The last day to ask for a hearing: ten days from the date on the notice (22852(b)), moved to an open day."""
    day = notice_on + timedelta(days=days)
    while closed(day):
        day += ONE_DAY
    return day


def hearing_due(asked_at: datetime, hours: float = 48, closed: Closed = does_not_count) -> datetime:
    """Until when a hearing that was asked for is held (22852(c))."""
    return open_hours_after(asked_at, hours, closed)


def moved_miles(
    odometer_then: float | None, odometer_now: float | None, measured_miles: float | None = None
) -> float | None:
    """How far a vehicle has moved since it was marked, in miles; None when nobody measured it.

    What the odometer says and what was measured on the map: the larger counts, for the owner's sake. An odometer that
    runs backwards says nothing.
    """
    known = [] if measured_miles is None else [measured_miles]
    if odometer_then is not None and odometer_now is not None and odometer_now >= odometer_then:
        known.append(odometer_now - odometer_then)
    return max(known, default=None)


def counts_as_moved(
    odometer_then: float | None, odometer_now: float | None, measured_miles: float | None, least_miles: float
) -> bool:
    """Whether a vehicle moved as the local ordinance means it, for instance half a mile."""
    miles = moved_miles(odometer_then, odometer_now, measured_miles)
    return miles is not None and miles >= least_miles
