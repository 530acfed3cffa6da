"""The rules of one zone, and the stretches of time in which one limit runs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from parking.curbs.calendar import is_holiday
from parking.curbs.inforce import Stretch, stretches
from parking.curbs.spans import never
from parking.curbs.types import Activity, CurbPolicy
from parking.overtime.places import Place

ALLOWS_PARKING = frozenset({Activity.PARKING, Activity.NO_LOADING, Activity.NO_UNLOADING, Activity.TRAVEL})
REMEMBERED = 64
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ZoneRules:
    """A zone with its policies; `time_zone` is a TZ name. Holidays and designated periods as in `curbs.inforce`."""

    place: Place
    policies: tuple[CurbPolicy, ...]
    time_zone: str = "America/Los_Angeles"
    is_holiday: Callable[[date], bool] = is_holiday
    in_period: Callable[[str, date], bool] = never
    _known: dict[tuple, list["Running"]] = field(default_factory=dict, repr=False, compare=False, hash=False)

    def stretches(self, begin: datetime, end: datetime, classes: frozenset[str] = NOBODY) -> list[Stretch]:
        """What decides about a parked vehicle from `begin` to `end`, for somebody with these user classes."""
        return stretches(self.policies, begin, end, self.time_zone, self.is_holiday, classes, self.in_period)

    def running(self, begin: datetime, end: datetime, classes: frozenset[str] = NOBODY) -> list["Running"]:
        """The limits that run between two moments, in order, each from when it begins, a day or so back at most.

        Where another rule takes over with the same limit, one limit runs on.
        """
        days = begin.astimezone(UTC).date(), end.astimezone(UTC).date()
        if (key := (*days, classes)) not in self._known:
            first, last = (datetime.combine(day, time(), UTC) for day in days)
            pieces = self.stretches(first - timedelta(days=1), last + timedelta(days=2), classes)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = _joined(pieces)
        return [each for each in self._known[key] if each.end > begin and each.begin < end]

    def forbids_return(self, begin: datetime, end: datetime) -> bool:
        """Whether a rule that runs between two moments says how long a car that left must stay away."""
        return any(run.no_return_minutes for run in self.running(begin, end))


@dataclass(frozen=True)
class Running:
    """A stretch of time in which one limit runs: `limit_minutes` 0 where parking is not allowed at all.

    `at_once`: not even stopping is allowed. `no_return_minutes`: None where the rule has none.
    """

    begin: datetime
    end: datetime
    limit_minutes: float
    forbidden: bool = False
    at_once: bool = False
    no_return_minutes: float | None = None
    rule_name: str = ""


def _joined(pieces: list[Stretch]) -> list[Running]:
    found: list[Running] = []
    for limit in (limit for piece in pieces if (limit := _limit(piece)) is not None):
        if found and found[-1].end == limit.begin and _terms(found[-1]) == _terms(limit):
            found[-1] = replace(found[-1], end=limit.end)
        else:
            found.append(limit)
    return found


def _limit(stretch: Stretch) -> Running | None:
    """The limit of one stretch, None where its rule sets none."""
    rule = stretch.rule
    name = rule.name or stretch.policy.name
    if rule.activity in ALLOWS_PARKING:
        if rule.activity is not Activity.PARKING or rule.max_stay is None:
            return None
        return Running(stretch.begin, stretch.end, rule.max_stay, no_return_minutes=rule.no_return, rule_name=name)
    if rule.activity is Activity.NO_TRAVEL:
        return None
    at_once = rule.activity is Activity.NO_STOPPING
    return Running(stretch.begin, stretch.end, rule.max_stay or 0.0, forbidden=True, at_once=at_once, rule_name=name)


def _terms(run: Running) -> tuple:
    return run.limit_minutes, run.forbidden, run.at_once, run.no_return_minutes
