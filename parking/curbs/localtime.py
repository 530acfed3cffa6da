"""Local days as stretches of real time, exactly, also where clocks are set forward or back."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_S = 86_400
EPOCH = date(1970, 1, 1).toordinal()

Interval = tuple[float, float]  # seconds since 1970 UTC; the beginning is included, the end is not
Segment = tuple[float, float, float]  # an interval and the local clock's offset from UTC in it, in seconds


@lru_cache(maxsize=64)
def zone(tz: str | ZoneInfo) -> ZoneInfo:
    """The time zone of a name such as "America/Los_Angeles"; a zone itself passes through."""
    return tz if isinstance(tz, ZoneInfo) else ZoneInfo(tz)


def seconds(moment: datetime) -> float:
    """Seconds since 1970 UTC. A moment without a time zone is refused: it could mean two moments, or none."""
    if moment.tzinfo is None:
        raise ValueError("This needs a moment with its time zone.")
    return moment.timestamp()


def moment(stamp: float) -> datetime:
    """The moment, in UTC, of seconds since 1970."""
    return datetime.fromtimestamp(stamp, UTC)


def local_day(stamp: float, tz: ZoneInfo) -> int:
    """The ordinal (`date.toordinal`) of the local date at a moment."""
    return datetime.fromtimestamp(stamp, tz).date().toordinal()


@lru_cache(maxsize=1024)
def segments(day: int, tz: ZoneInfo) -> tuple[Segment, ...]:
    """The stretches of real time that make up a local day (an ordinal), each with one offset of the clock.

    One on an ordinary day, of 24 hours. Two on a day the clocks change, together 23 or 25 hours in California.
    """
    midnight = float((day - EPOCH) * DAY_S)
    found = []
    for begin, end, offset in _offsets(midnight - DAY_S, midnight + 2 * DAY_S, tz):
        begin, end = max(begin, midnight - offset), min(end, midnight + DAY_S - offset)
        if begin < end:
            found.append((begin, end, offset))
    return tuple(found)


def wall_clock(day: int, start: time | None, end: time | None, tz: ZoneInfo) -> list[Interval]:
    """When the local clock shows `start` or later and not yet `end` (None: midnight) on that day.

    An hour that comes twice counts twice; one that is skipped never comes.
    """
    midnight = (day - EPOCH) * DAY_S
    first, last = _second_of_day(start, 0), _second_of_day(end, DAY_S)
    clipped = (
        (max(begin, midnight + first - offset), min(until, midnight + last - offset))
        for begin, until, offset in segments(day, tz)
    )
    return [(begin, until) for begin, until in clipped if begin < until]


def midnight_of(value: date, tz: ZoneInfo) -> float:
    """The moment a date begins in local time; a datetime is itself."""
    if isinstance(value, datetime):
        return seconds(value)
    return segments(value.toordinal(), tz)[0][0]


def _second_of_day(value: time | None, default: int) -> int:
    return default if value is None else value.hour * 3600 + value.minute * 60 + value.second


def _offsets(begin: float, end: float, tz: ZoneInfo) -> list[Segment]:
    """The window cut where the clock changes; changes less than six hours apart are not looked for."""
    pieces, at, offset = [], begin, _offset(begin, tz)
    step = 6 * 3600.0
    here = begin
    while here < end:
        there = min(here + step, end)
        if _offset(there, tz) != offset:
            change = _change(here, there, tz)
            pieces.append((at, change, offset))
            at, offset = change, _offset(change, tz)
        here = there
    pieces.append((at, end, offset))
    return pieces


def _change(before: float, after: float, tz: ZoneInfo) -> float:
    """The first whole second with another offset than `before` has."""
    offset = _offset(before, tz)
    while after - before > 1:
        middle = before + (after - before) // 2
        before, after = (middle, after) if _offset(middle, tz) == offset else (before, middle)
    return after


@lru_cache(maxsize=4096)
def _offset(stamp: float, tz: ZoneInfo) -> float:
    return (datetime.fromtimestamp(stamp, tz).utcoffset() or timedelta()).total_seconds()
