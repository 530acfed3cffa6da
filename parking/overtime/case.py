"""How long a stay has lasted against one limit: from which picture, to which, since when it counts.

Limits are elapsed minutes inside enforced hours. The clock starts at the later of the first picture, the beginning of
the enforced hours, and the end of a permit or exemption that covered the time before. Both pictures are of the stay;
the last one is taken inside the enforced hours. Where two pictures with the same letters suffice, they are taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from parking.overtime.join import may_be_misread
from parking.overtime.parameters import Parameters
from parking.overtime.permits import Exemption, Held
from parking.overtime.sighting import Sighting, same_place
from parking.overtime.vehicle import agreement
from parking.overtime.zone_rules import Running


@dataclass(frozen=True)
class Case:
    """One limit against one stay. `elapsed` in minutes, from `clock` to the last picture; `due_at` with grace."""

    run: Running
    first: Sighting
    last: Sighting
    clock: datetime
    limit: float
    elapsed: float
    is_over: bool
    due_at: datetime | None

    @property
    def exact(self) -> bool:
        """Whether both pictures show the same letters."""
        return self.first.plate == self.last.plate


def assess(run: Running, seen: Sequence[Sighting], zone_id: str, held: Iterable[Held], parameters: Parameters) -> Case:
    """Measure a stay's certain sightings (in order, at least one) against one limit."""
    rights = [each for each in held if isinstance(each.permit, Exemption) or not run.forbidden]
    first = seen[0]
    clock = _clock(first.at, run, zone_id, rights)
    limit = max((run.limit_minutes, *_own_limits(rights, zone_id, clock)))
    allowed = limit + parameters.grace_minutes
    inside = [each for each in seen if clock <= each.at and run.begin <= each.at < run.end]
    due = clock + timedelta(minutes=0 if run.at_once else allowed)
    due_at = due if due < run.end else None
    if not inside:
        return Case(run, first, first, clock, limit, 0.0, False, due_at)
    start, last = _pair(run, seen, inside, zone_id, rights, allowed)
    since = _clock(start.at, run, zone_id, rights)
    elapsed = max((last.at - since).total_seconds() / 60, 0.0)
    over = (run.at_once and since <= last.at) or elapsed > allowed
    comparable = start.plate == last.plate or _one_car(start, last, parameters)
    return Case(run, start, last, since, limit, elapsed, over and comparable, due_at)


def _pair(run: Running, seen, inside, zone_id: str, rights: list[Held], allowed: float) -> tuple[Sighting, Sighting]:
    """The pictures to compare: the longest time between two of the same letters if that is too long, else of all."""
    longest, best = timedelta(minutes=allowed), None
    for last in {each.plate: each for each in inside}.values():
        start = next(each for each in seen if each.plate == last.plate)
        between = last.at - _clock(start.at, run, zone_id, rights)
        if between > longest:
            longest, best = between, (start, last)
    return best or (seen[0], inside[-1])


def _one_car(start: Sighting, last: Sighting, parameters: Parameters) -> bool:
    """What two pictures with different letters need, however they came to be linked: one is a likely misreading of
    the other, at the same spot, of the same make, with nothing about the vehicle against it. Cars with plates that
    look alike do park one after the other; the make is what seldom fits both."""
    agreed = agreement(start, last)
    misread = may_be_misread(start.plate, last.plate, bool(agreed.same))
    same_make = any(said.startswith("same make") for said in agreed.same)
    return misread and same_make and same_place(start, last, parameters) and not agreed.different


def _clock(first_at: datetime, run: Running, zone_id: str, rights: list[Held]) -> datetime:
    """When the time begins to count; the end of the limit where a right covers all of it."""
    clock = max(first_at, run.begin)
    while clock < run.end:
        covering = [
            each for each in rights if each.permit.limit_minutes is None and each.permit.is_valid(zone_id, clock)
        ]
        if not covering:
            return clock
        clock = min(max((each.permit.ends or run.end) for each in covering), run.end)
    return run.end


def _own_limits(rights: list[Held], zone_id: str, clock: datetime) -> list[float]:
    return [
        each.permit.limit_minutes
        for each in rights
        if each.permit.limit_minutes is not None and each.permit.is_valid(zone_id, clock)
    ]
