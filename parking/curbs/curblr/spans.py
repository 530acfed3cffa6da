"""CurbLR time spans as ours: each clause becomes a few spans, and clauses are combined by intersection."""

import re
from collections.abc import Callable, Iterable
from datetime import date, time, timedelta

from parking.curbs.feature import Feature
from parking.curbs.span_sets import ALWAYS, EVERY_DAY, NEVER, TwoPeriods, dates_of, intersection
from parking.curbs.span_words import EVEN, ODD
from parking.curbs.types import TimeSpan

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
OCCURRENCES = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
LAST_MINUTE = time(23, 59)  # how feeds write midnight: an end that they include
SHORTEST_MONTH = 28


def read_spans(feature: Feature) -> tuple[TimeSpan, ...]:
    """All time spans of a regulation; none means always, and clauses that never meet are a span that never holds."""
    parts = list(feature.parts("timeSpans"))
    found = [span for part in parts for span in _read_span(part)]
    return tuple(dict.fromkeys(found)) or ((NEVER,) if parts else ())


def _read_span(part: Feature) -> list[TimeSpan]:
    clauses = [_dates(part), [_days(part)], [_days_of_month(part)], _periods(part)]
    days = [ALWAYS]
    for clause in clauses:
        days = _combined(part, days, clause)
    times = _times(part)
    here = _combined(part, days, [span for span, tomorrow in times if not tomorrow])
    mornings = [span for span, tomorrow in times if tomorrow]
    return here + (_combined(part, _day_after(part, days), mornings) if mornings else [])


def _combined(part: Feature, spans: Iterable[TimeSpan], others: Iterable[TimeSpan]) -> list[TimeSpan]:
    try:
        both = [intersection(span, other) for span in spans for other in others]
    except TwoPeriods:
        part.fault("designatedPeriods", "One time span can name one designated period.")
        return [ALWAYS]
    return [span for span in both if span is not None]


def _days(part: Feature) -> TimeSpan:
    value = part.raw("daysOfWeek")
    if value is None:
        return ALWAYS
    inner = Feature(
        value if isinstance(value, dict) else {"days": value}, part.name, part.faults, f"{part.path}daysOfWeek."
    )
    return TimeSpan(
        days=_known(inner, "days", lambda day: DAYS.index(day[:2]) if day[:2] in DAYS else None),
        weeks_of_month=_known(inner, "occurrencesInMonth", OCCURRENCES.get),
    )


def _days_of_month(part: Feature) -> TimeSpan:
    """Numbers, "odd", "even"; "last" has no word in CDS and none here."""
    asked = [str(day).lower() for day in part.listed("daysOfMonth")]
    dates: set[int] = set()
    for place, day in enumerate(asked):
        if day in ("odd", "even"):
            dates |= ODD if day == "odd" else EVEN
        elif day.isdigit() and 1 <= int(day) <= 31:
            dates.add(int(day))
        else:
            part.fault(f"daysOfMonth[{place}]", f'"{day}" cannot be told as days from 1 to 31, "odd" or "even".')
    return TimeSpan(days_of_month=frozenset(dates))


def _known(part: Feature, name: str, meaning: Callable[[str], int | None]) -> frozenset[int]:
    found = set()
    for place, word in enumerate(part.texts(name)):
        number = meaning(word.lower())
        if number is None:
            part.fault(f"{name}[{place}]", f'"{word}" is not understood here.')
        else:
            found.add(number)
    return frozenset(found)


def _periods(part: Feature) -> list[TimeSpan]:
    """Several periods must all agree: they are combined, and two different ones have no room in one span."""
    spans = [ALWAYS]
    for inner in part.parts("designatedPeriods"):
        name = inner.text("name", required=True)
        apply = inner.choice("apply", ("only during", "except during"), required=True)
        if name and apply:
            spans = _combined(part, spans, [TimeSpan(period=name.lower(), period_except=apply == "except during")])
    return spans


def _times(part: Feature) -> list[tuple[TimeSpan, bool]]:
    """Times of day; what goes past midnight is two, the second marked as tomorrow's."""
    found: list[tuple[TimeSpan, bool]] = []
    for inner in part.parts("timesOfDay"):
        end_name = "until" if inner.values.get("until") is not None else "to"
        start, end = _clock(inner, "from"), _clock(inner, end_name)
        first = start if start and start != time() else None
        last = None if end is None or end in (time(), LAST_MINUTE) else end
        if first and last and last <= first:
            found += [(TimeSpan(start=first), False), (TimeSpan(end=last), True)]
        else:
            found.append((TimeSpan(start=first, end=last), False))
    return found or [(ALWAYS, False)]


def _clock(part: Feature, name: str) -> time | None:
    value = part.text(name)
    match = CLOCK.fullmatch(value)
    if value and (not match or (match[1] == "24" and match[2] != "00")):
        part.fault(name, f'"{value}" is not a time of day from 00:00 to 24:00.')
        return None
    return time(int(match[1]) % 24, int(match[2])) if match else None


def _day_after(part: Feature, spans: Iterable[TimeSpan]) -> list[TimeSpan]:
    """The same days one later: the morning into which a night goes."""
    return [_shifted(part, span) for span in spans]


def _shifted(part: Feature, span: TimeSpan) -> TimeSpan:
    dates = dates_of(span) if span.weeks_of_month or span.days_of_month else frozenset()
    if span.months or span.period or any(day >= SHORTEST_MONTH for day in dates):
        part.fault(
            "timesOfDay", "A night with months, a period or a month's last days must be written as two time spans."
        )
    return TimeSpan(
        days=frozenset((day + 1) % 7 for day in span.days) if span.days != EVERY_DAY else span.days,
        days_of_month=frozenset(day + 1 for day in dates if day < SHORTEST_MONTH),
        start_date=span.start_date + timedelta(days=1) if span.start_date else None,
        end_date=span.end_date + timedelta(days=1) if span.end_date else None,
    )


def _dates(part: Feature) -> list[TimeSpan]:
    """Fixed dates (the last is included), or the same part of every year."""
    found = []
    for inner in part.parts("effectiveDates"):
        first, last = inner.text("from"), inner.text("to")
        try:
            found += _annual(first, last) if len(first or last) == 5 else [_fixed(first, last)]
        except ValueError:
            inner.fault("from", f'"{first}" to "{last}" are not dates such as 2026-04-01 or 04-01.')
    return found or [ALWAYS]


def _fixed(first: str, last: str) -> TimeSpan:
    begin = date.fromisoformat(first) if first else None
    end = date.fromisoformat(last) + timedelta(days=1) if last else None
    if begin and end and end <= begin:
        raise ValueError(last)
    return TimeSpan(start_date=begin, end_date=end)


def _annual(first: str, last: str) -> list[TimeSpan]:
    """Whole months, and parts of the first and last one; over the new year it is two ranges."""
    begin, end = (date.fromisoformat(f"2000-{value}") for value in (first, last))  # a leap year: February 29 exists
    if begin > end:
        return [*_annual(first, "12-31"), *_annual("01-01", last)]
    if begin.month == end.month:
        return [_month_part(begin.month, begin.day, end.day)]
    between = frozenset(range(begin.month + 1, end.month))
    return [
        _month_part(begin.month, begin.day, 31),
        *([TimeSpan(months=between)] if between else []),
        _month_part(end.month, 1, 31 if (end + timedelta(days=1)).month != end.month else end.day),
    ]


def _month_part(month: int, first: int, last: int) -> TimeSpan:
    dates = frozenset(range(first, last + 1)) if (first, last) != (1, 31) else frozenset()
    return TimeSpan(months=frozenset({month}), days_of_month=dates)
