"""When a policy holds, in words a person reads: "Monday to Friday 7:00 am to 6:00 pm, not on holidays"."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from parking.curbs.types import TimeSpan

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
EVERY_DAY = frozenset(range(7))
WEEKS = {week: frozenset(range(7 * week - 6, min(7 * week, 31) + 1)) for week in range(1, 6)}
ODD, EVEN = frozenset(range(1, 32, 2)), frozenset(range(2, 32, 2))


def listed(words: Iterable[str], last: str = "and") -> str:
    """One; one and two; one, two and three."""
    words = list(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def time_words(value: time | None) -> str:
    """7:00 am, noon; None is midnight."""
    if value is None or (value.hour, value.minute) == (0, 0):
        return "midnight"
    if (value.hour, value.minute) == (12, 0):
        return "noon"
    return f"{value.hour % 12 or 12}:{value.minute:02d} {'am' if value.hour < 12 else 'pm'}"


def spans_words(spans: Sequence[TimeSpan]) -> str:
    """When a policy with these spans holds; "at all times" without any."""
    holds = [span for span in spans if not span.exception]
    parts = [_holding_words(holds)] if holds else []
    parts += ["not " + _exception_words(span) for span in spans if span.exception]
    return ", ".join(parts) if holds else ", ".join(["at all times", *parts])


def _holding_words(spans: list[TimeSpan]) -> str:
    """Spans on the same days tell them once; a condition that all of them share is told once, at the end."""
    shared = {_condition_words(span) for span in spans}
    tail = shared.pop() if len(shared) == 1 else None
    groups: dict[tuple[str, str], list[TimeSpan]] = {}
    for span in spans:
        groups.setdefault((day_words(span), "" if tail is not None else _condition_words(span)), []).append(span)
    pieces = [_on_days(days, group, condition) for (days, condition), group in groups.items()]
    pieces = [] if "" in pieces else pieces  # one that holds at all times: the others add nothing
    told = ", and ".join(pieces) if any(" and " in piece for piece in pieces) else listed(pieces)
    return ", ".join(part for part in (told, tail) if part) or "at all times"


def _on_days(days: str, spans: list[TimeSpan], condition: str) -> str:
    times = listed(_times(spans))
    if not times:
        return ", ".join(part for part in (days, condition) if part)
    comma = "," if any(span.weeks_of_month or span.days_of_month for span in spans) else ""
    told = f"{days}{comma} {times}" if days else f"daily {times}"
    return f"{told}, {condition}" if condition else told


def _times(spans: list[TimeSpan]) -> list[str]:
    """Times of day; two spans that meet at midnight on the same days are told as one night."""
    if any(span.start is None and span.end is None for span in spans):
        return []
    times = [(span.start, span.end) for span in spans]
    evening = next((pair for pair in times if pair[0] and pair[1] is None), None)
    morning = next((pair for pair in times if _is_midnight(pair[0]) and pair[1]), None)
    if evening and morning and len(times) == 2 and not spans[0].days:
        times = [(evening[0], morning[1])]
    return [f"{time_words(start)} to {time_words(end)}" for start, end in times]


def _is_midnight(value: time | None) -> bool:
    return value is None or value == time()


def day_words(span: TimeSpan) -> str:
    """Which days a span holds on; empty for every day."""
    days = _weekdays(span.days)
    weeks = span.weeks_of_month or (_whole_weeks(span) if days else frozenset())
    if weeks and days:
        days = f"{listed(ordinal(week) for week in sorted(weeks))} {days}"
        return days if not span.weeks_of_month else _and_dates(days, span.days_of_month)
    if weeks:
        dates = frozenset().union(*(WEEKS[week] for week in weeks))
        return _dates(dates & (span.days_of_month or dates))
    return _and_dates(days, span.days_of_month)


def _and_dates(days: str, dates: frozenset[int]) -> str:
    if not dates:
        return days
    return f"{days} when it is {_dates(dates)}" if days else _dates(dates)


def _whole_weeks(span: TimeSpan) -> frozenset[int]:
    """The weeks that days of the month stand for in CDS 1.0: "days 8 to 14 and a Tuesday" is the 2nd Tuesday."""
    weeks = frozenset(week for week, days in WEEKS.items() if days <= span.days_of_month)
    whole = frozenset().union(*(WEEKS[week] for week in weeks))
    return weeks if weeks and whole == span.days_of_month else frozenset()


def _weekdays(days: frozenset[int]) -> str:
    if not days or days == EVERY_DAY:
        return ""
    return listed(_run(run, DAYS) for run in runs(sorted(days)))


def _dates(dates: frozenset[int]) -> str:
    if not dates:
        return "no day of the month"
    if dates in (ODD, EVEN):
        return f"{'odd' if dates == ODD else 'even'} days of the month"
    told = listed(
        ordinal(run[0]) if len(run) == 1 else f"{ordinal(run[0])} to {ordinal(run[-1])}" for run in runs(sorted(dates))
    )
    return f"the {told} of the month"


def _run(run: list[int], names: Sequence[str]) -> str:
    if len(run) > 2:
        return f"{names[run[0]]} to {names[run[-1]]}"
    return " and ".join(names[index] for index in run)


def runs(numbers: Sequence[int]) -> list[list[int]]:
    """Neighbors together: 1, 2, 3, 5 is [1, 2, 3] and [5]."""
    found = [[numbers[0]]] if numbers else []
    for before, number in pairwise(numbers):
        if number == before + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _condition_words(span: TimeSpan) -> str:
    """What must hold beside days and times: months, dates, a designated period."""
    period = period_words(span.period) if span.period else ""
    parts = [
        _months(span.months),
        _range(span.start_date, span.end_date),
        ("not " if span.period_except else "") + period,
    ]
    return ", ".join(part for part in parts if part)


def period_words(period: str) -> str:
    """ "on holidays", "in a snow emergency", "during harvest"."""
    name = period.lower()
    if name == "snow emergency":
        return "in a snow emergency"
    return f"on {name}" if name.endswith(("days", "day")) else f"during {name}"


def _exception_words(span: TimeSpan) -> str:
    if span == TimeSpan(period=span.period, exception=True) and span.period:
        return period_words(span.period)
    return _holding_words([replace(span, exception=False)])


def _months(months: frozenset[int]) -> str:
    if not months or len(months) == 12:
        return ""
    indexes = sorted(month - 1 for month in months)
    found = runs(indexes)
    if len(found) > 1 and found[0][0] == 0 and found[-1][-1] == 11:
        found = [*found[1:-1], found[-1] + found[0]]  # over the new year: December to March
    return "in " + listed(_run(run, MONTHS) for run in found)


def _range(first: date | None, end: date | None) -> str:
    """A plain end date is not included, so the day before it is the last."""
    if first is None and end is None:
        return ""
    until = ""
    if end is not None:
        last = end if isinstance(end, datetime) else end - timedelta(days=1)
        if first == last:
            return f"on {date_words(last)}"
        until = f"until {date_words(last)}" if isinstance(end, datetime) else f"to {date_words(last)}"
    return " ".join(part for part in (f"from {date_words(first)}" if first else "", until) if part)


def date_words(value: date) -> str:
    """November 23, 2026; with the time if it is a moment."""
    day = f"{MONTHS[value.month - 1]} {value.day}, {value.year}"
    return f"{day} at {time_words(value.time())}" if isinstance(value, datetime) else day
