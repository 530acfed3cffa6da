"""Time spans as sets: whether two can meet, what is left of one without another, one way to write exceptions.

Everything here is about what spans say, not about one day: it holds for every calendar.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from parking.curbs.span_words import WEEKS
from parking.curbs.types import TimeSpan

ALWAYS = TimeSpan()
EVERY_DAY = frozenset(range(7))
EVERY_DATE = frozenset(range(1, 32))
EVERY_MONTH = frozenset(range(1, 13))
EVERY_WEEK = frozenset(WEEKS)
LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
NEVER = TimeSpan(days_of_month=frozenset({31}), months=frozenset({2}))


class TwoPeriods(ValueError):
    """A span would need two designated periods at once; it has room for one."""


def dates_of(span: TimeSpan) -> frozenset[int]:
    """The days of the month on which a span can hold, its weeks taken into account."""
    dates = span.days_of_month or EVERY_DATE
    return dates & frozenset().union(*(WEEKS[week] for week in span.weeks_of_month)) if span.weeks_of_month else dates


def can_hold(span: TimeSpan) -> bool:
    """Whether there is a moment at all at which a span holds."""
    months = span.months or EVERY_MONTH
    return (
        any(day <= LONGEST_MONTH.get(month, 31) for day in dates_of(span) for month in months)
        and (span.start or time()) < (span.end or time.max)
        and not _ends_before(span.end_date, span.start_date)
    )


def meet(one: TimeSpan, other: TimeSpan) -> bool:
    """Whether two spans can hold at one moment; exceptions are read as ordinary spans."""
    try:
        both = intersection(one, other)
    except TwoPeriods:
        return True
    return both is not None and can_hold(both)


def intersection(one: TimeSpan, other: TimeSpan) -> TimeSpan | None:
    """When both hold; None if never. Raises TwoPeriods where one span cannot say it."""
    parts = {
        "days": _common(one.days, other.days),
        "months": _common(one.months, other.months),
        "weeks_of_month": _common(one.weeks_of_month, other.weeks_of_month),
        "days_of_month": _common(one.days_of_month, other.days_of_month),
    }
    if None in parts.values():
        return None
    both = TimeSpan(
        **parts,  # type: ignore[arg-type]  # no None is left among them
        start=_latest(one.start, other.start),
        end=_earliest(one.end, other.end),
        start_date=_later_date(one.start_date, other.start_date),
        end_date=_earlier_date(one.end_date, other.end_date),
    )
    if one.period and other.period and one.period == other.period and one.period_except != other.period_except:
        return None
    return _with_period(both, one, other) if can_hold(both) else None


def minus(span: TimeSpan, hole: TimeSpan) -> list[TimeSpan]:
    """What is left of a span without another, as spans that may overlap: it holds where any part of the hole does not.

    Raises TwoPeriods where a part would need two designated periods.
    """
    if not meet(span, hole):
        return [span]
    left = [intersection(span, part) for part in _complements(hole)]
    return [part for part in left if part is not None]


def plain(spans: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The same time without exceptions; a span that never holds if nothing is left. Raises TwoPeriods."""
    holes = [replace(span, exception=False) for span in spans if span.exception]
    if not holes:
        return tuple(spans)
    left = [span for span in spans if not span.exception] or [ALWAYS]
    for hole in holes:
        left = [part for span in left for part in minus(span, hole)]
    return tuple(dict.fromkeys(left)) or (NEVER,)


def tidy(span: TimeSpan) -> TimeSpan:
    """The same span without what it says twice: a start at midnight, days of the month that its weeks are."""
    if span.start == time():
        span = replace(span, start=None)
    if span.weeks_of_month and dates_of(replace(span, days_of_month=frozenset())) == span.days_of_month:
        span = replace(span, days_of_month=frozenset())
    return span


