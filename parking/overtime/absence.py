"""Whether a stay lasted through the times in which nobody saw it: doubt favors the driver.

Between two passes that saw the car, three things speak for its having been away: passes by its spot that read others
and not this one, a spot after that is not the spot before, and letters that never are what they were before (another
car with a plate like it). For a car that stood still

    chance = m^k p r      m: `missed_share`, how often a pass misses a car that is there; k: passes that missed it
                          r: `misread_share` where no reading after is one of those before, else 1
                          p = 2 Φ(-|d| / √(s₁² + s₂²)), d: along the curb from the mean of the passes before to the
                          mean of those after (up to three each), s: their standard errors (`position`)

is how likely it is that it looks so; none at all where one of those passes read another car in its very place. Below
`standing_chance_min` the stay ends there and another begins. The misses of one car are taken to be independent, which
they are less than fully: a car behind a tree is missed more often, and then the stay ends wrongly, in the driver's
favor. What remains above is told with the alert as a doubt.

A car that only moved within its unit is not let off where the zone forbids to return, nor where it was seen again so
soon that it hardly parked elsewhere meanwhile (`continuity_minutes`, and no pass that missed it).
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from parking.overtime.parameters import Parameters
from parking.overtime.passes import NEXT, PAUSE, Beside, Missed, PassLog, Span
from parking.overtime.sighting import Sighting
from parking.overtime.stay import Absence, Ending, Stay
from parking.overtime.together import Mean, Pass, fits, mean_of, passes_of

SIDE_PASSES = 3


def parts_of(
    stay: Stay, log: PassLog, parameters: Parameters, *, moving_counts: bool = True, lasted: datetime | None = None
) -> tuple[Stay, ...]:
    """The stays that a stay falls into by what the passes say: one if it lasted, else more, in order of time.

    `moving_counts`: whether a move within the unit begins a new stay; False where the zone forbids to return.
    `lasted`: until when it is known to have lasted, from an earlier look at everything that was read until then.
    """
    passes = passes_of(stay.sightings, lambda zone_id: zone_id, parameters)
    endings: list[Ending] = []
    absences: list[datetime] = []
    start, known = 0, _known(passes, lasted)
    beside = log.beside(passes[0].mean, _spans(passes, known), stay.readings) if len(passes) > 1 else None
    for place in range(known + 1, len(passes)):
        before, after = passes[start:place], passes[place:]
        missed = _missed(before, after[0], beside, parameters) if beside else []
        why = _why(before, after, missed, parameters, moving_counts)
        if why:
            at = missed[0].at if missed else after[0].mean.at
            endings.append(Ending(at, why, after[0].members[0]))
            start = place
        else:
            absences += [each.at for each in missed]
    return _cut(stay, endings, absences)


def _known(passes: list[Pass], lasted: datetime | None) -> int:
    """How many of the first gaps between passes new passes change nothing about: each weighs three passes after it."""
    before = sum(each.members[-1].at <= lasted for each in passes) if lasted else 0
    return max(before - SIDE_PASSES, 0)


def _spans(passes: list[Pass], known: int) -> list[Span]:
    """The time from the first gap that is not known, and the moments before in which the car's neighbors were read."""
    moments = [(each.members[0].at - NEXT, each.members[-1].at + NEXT) for each in passes[:known]]
    begin = passes[0].members[0].at if not known else passes[known].members[0].at - PAUSE
    return [*moments, (begin, passes[-1].members[-1].at)]


def _missed(before: list[Pass], after: Pass, beside: Beside, parameters: Parameters) -> list[Missed]:
    gap = timedelta(minutes=parameters.pass_gap_minutes)
    begin, end = before[-1].members[-1].at + gap, after.members[0].at - gap
    return beside.missed(_mean(before[::-1], parameters), begin, end, parameters) if begin < end else []


def _why(
    before: list[Pass], after: list[Pass], missed: list[Missed], parameters: Parameters, moving_counts: bool
) -> str:
    """Why a stay does not go on from the passes before to the next one, "" when it does."""
    soon = after[0].members[0].at - before[-1].members[-1].at <= timedelta(minutes=parameters.continuity_minutes)
    if not missed and (soon or not moving_counts):
        return ""
    chance = parameters.missed_share ** len(missed) * _standing(before, after, parameters)
    if not _letters(before) & _letters(after):
        chance *= parameters.misread_share
    if chance >= parameters.standing_chance_min and not any(each.taken for each in missed):
        return ""
    return "absent" if missed else "moved"


def _letters(passes: list[Pass]) -> set[str]:
    return {each.plate for one in passes for each in one.members}


def _standing(before: list[Pass], after: list[Pass], parameters: Parameters) -> float:
    """p: how likely a car that stands still seems to lie so far along the curb.

    A single pass that is off says nothing when the next one is where the car was before.
    """
    one, other = _mean(before[::-1], parameters), _mean(after, parameters)
    if len(after) > 1 and other.count == 1 and fits(one, after[1].mean, parameters):
        other = _mean(after[1:], parameters)
    if len(before) > 1 and one.count == 1 and fits(before[-2].mean, other, parameters):
        one = _mean(before[-2::-1], parameters)
    along = (other.x - one.x) * one.look[1] - (other.y - one.y) * one.look[0]
    return math.erfc(abs(along) / math.hypot(one.sigma, other.sigma) / math.sqrt(2))


def _mean(passes: Sequence[Pass], parameters: Parameters) -> Mean:
    """Of the nearest passes, the nearest first, as far as they lie at one spot."""
    near = takewhile(lambda each: fits(passes[0].mean, each.mean, parameters), passes[:SIDE_PASSES])
    return mean_of([each.mean for each in near], parameters)


def _cut(stay: Stay, endings: list[Ending], absences: list[datetime]) -> tuple[Stay, ...]:
    """The stay cut where it ended; a part begins with a certain sighting, and one without any is none."""
    valid = stay.expires_at - stay.first.at
    cuts = [ending.by.order for ending in endings if ending.by is not None]
    found: list[Stay] = []
    for number in range(len(cuts) + 1):
        own = _between(
            stay.sightings, cuts[number - 1] if number else None, cuts[number] if number < len(cuts) else None
        )
        if not own:
            continue
        within = tuple(Absence(at) for at in sorted(absences) if own[0].at < at < own[-1].at)
        ending = endings[number] if number < len(endings) else stay.ended
        expires, back = (own[0].at + valid, None) if number else (stay.expires_at, stay.came_back)
        found.append(Stay(own, stay.place, expires, ending, back, within))
    return tuple(found)


def _between(sightings: Sequence[Sighting], begin: tuple | None, end: tuple | None) -> tuple[Sighting, ...]:
    own = [each for each in sightings if (begin is None or each.order >= begin) and (end is None or each.order < end)]
    first = next((place for place, each in enumerate(own) if each.zone_id is not None), len(own))
    return tuple(own[first:])
