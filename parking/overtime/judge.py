"""Whether a stay has lasted too long (PK-02), when it will have, and why: facts a person can check.

A finding is never more than a question to a person (PK-01). It is over the limit only when two pictures of one
vehicle in one place lie farther apart than limit and grace, the last of them in enforced hours, and no permit or
exemption, not even one for a plate that only looks alike, covers it (PK-03).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from parking.overtime.case import Case, assess
from parking.overtime.facts import Fact
from parking.overtime.finding_facts import facts_of, returned_fact
from parking.overtime.parameters import DEFAULT, Parameters
from parking.overtime.permits import Exemption, Held, Permit, held_by
from parking.overtime.sighting import Sighting, tolerance_m
from parking.overtime.stay import Stay
from parking.overtime.zone_rules import NOBODY, ZoneRules


class Breach(StrEnum):
    """What was found: nothing; past the limit; parked where parking is not allowed; back too soon."""

    NONE = "none"
    OVERTIME = "overtime"
    NO_PARKING = "no_parking"
    NO_RETURN = "no_return"


@dataclass(frozen=True)
class Finding:
    """What is to be said of a stay at a moment.

    `due_at`: when it falls due, limit and grace included, if the vehicle stays; None when it will not in these hours.
    `minutes_over`: beyond the limit, grace not counted; 0 unless `breach` is OVERTIME or NO_PARKING. `first`, `last`:
    the two pictures to compare, None when nothing is enforced. `exact`: they show the same letters. `stopped_by`:
    permits and exemptions without which there would be a breach.
    """

    breach: Breach
    due_at: datetime | None = None
    limit_minutes: float | None = None
    elapsed_minutes: float = 0.0
    minutes_over: float = 0.0
    counted_from: datetime | None = None
    first: Sighting | None = None
    last: Sighting | None = None
    exact: bool = True
    stopped_by: tuple[Held, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the time limit was passed."""
        return self.breach is Breach.OVERTIME

    @property
    def needs_both_pictures(self) -> bool:
        """Whether the two readings differ, so that a person compares both pictures before confirming."""
        return not self.exact


def judge(
    stay: Stay,
    rules: ZoneRules,
    at: datetime,
    parameters: Parameters = DEFAULT,
    *,
    permits: Iterable[Permit] = (),
    exemptions: Iterable[Exemption] = (),
    classes: frozenset[str] = NOBODY,
) -> Finding:
    """Judge a stay at a moment by the sightings up to it.

    `rules` are those of the stay's zone. `permits` and `exemptions`: those that may be the vehicle's (others do no
    harm, they are compared with every reading of the plate). `classes`: user classes the vehicle has by itself.
    """
    seen = tuple(each for each in stay.certain if each.at <= at)
    if not seen:
        return Finding(Breach.NONE)
    held = held_by(stay.readings, (*exemptions, *permits))
    bare = _case(stay, rules, at, parameters, seen, (), classes)
    case = _case(stay, rules, at, parameters, seen, held, classes) if held else bare
    finding = _returned(stay, case, parameters) if case else None
    if finding is None:
        finding = _finding(stay, case, at)
    stopped = _stopping(held, rules, bare) if bare and bare.is_over and finding.breach is Breach.NONE else ()
    shown = case or bare
    facts = facts_of(stay, shown, seen, rules, parameters, held, at) if shown else ()
    return replace(finding, stopped_by=stopped, facts=(*finding.facts, *facts))


def _case(
    stay: Stay, rules: ZoneRules, at: datetime, parameters: Parameters, seen: tuple[Sighting, ...],
    held: tuple[Held, ...], classes: frozenset[str],
) -> Case | None:  # fmt: skip
    """The limit that matters: the one longest passed, else the one running or next to run."""
    zone_id = stay.zone_id
    valid = (each.permit.classes for each in held if each.permit.is_valid(zone_id, seen[-1].at))
    begin, end = seen[0].at, max(stay.expires_at, at) + timedelta(minutes=1)
    runs = rules.running(begin, end, classes.union(*valid))
    cases = [assess(run, seen, zone_id, held, parameters) for run in runs]
    over = [case for case in cases if case.is_over]
    if over:
        return max(over, key=lambda case: case.elapsed - case.limit)
    return next((case for case in cases if case.run.end > at), cases[-1] if cases else None)


def _finding(stay: Stay, case: Case | None, at: datetime) -> Finding:
    if case is None:
        return Finding(Breach.NONE)
    breach = Breach.NONE
    if case.is_over:
        breach = Breach.NO_PARKING if case.run.forbidden else Breach.OVERTIME
    still_coming = case.due_at is not None and case.due_at <= stay.expires_at and stay.is_open(at)
    return Finding(
        breach=breach,
        due_at=case.due_at if case.is_over or still_coming else None,
        limit_minutes=case.limit,
        elapsed_minutes=case.elapsed,
        minutes_over=max(case.elapsed - case.limit, 0.0) if case.is_over else 0.0,
        counted_from=case.clock,
        first=case.first,
        last=case.last,
        exact=case.exact,
    )


def _returned(stay: Stay, case: Case, parameters: Parameters) -> Finding | None:
    """A return before the zone allows it, if that is certain and the limit itself is not passed.

    It is taken to have left right after it was last seen, and the distance as far as the positions allow.
    """
    back, no_return = stay.came_back, case.run.no_return_minutes
    if (
        back is None
        or not no_return
        or case.is_over
        or not case.run.begin <= back.first_at <= stay.first.at < case.run.end
    ):
        return None
    away = (stay.first.at - back.last_at).total_seconds() / 60
    clear = stay.place.no_return_distance_m
    if away + parameters.grace_minutes >= no_return or case.clock > stay.first.at:
        return None
    if clear is not None and (
        back.metres is None or back.metres + tolerance_m(stay.first, stay.first, parameters) >= clear
    ):
        return None
    fact = returned_fact(away, no_return, back.metres)
    return Finding(Breach.NO_RETURN, None, case.limit, case.elapsed, 0.0, case.clock, case.first, case.last, case.exact,
                   (), (fact,))  # fmt: skip


def _stopping(held: tuple[Held, ...], rules: ZoneRules, bare: Case) -> tuple[Held, ...]:
    """Of the permits and exemptions held, those that count in the zone during the stay."""
    return tuple(
        each
        for each in held
        if each.permit.is_valid(rules.place.zone_id, bare.last.at)
        or each.permit.is_valid(rules.place.zone_id, bare.clock)
    )
