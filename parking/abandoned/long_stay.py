"""A plate seen at one place for days: from its sightings to the stay that still goes on. Pure functions.

What it finds is for a person to look at. Reads days apart do not say that a vehicle stood still in between; the
longest time between two of them is part of what is told.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

METRES_A_DEGREE = 111_320.0
SIGMA_WITHOUT_ONE = 5.0  # as the engine of overtime takes it for a fix that names no accuracy
SAME_PLACE = 2 * math.sqrt(2)  # two fixes of one spot lie closer than this many of their errors


@dataclass(frozen=True)
class Seen:
    """One placed read: where (degrees) with its error (metres), and when; its zone where that is certain."""

    id: int
    at: datetime
    longitude: float
    latitude: float
    sigma_m: float | None = None
    zone: str | None = None


@dataclass(frozen=True)
class LongStay:
    """Reads of one plate at one place, the oldest first."""

    seen: tuple[Seen, ...]

    @property
    def hours(self) -> float:
        """From the first read to the last."""
        return (self.seen[-1].at - self.seen[0].at).total_seconds() / 3600

    @property
    def longest_gap_hours(self) -> float:
        """The longest time between two reads."""
        return max((b.at - a.at).total_seconds() / 3600 for a, b in pairwise(self.seen))


def metres_between(a: Seen, b: Seen) -> float:
    """The distance of two places, on a flat map; good for the size of a city."""
    east = (a.longitude - b.longitude) * math.cos(math.radians((a.latitude + b.latitude) / 2))
    return math.hypot(east, a.latitude - b.latitude) * METRES_A_DEGREE


def same_place(a: Seen, b: Seen) -> bool:
    """Whether two reads may show one spot, given their errors. Two sides of a street are two places."""
    if a.zone and b.zone and a.zone != b.zone:
        return False
    sigma = max(a.sigma_m or 0, b.sigma_m or 0, SIGMA_WITHOUT_ONE)
    return metres_between(a, b) <= SAME_PLACE * sigma


def long_stay(reads: Iterable[Seen], *, hours: float, gap_hours: float) -> LongStay | None:
    """The stay that goes on at the newest read, when it has lasted `hours` or more; None otherwise.

    A read elsewhere ends what was before it, and so does a time of more than `gap_hours` without a read.
    """
    run: list[Seen] = []
    for seen in sorted(reads, key=lambda each: (each.at, each.id)):
        if run and not (same_place(run[0], seen) and seen.at - run[-1].at <= timedelta(hours=gap_hours)):
            run = []
        run.append(seen)
    if len(run) < 2:
        return None
    found = LongStay(tuple(run))
    return found if found.hours >= hours else None
