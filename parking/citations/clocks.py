"""The clocks of a citation, as pure functions on local dates (Vehicle Code 40202, 40206, 40206.5, 40215, 40230).

Counting: the day something happened is not counted, the last day is. A last day on which the office is closed moves to
the next day on which it is open. Both favor the driver, and both are the usual way of counting (Code of Civil
Procedure 12, 12a). A day on which the owner waited for a requested copy is not counted, first and last day included.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import holidays

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """Days on which a copy was asked for and not sent yet, both ends included; no end: still waiting."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the owner waited on this day."""
        return self.since <= day and (self.until is None or day <= self.until)


@lru_cache(maxsize=8)
def _holidays_of(year: int) -> "holidays.HolidayBase":
    import holidays  # not at the start of every process (parking.curbs.calendar)

    return holidays.country_holidays("US", subdiv="CA", years=year)


def is_closed(day: date) -> bool:
    """Whether the office is closed: Saturday, Sunday, or a holiday of California."""
    return day.weekday() >= 5 or day in _holidays_of(day.year)


def last_day(
    since: date,
    days: int,
    waiting: Iterable[Waiting] = (),
    closed: Callable[[date], bool] = is_closed,
) -> date | None:
    """The last day of a period of `days` counted days after `since`; None while a copy is awaited, as no day counts."""
    spans = list(waiting)
    day = since
    for _ in range(days):
        day += ONE_DAY
        while any(span.covers(day) for span in spans):
            day = _past(day, spans)
            if day == date.max:
                return None
    while closed(day):
        day += ONE_DAY
    return day


def _past(day: date, spans: list[Waiting]) -> date:
    """The first day after every span that covers this one; date.max when one has no end."""
    ends = [span.until for span in spans if span.covers(day)]
    return date.max if None in ends else max(end for end in ends if end is not None) + ONE_DAY


@dataclass(frozen=True)
class Periods:
    """The numbers of days, from the manual in force (PK-12)."""

    review_after_issue: int = 21
    review_after_delinquent: int = 14
    hearing_after_result: int = 21
    court_after_decision: int = 30
    court_mail_extension: int = 5


def review_last_day(
    *,
    issued_on: date,
    delinquent_mailed_on: date | None = None,
    waiting: Iterable[Waiting] = (),
    periods: Periods = Periods(),
) -> date | None:
    """The last day to ask for the initial review: 21 days from issue or 14 from mailing of the delinquent notice.

    The later of the two (40215(a)). None while a requested copy is awaited.
    """
    spans = list(waiting)
    ends = [last_day(issued_on, periods.review_after_issue, spans)]
    if delinquent_mailed_on is not None:
        ends.append(last_day(delinquent_mailed_on, periods.review_after_delinquent, spans))
    return None if None in ends else max(end for end in ends if end is not None)


def hearing_last_day(*, result_mailed_on: date, periods: Periods = Periods()) -> date:
    """The last day to ask for a hearing: 21 days from mailing of the review's result (40215(b))."""
    return _certain(last_day(result_mailed_on, periods.hearing_after_result))


def court_last_day(
    *,
    decision_sent_on: date,
    by_mail: bool = True,
    periods: Periods = Periods(),
) -> date:
    """The last day for the appeal to superior court: 30 days from mailing or delivery of the decision (40230).

    By mail the extension of Code of Civil Procedure 1013 is added.
    """
    extension = periods.court_mail_extension if by_mail else 0
    return _certain(last_day(decision_sent_on, periods.court_after_decision + extension))


def _certain(day: date | None) -> date:
    if day is None:
        raise AssertionError("Without a span of waiting a period always ends.")
    return day
