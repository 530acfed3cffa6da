"""May this vehicle stand here, and until when? The one question that console, portal and API ask.

Grace is not counted: it is the officer's, not the driver's. Where a permit is found only for a plate that looks like
this one the answer is unknown (None), which is never a reason to cite.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from parking.overtime.facts import Fact, clock_after, duration
from parking.overtime.finding_facts import permit_facts
from parking.overtime.permits import Exemption, Held, Permit, held_by
from parking.overtime.stay import Stay
from parking.overtime.zone_rules import NOBODY, Running, ZoneRules
from parking.plates.likeness import normalise

LOOK_AHEAD = timedelta(days=3)


@dataclass(frozen=True)
class Answer:
    """`allowed`: None when a person has to look (a permit for a look-alike plate decides). `until`: when that changes
    if the vehicle stays, None when no change is in sight within three days. `why`: facts to show."""

    allowed: bool | None
    until: datetime | None
    why: tuple[Fact, ...]


def allowed_here(
    plate: str,
    rules: ZoneRules,
    at: datetime,
    *,
    permits: Iterable[Permit] = (),
    exemptions: Iterable[Exemption] = (),
    stay: Stay | None = None,
    classes: frozenset[str] = NOBODY,
) -> Answer:
    """Whether a vehicle may stand in a zone at a moment.

    `stay`: what was seen of it in this zone, None when it parks now. `permits` and `exemptions`: those that may be its
    own; they are compared with the plate and with every reading of the stay.
    """
    readings = {normalise(plate), *(stay.readings if stay else ())}
    held = held_by(readings, (*exemptions, *permits))
    sure = tuple(each for each in held if each.exact)
    allowed, until, facts = _ask(rules, at, stay, sure, classes)
    why = (*facts, *permit_facts(held, rules.place.zone_id, at))
    if allowed or len(sure) == len(held):
        return Answer(allowed, until, why)
    perhaps, perhaps_until, _ = _ask(rules, at, stay, held, classes)
    return Answer(None, perhaps_until, why) if perhaps else Answer(False, until, why)


def _ask(
    rules: ZoneRules, at: datetime, stay: Stay | None, held: tuple[Held, ...], classes: frozenset[str]
) -> tuple[bool, datetime | None, tuple[Fact, ...]]:
    """The answer if exactly these permits are the vehicle's."""
    zone_id = rules.place.zone_id
    valid = [each.permit for each in held if each.permit.is_valid(zone_id, at)]
    since = min(stay.first.at, at) if stay else at
    own = classes.union(*(permit.classes for permit in valid))
    runs = rules.running(since, at + LOOK_AHEAD, own)
    now = next((run for run in runs if run.begin <= at < run.end), None)
    ended = _first_stop(runs, since, at, held, zone_id)
    allowed = ended is None or ended > at
    return allowed, ended if allowed else _next_start(now), (_rule_fact(now, rules, at, allowed), *_since(since, at))


def _first_stop(
    runs: list[Running], since: datetime, at: datetime, held: tuple[Held, ...], zone_id: str
) -> datetime | None:
    """The first moment from `at` on when the vehicle may not stand here any more; `at` when it may not now."""
    for run in runs:
        if run.end <= at:
            continue
        begin = _uncovered(max(since, run.begin), run, held, zone_id)
        own = [
            each.permit.limit_minutes
            for each in held
            if each.permit.limit_minutes is not None and each.permit.is_valid(zone_id, begin) and not run.forbidden
        ]
        stop = begin + timedelta(minutes=max((run.limit_minutes, *own)))
        if stop < run.end:
            return max(stop, at)
    return None


def _uncovered(begin: datetime, run: Running, held: tuple[Held, ...], zone_id: str) -> datetime:
    """When the time begins to count: after any permit (not where parking is forbidden) or exemption that covers it."""
    while begin < run.end:
        ends = [
            each.permit.ends or run.end
            for each in held
            if (isinstance(each.permit, Exemption) or not run.forbidden)
            and each.permit.limit_minutes is None
            and each.permit.is_valid(zone_id, begin)
        ]
        if not ends:
            return begin
        begin = min(max(ends), run.end)
    return run.end


def _next_start(now: Running | None) -> datetime | None:
    return now.end if now else None


def _rule_fact(now: Running | None, rules: ZoneRules, at: datetime, allowed: bool) -> Fact:
    if now is None:
        return Fact("rule", "Nothing is enforced here now")
    until = clock_after(now.end, at, rules.time_zone) if now.end - at < LOOK_AHEAD / 2 else ""
    hours = f", until {until}" if until else ""
    if now.forbidden and not now.limit_minutes:
        return Fact("rule", f"{'No stopping' if now.at_once else 'No parking'}{hours}", met=allowed)
    data = {"limit": now.limit_minutes, "until": now.end.isoformat()}
    return Fact("rule", f"Limit {duration(now.limit_minutes)}{hours}", met=allowed, data=data)


def _since(since: datetime, at: datetime) -> tuple[Fact, ...]:
    minutes = (at - since).total_seconds() / 60
    if not minutes:
        return ()
    return (Fact("since", f"First seen {duration(minutes)} ago", data={"minutes": minutes}),)
