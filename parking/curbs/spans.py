"""A policy's time spans on one local day, as stretches of real time.

A policy holds while one of its spans does (always, if it has none) and none of its exceptions does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from parking.curbs.calendar import is_holiday
from parking.curbs.localtime import Interval, midnight_of, segments, wall_clock
from parking.curbs.types import CurbPolicy, TimeSpan

HOLIDAYS = "holidays"


def never(period: str, day: date) -> bool:
    """No designated period but holidays is known: a snow emergency or a game day is taken not to be."""
    return False


@dataclass(frozen=True)
class Calendar:
    """What turns rules into moments: a time zone, which days are holidays, and which days fall in other periods."""

    tz: ZoneInfo
    holidays: Callable[[date], bool] = is_holiday
    periods: Callable[[str, date], bool] = never

    def within(self, period: str, day: date) -> bool:
        """Whether a local day falls in a designated period."""
        name = period.strip().lower()
        return self.holidays(day) if name in (HOLIDAYS, "holiday") else self.periods(name, day)


def week_of_month(day: date) -> int:
    """1 for the 1st to the 7th, 2 for the 8th to the 14th, … 5 from the 29th."""
    return (day.day - 1) // 7 + 1


def falls_on(span: TimeSpan, day: date, calendar: Calendar) -> bool:
    """Whether the span can hold at all on this local day, whatever the time."""
    return (
        (not span.days or day.weekday() in span.days)
        and (not span.weeks_of_month or week_of_month(day) in span.weeks_of_month)
        and (not span.days_of_month or day.day in span.days_of_month)
        and (not span.months or day.month in span.months)
        and (not span.period or calendar.within(span.period, day) is not span.period_except)
    )


def span_on(span: TimeSpan, day: int, calendar: Calendar) -> list[Interval]:
    """The stretches of a local day (an ordinal) in which the span's own words hold."""
    if not falls_on(span, date.fromordinal(day), calendar):
        return []
    found = wall_clock(day, span.start, span.end, calendar.tz)
    if span.start_date is not None:
        first = midnight_of(span.start_date, calendar.tz)
        found = [(max(begin, first), end) for begin, end in found]
    if span.end_date is not None:
        last = midnight_of(span.end_date, calendar.tz)
        found = [(begin, min(end, last)) for begin, end in found]
    return [(begin, end) for begin, end in found if begin < end]


@lru_cache(maxsize=65_536)
def policy_on(policy: CurbPolicy, day: int, calendar: Calendar) -> tuple[Interval, ...]:
    """The stretches of a local day in which a policy holds, in order and apart."""
    wanted = [span for span in policy.spans if not span.exception]
    holds = [interval for span in wanted for interval in span_on(span, day, calendar)]
    if not wanted:
        holds = [(begin, end) for begin, end, _ in segments(day, calendar.tz)]
    exceptions = [interval for span in policy.spans if span.exception for interval in span_on(span, day, calendar)]
    return tuple(without(merged(holds), merged(exceptions)))


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time, in order, with nothing counted twice."""
    found: list[Interval] = []
    for begin, end in sorted(intervals):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def without(intervals: list[Interval], holes: list[Interval]) -> list[Interval]:
    """The intervals less the holes; both in order and apart."""
    for hole_begin, hole_end in holes:
        intervals = [
            piece
            for begin, end in intervals
            for piece in ((begin, min(end, hole_begin)), (max(begin, hole_end), end))
            if piece[0] < piece[1]
        ]
    return intervals
