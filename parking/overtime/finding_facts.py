"""The sentences of a finding: what a person checks before confirming."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from parking.overtime.case import Case
from parking.overtime.facts import Fact, clock, clock_after, duration
from parking.overtime.parameters import Parameters
from parking.overtime.permits import Exemption, Held
from parking.overtime.sighting import Sighting, metres_apart, tolerance_m
from parking.overtime.stay import Stay
from parking.overtime.vehicle import agreement
from parking.overtime.zone_rules import ZoneRules
from parking.plates.likeness import alike

_WORDS = {1: "one", 2: "two", 3: "three", 4: "four"}


def facts_of(
    stay: Stay, case: Case, seen: Sequence[Sighting], rules: ZoneRules, parameters: Parameters,
    held: Sequence[Held], at: datetime,
) -> tuple[Fact, ...]:  # fmt: skip
    """Everything there is to say about a stay against a limit, the gravest first."""
    return (
        _between(case),
        *_counted(case, rules),
        _limit(case, parameters),
        _enforced(case, rules, at),
        _place(stay, case, parameters),
        *_passes(case, seen, parameters),
        *_absences(stay, case, rules),
        _zone(case),
        *permit_facts(held, rules.place.zone_id, case.last.at),
        _plate(case),
        *_other_readings(stay, case),
        *_vehicle(case),
    )


def _between(case: Case) -> Fact:
    minutes = (case.last.at - case.first.at).total_seconds() / 60
    said = f"{duration(minutes)} between pictures" if minutes else "Seen once so far"
    return Fact("between_pictures", said, met=case.is_over, data={"minutes": minutes})


def _counted(case: Case, rules: ZoneRules) -> Iterable[Fact]:
    if case.clock > case.first.at:
        counted = (
            f"{duration(case.elapsed)} of it count, from {clock_after(case.clock, case.first.at, rules.time_zone)} on"
        )
        yield Fact("counted_from", counted, data={"from": case.clock.isoformat(), "minutes": case.elapsed})


def _limit(case: Case, parameters: Parameters) -> Fact:
    data = {"limit": case.limit, "grace": parameters.grace_minutes}
    if case.run.forbidden:
        said = "No stopping" if case.run.at_once else "No parking"
        return Fact("not_allowed", said, met=case.is_over, data=data)
    said = f"Limit {duration(case.limit)}, plus {duration(parameters.grace_minutes)} grace"
    return Fact("limit", said, met=case.is_over, data=data)


def _enforced(case: Case, rules: ZoneRules, at: datetime) -> Fact:
    run = case.run
    data = {"from": run.begin.isoformat(), "until": run.end.isoformat()}
    inside = run.begin <= case.last.at < run.end
    if inside and run.end - at > timedelta(days=1):
        return Fact("enforced", "Enforced at all hours", data=data)
    if inside:
        return Fact("enforced", f"Enforced until {clock(run.end, rules.time_zone)}", data=data)
    begins = clock_after(run.begin, case.last.at, rules.time_zone)
    return Fact("enforced", f"Not enforced when last seen; enforced from {begins}", met=False, data=data)


def _place(stay: Stay, case: Case, parameters: Parameters) -> Fact:
    apart, tolerance = metres_apart(case.first, case.last), tolerance_m(case.first, case.last, parameters)
    data = {"metres": apart, "tolerance": tolerance, "sigma": [case.first.sigma_m, case.last.sigma_m]}
    if apart is None:
        return Fact("place", "No position to compare, not seen elsewhere", doubt=True, data=data)
    if apart <= tolerance:
        return Fact("place", f"{apart:.0f} m apart, not seen elsewhere between", data=data)
    over = {"block_face": "one side of the block", "both_sides": "both sides of the block", "area": "the area"}
    said = f"{apart:.0f} m apart: it moved, within {over.get(stay.place.scope, 'the space')}, which counts as one place"
    return Fact("place", said, doubt=True, data=data)


def _passes(case: Case, seen: Sequence[Sighting], parameters: Parameters) -> Iterable[Fact]:
    """Passes between the two pictures that saw it too; reads a few minutes apart are one pass."""
    gap, passes, newest = timedelta(minutes=parameters.pass_gap_minutes), 0, case.first.at
    for each in seen:
        if each.at - newest > gap and case.last.at - each.at > gap:
            passes, newest = passes + 1, each.at
    if passes:
        yield Fact("passes", f"Seen {_times(passes)} in between", data={"passes": passes})


def _absences(stay: Stay, case: Case, rules: ZoneRules) -> Iterable[Fact]:
    """Passes between the two pictures that did not read it, too few to say that it was away."""
    times = [each.at for each in stay.absences if case.first.at < each.at < case.last.at]
    for at in times:
        said = f"The patrol passed at {clock_after(at, case.last.at, rules.time_zone)} and read cars on both sides, not this one"
        yield Fact("not_read", said, met=False, doubt=True, data={"at": at.isoformat()})


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _zone(case: Case) -> Fact:
    chances = [case.first.certainty, case.last.certainty]
    together = max(case.first.together, case.last.together)
    said = " and ".join(f"{int(chance * 100)} %" for chance in chances)
    by = f", from the positions of {together} passes together" if together else ""
    return Fact("zone", f"Zone certain to {said}{by}", data={"probabilities": chances, "passes": together})


def permit_facts(held: Sequence[Held], zone_id: str, at: datetime) -> tuple[Fact, ...]:
    """What was found of permits and exemptions; a finding needs that there is none."""
    if not held:
        return (Fact("permit", "No permit, no exemption", data={}),)
    return tuple(_permit(each, zone_id, at) for each in held)


def _permit(held: Held, zone_id: str, at: datetime) -> Fact:
    permit = held.permit
    valid = permit.is_valid(zone_id, at)
    kind = "exemption" if isinstance(permit, Exemption) else "permit"
    data = {"id": permit.id, "kind": kind, "plate": held.plate, "exact": held.exact, "valid": valid}
    code = kind if held.exact else f"{kind}_alike"
    named = permit.name if permit.name.lower().endswith(kind) else f"{permit.name} ({kind})"
    said = f"{named[:1].upper()}{named[1:]} for {held.plate}" + ("" if held.exact else ", which looks like this plate")
    if not valid:
        return Fact(code, f"{said}: not valid in this zone at this time", doubt=not held.exact, data=data)
    if permit.limit_minutes is not None:
        return Fact(code, f"{said}: limit {duration(permit.limit_minutes)}", doubt=not held.exact, data=data)
    return Fact(code, said, met=False, doubt=not held.exact, data=data)


def _plate(case: Case) -> Fact:
    likeness = alike(case.first.plate, case.last.plate)
    data = {"first": case.first.plate, "last": case.last.plate, "weight": likeness.weight}
    if likeness.exact:
        return Fact("plate", "Both readings have the same letters", data=data)
    many = _WORDS.get(likeness.edits, str(likeness.edits))
    letters = "character" if likeness.edits == 1 else "characters"
    said = f"The two readings differ in {many} {letters} ({', '.join(likeness.reasons)}): compare both pictures"
    return Fact("plate", said, doubt=True, data=data)


def _other_readings(stay: Stay, case: Case) -> Iterable[Fact]:
    """Readings of the stay that neither picture shows; in doubt when they are the more frequent ones."""
    others = sorted(set(stay.readings) - {case.first.plate, case.last.plate})
    if others:
        said = f"Also read as {', '.join(others)}"
        yield Fact("other_readings", said, doubt=stay.plate in others, data={"readings": others})


def _vehicle(case: Case) -> Iterable[Fact]:
    agreed = agreement(case.first, case.last)
    if agreed.different:
        said = f"The readings differ in {', '.join(agreed.different)}: compare both pictures"
        yield Fact("vehicle", said, doubt=True, data={"different": list(agreed.different)})
    elif agreed.same:
        yield Fact("vehicle", ", ".join(agreed.same).capitalize(), data={"same": list(agreed.same)})


def returned_fact(away: float, no_return: float, metres: float | None) -> Fact:
    """That the vehicle came back too soon."""
    where = f", {metres:.0f} m from where it stood" if metres is not None else ""
    said = f"Back after at most {duration(away)}{where}; no return within {duration(no_return)}"
    return Fact("returned", said, data={"away": away, "no_return": no_return, "metres": metres})
