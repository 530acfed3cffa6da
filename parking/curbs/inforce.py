"""What holds at a moment: which rule is in force for whom, when limits are enforced, when the next change comes.

Everything is asked in real time (aware datetimes) and answered in it; spans are read in local wall-clock time. A day
is worked out once per policy and remembered, so a question costs a few microseconds. The memory is keyed by the
policies themselves and by the functions that tell holidays and periods: their answers must not change; where they do
(a snow emergency is declared), pass a new function.

Semantics (CDS): of the policies whose spans hold and that have a rule for the person, the lowest priority number
wins. At one priority (within a policy, or between two) the rule that asks for more user classes comes first, then the
order in which they are written; for a parked vehicle, a rule about parking comes before one about loading.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from parking.curbs.calendar import is_holiday
from parking.curbs.localtime import local_day, moment, seconds, zone
from parking.curbs.spans import Calendar, never, policy_on
from parking.curbs.types import Activity, CurbPolicy, CurbRule

NOBODY_SPECIAL: frozenset[str] = frozenset()
LOOK_AHEAD_DAYS = 400
SILENT_ON_PARKING = frozenset({Activity.NO_TRAVEL})  # CDS: "could be used for other activities"
ABOUT_PARKING = frozenset({Activity.PARKING, Activity.NO_PARKING, Activity.NO_STOPPING})


@dataclass(frozen=True)
class Stretch:
    """A stretch of real time (UTC; `end` not included) through which one rule decides."""

    begin: datetime
    end: datetime
    policy: CurbPolicy
    rule: CurbRule

    @property
    def minutes(self) -> float:
        """How long it lasts, in elapsed minutes."""
        return (self.end - self.begin).total_seconds() / 60


def is_for(rule: CurbRule, classes: frozenset[str]) -> bool:
    """Whether a rule speaks to somebody who has these user classes."""
    return (
        classes.issuperset(rule.user_classes)
        and classes.isdisjoint(rule.user_classes_except)
        and (not rule.purposes or not classes.isdisjoint(rule.purposes))
    )


def is_limit(rule: CurbRule | None) -> bool:
    """Whether a rule lets one park for a limited time."""
    return rule is not None and rule.activity is Activity.PARKING and rule.max_stay is not None


def in_order(policies: Iterable[CurbPolicy], classes: frozenset[str]) -> list[tuple[CurbPolicy, CurbRule]]:
    """The rules that speak to somebody, the one that wins first, whatever the time."""
    found = [(policy, rule) for policy in policies for rule in policy.rules if is_for(rule, classes)]
    return sorted(found, key=lambda pair: (pair[0].priority, -_particular(pair[1])))


def _particular(rule: CurbRule) -> int:
    return len(rule.user_classes) + bool(rule.purposes)


def applying(
    policies: Iterable[CurbPolicy],
    at: datetime,
    tz: str | ZoneInfo,
    holidays: Callable[[date], bool] = is_holiday,
    classes: frozenset[str] = NOBODY_SPECIAL,
    periods: Callable[[str, date], bool] = never,
) -> list[tuple[CurbPolicy, CurbRule]]:
    """Every rule that holds at a moment for somebody with these user classes; the first wins."""
    calendar, stamp = _calendar(tz, holidays, periods), seconds(at)
    day = local_day(stamp, calendar.tz)
    holding = [p for p in policies if any(begin <= stamp < end for begin, end in policy_on(p, day, calendar))]
    return in_order(holding, classes)


def rule_at(
    policies: Iterable[CurbPolicy],
    at: datetime,
    tz: str | ZoneInfo,
    holidays: Callable[[date], bool] = is_holiday,
    classes: frozenset[str] = NOBODY_SPECIAL,
    periods: Callable[[str, date], bool] = never,
) -> CurbRule | None:
    """The rule that decides about a parked vehicle at a moment; None where nothing is regulated.

    Read its activity: anything but "parking" means that one may not park. `is_limit` tells a limit.
    """
    calendar, stamp = _calendar(tz, holidays, periods), seconds(at)
    pieces = _day(tuple(policies), local_day(stamp, calendar.tz), calendar, classes)
    place = bisect_right(pieces, stamp, key=lambda piece: piece[0]) - 1
    return pieces[place][3] if place >= 0 and stamp < pieces[place][1] else None


def stretches(
    policies: Iterable[CurbPolicy],
    begin: datetime,
    end: datetime,
    tz: str | ZoneInfo,
    holidays: Callable[[date], bool] = is_holiday,
    classes: frozenset[str] = NOBODY_SPECIAL,
    periods: Callable[[str, date], bool] = never,
) -> list[Stretch]:
    """What decides about a parked vehicle from `begin` to `end`, piece by piece; unregulated time is left out."""
    calendar, first, last = _calendar(tz, holidays, periods), seconds(begin), seconds(end)
    pieces = (
        (max(start, first), min(until, last), policy, rule)
        for day in _days(first, last, calendar.tz)
        for start, until, policy, rule in _day(tuple(policies), day, calendar, classes)
        if start < last and until > first
    )
    return [Stretch(moment(start), moment(until), policy, rule) for start, until, policy, rule in _joined(pieces)]


def enforced_intervals(
    policies: Iterable[CurbPolicy],
    begin: datetime,
    end: datetime,
    tz: str | ZoneInfo,
    holidays: Callable[[date], bool] = is_holiday,
    classes: frozenset[str] = NOBODY_SPECIAL,
    periods: Callable[[str, date], bool] = never,
) -> list[tuple[datetime, datetime]]:
    """The UTC stretches between two moments in which a limit on parking is enforced, apart and in order."""
    found: list[tuple[datetime, datetime]] = []
    for stretch in stretches(policies, begin, end, tz, holidays, classes, periods):
        if not is_limit(stretch.rule):
            continue
        if found and found[-1][1] == stretch.begin:
            found[-1] = (found[-1][0], stretch.end)
        else:
            found.append((stretch.begin, stretch.end))
    return found


def enforced_minutes(
    policies: Iterable[CurbPolicy],
    begin: datetime,
    end: datetime,
    tz: str | ZoneInfo,
    holidays: Callable[[date], bool] = is_holiday,
    classes: frozenset[str] = NOBODY_SPECIAL,
    periods: Callable[[str, date], bool] = never,
) -> float:
    """Elapsed minutes between two moments in which a limit on parking is enforced."""
    pieces = enforced_intervals(policies, begin, end, tz, holidays, classes, periods)
    return sum((until - start).total_seconds() for start, until in pieces) / 60


def next_change(
    policies: Iterable[CurbPolicy],
    at: datetime,
    tz: str | ZoneInfo,
    holidays: Callable[[date], bool] = is_holiday,
    classes: frozenset[str] = NOBODY_SPECIAL,
    periods: Callable[[str, date], bool] = never,
    within: timedelta = timedelta(days=LOOK_AHEAD_DAYS),
) -> datetime | None:
    """The first moment after `at` when another rule decides, or none does any more; None if not `within` that time."""
    policies = tuple(policies)
    calendar, stamp = _calendar(tz, holidays, periods), seconds(at)
    now = rule_at(policies, at, tz, holidays, classes, periods)
    for begin, rule in _timeline(policies, stamp, stamp + within.total_seconds(), calendar, classes):
        if rule != now:
            return moment(begin)
    return None


_Piece = tuple[float, float, CurbPolicy, CurbRule]


@lru_cache(maxsize=65_536)
def _day(policies: tuple[CurbPolicy, ...], day: int, calendar: Calendar, classes: frozenset[str]) -> tuple[_Piece, ...]:
    """A local day cut into pieces in which one rule decides about a parked vehicle."""
    ranked = sorted(in_order(policies, classes), key=_parking_first)
    times = [
        (policy, rule, policy_on(policy, day, calendar))
        for policy, rule in ranked
        if rule.activity not in SILENT_ON_PARKING
    ]
    edges = sorted({edge for _, _, intervals in times for interval in intervals for edge in interval})
    pieces = []
    for begin, end in pairwise(edges):
        winner = _winner(times, begin)
        if winner:
            pieces.append((begin, end, *winner))
    return tuple(_joined(pieces))


def _parking_first(pair: tuple[CurbPolicy, CurbRule]) -> tuple[int, bool]:
    """At one priority, CDS lets loading and parking stand side by side: a parked vehicle is asked about parking."""
    policy, rule = pair
    return policy.priority, rule.activity not in ABOUT_PARKING


def _winner(times: Sequence[tuple], stamp: float) -> tuple[CurbPolicy, CurbRule] | None:
    for policy, rule, intervals in times:
        if any(begin <= stamp < end for begin, end in intervals):
            return policy, rule
    return None


def _timeline(
    policies: tuple[CurbPolicy, ...], first: float, last: float, calendar: Calendar, classes: frozenset[str]
) -> Iterator[tuple[float, CurbRule | None]]:
    """When each rule begins to decide, the gaps between them as None."""
    reached = first
    for day in _days(first, last, calendar.tz):
        for begin, end, _, rule in _day(policies, day, calendar, classes):
            if end <= first:
                continue
            if begin > reached:
                yield reached, None
            yield max(begin, reached), rule
            reached = end
    if reached < last:
        yield reached, None


def _joined(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Pieces that touch and have the same policy and rule become one."""
    held: _Piece | None = None
    for piece in pieces:
        if held and held[1] == piece[0] and held[2] == piece[2] and held[3] == piece[3]:
            held = (held[0], piece[1], held[2], held[3])
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


@lru_cache(maxsize=256)
def _calendar(tz: str | ZoneInfo, holidays: Callable[[date], bool], periods: Callable[[str, date], bool]) -> Calendar:
    return Calendar(zone(tz), holidays, periods)


def _days(first: float, last: float, tz: ZoneInfo) -> range:
    return range(local_day(first, tz), local_day(last, tz) + 1)