def folded(spans: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The same time with exceptions for a designated period written into the spans they take it from, where they can be.

    "Weekdays" with the exception "holidays" becomes "weekdays except holidays"; what cannot be said so stays.
    """
    spans = [tidy(span) for span in spans]
    kept = [span for span in spans if not span.exception]
    holes = [span for span in spans if span.exception]
    while together := next(filter(None, (_together(kept or [ALWAYS], hole, holes) for hole in holes)), None):
        kept = [_without(span, together) for span in kept or [ALWAYS]]
        holes = [hole for hole in holes if hole not in together]
    return (*kept, *holes)


def _together(kept: list[TimeSpan], first: TimeSpan, holes: list[TimeSpan]) -> list[TimeSpan]:
    """The exceptions that can be written into their spans only with this one; none if they cannot.

    Each is of one span. Where it takes from another span too, that one has to have the same exception for itself.
    """
    together = [first] if first.period else []
    for hole in together:  # grows on the way
        touched = [span for span in kept if _is_of(hole, span)]
        others = [span for span in kept if span not in touched and meet(span, replace(hole, exception=False))]
        if not touched or any(span.period for span in (*touched, *others)):
            return []
        wanted = [_of(span, hole) for span in others]
        if any(one not in holes for one in wanted):
            return []
        together += [one for one in dict.fromkeys(wanted) if one not in together]
    return together


def _is_of(hole: TimeSpan, span: TimeSpan) -> bool:
    """Whether an exception takes its period from the whole of a span, and only from that: or from everything there is."""
    return hole in (_of(span, hole), _of(ALWAYS, hole))


def _of(span: TimeSpan, hole: TimeSpan) -> TimeSpan:
    """The exception for one span that is like another exception."""
    return replace(span, period=hole.period, period_except=hole.period_except, exception=True)


def _without(span: TimeSpan, together: list[TimeSpan]) -> TimeSpan:
    hole = next((hole for hole in together if _is_of(hole, span)), None)
    return replace(span, period=hole.period, period_except=not hole.period_except) if hole else span


def _complements(hole: TimeSpan) -> list[TimeSpan]:
    """When a span does not hold: one span for each part of it that can fail."""
    found = [
        TimeSpan(days=EVERY_DAY - hole.days) if hole.days else None,
        TimeSpan(months=EVERY_MONTH - hole.months) if hole.months else None,
        TimeSpan(weeks_of_month=EVERY_WEEK - hole.weeks_of_month) if hole.weeks_of_month else None,
        TimeSpan(days_of_month=EVERY_DATE - hole.days_of_month) if hole.days_of_month else None,
        TimeSpan(end=hole.start) if hole.start and hole.start != time() else None,
        TimeSpan(start=hole.end) if hole.end else None,
        TimeSpan(end_date=hole.start_date) if hole.start_date else None,
        TimeSpan(start_date=hole.end_date) if hole.end_date else None,
        TimeSpan(period=hole.period, period_except=not hole.period_except) if hole.period else None,
    ]
    # The complement of every day is no day, and an empty set would mean any: such a part cannot fail.
    return [span for span in found if span is not None and span != ALWAYS]


def _with_period(both: TimeSpan, one: TimeSpan, other: TimeSpan) -> TimeSpan:
    periods = {(span.period, span.period_except) for span in (one, other) if span.period}
    if len(periods) > 1:
        raise TwoPeriods(" and ".join(sorted(name for name, _ in periods)))
    if not periods:
        return both
    period, period_except = periods.pop()
    return replace(both, period=period, period_except=period_except)


def _common(one: frozenset[int], other: frozenset[int]) -> frozenset[int] | None:
    """Empty means any; None means none."""
    if not one or not other:
        return one or other
    return one & other or None


def _latest(one: time | None, other: time | None) -> time | None:
    return max(one, other) if one and other else one or other


def _earliest(one: time | None, other: time | None) -> time | None:
    return min(one, other) if one and other else one or other


def _later_date(one: date | None, other: date | None) -> date | None:
    return other if one is None or (other is not None and _no_later(one, other)) else one


def _earlier_date(one: date | None, other: date | None) -> date | None:
    return other if one is None or (other is not None and _no_later(other, one)) else one


def _ends_before(end: date | None, start: date | None) -> bool:
    return end is not None and start is not None and _no_later(end, start)


def _no_later(one: date, other: date) -> bool:
    """Whether one beginning comes no later than another; a plain date begins at midnight, in the moment's own zone."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one <= other
    return _wall(one) <= _wall(other)


def _wall(value: date) -> tuple[date, time]:
    return (value.date(), value.time()) if isinstance(value, datetime) else (value, time())
