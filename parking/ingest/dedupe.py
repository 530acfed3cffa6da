"""One car passed once, read many times: near-identical reads of one device become one sighting.

A device that sends every frame sends the same car dozens of times. Two cars side by side may have look-alike plates
(8ABC123 and BABC123), so reads that are only alike are joined only while the reader stood at one place and saw the
same kind of car; equal reads are joined whenever they are close in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians

from rapidfuzz.distance import OSA

from parking.ingest.canonical import CanonicalRead

LONGEST = timedelta(seconds=60)  # a reader that stands still begins a new sighting after this
SAME_CAR_M = 3.0  # half a parking space
SAME_CAR_S = 1.5  # for alike reads without positions
METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True)
class Sighting:
    """One car passed once: the surest read, the sequences of all in order of time, first and last moment."""

    best: CanonicalRead
    seqs: tuple[str, ...]
    first_at: datetime
    last_at: datetime


def sightings(reads: Iterable[CanonicalRead], *, seconds: float = 10.0) -> list[Sighting]:
    """Group reads of one device; in order of their first moment, whatever order the reads came in.

    `seconds`: longest pause between two reads of one sighting. Linear in practice: only sightings that are still
    open are compared.
    """
    pause = timedelta(seconds=seconds)
    done: list[list[CanonicalRead]] = []
    running: list[list[CanonicalRead]] = []
    for read in sorted(reads, key=lambda read: (read.captured_at, read.device_seq)):
        running = [group for group in running if read.captured_at - group[-1].captured_at <= pause]
        group = _home(read, running)
        if group is None:
            group = []
            running.append(group)
            done.append(group)
        group.append(read)
    return [_sighting(group) for group in done]


def _home(read: CanonicalRead, running: list[list[CanonicalRead]]) -> list[CanonicalRead] | None:
    """The open sighting of the same car: one with the same plate before one with an alike plate."""
    open_now = [
        group
        for group in reversed(running)
        if read.camera_side == group[-1].camera_side and read.captured_at - group[0].captured_at <= LONGEST
    ]
    for belongs in (_equal, _alike):
        for group in open_now:
            if belongs(read, group):
                return group
    return None


def _sighting(group: list[CanonicalRead]) -> Sighting:
    seqs = tuple(read.device_seq for read in group)
    return Sighting(max(group, key=_worth), seqs, group[0].captured_at, group[-1].captured_at)


def _worth(read: CanonicalRead) -> tuple[bool, float, int]:
    return bool(read.plate), read.confidence if read.confidence is not None else -1.0, len(read.images)


def _equal(read: CanonicalRead, group: list[CanonicalRead]) -> bool:
    """The plate was read so before. Readers err in the state, so another state matters only at another place."""
    last = group[-1]
    if not read.plate or all(one.plate != read.plate for one in group):
        return False
    return not _contradict(read.state, last.state) or _same_place(read, last)


def _alike(read: CanonicalRead, group: list[CanonicalRead]) -> bool:
    """At the same place, one character off the surest read, and nothing said of the cars contradicts."""
    last, surest = group[-1], max(group, key=_worth)
    pairs = ((read.state, last.state), (read.vehicle.make, last.vehicle.make), (read.vehicle.type, last.vehicle.type))
    if any(_contradict(one, other) for one, other in pairs) or not _same_place(read, last):
        return False
    return not (read.plate and surest.plate) or OSA.distance(read.plate, surest.plate, score_cutoff=1) <= 1


def _contradict(one: str, other: str) -> bool:
    return bool(one and other) and one.lower() != other.lower()


def _same_place(one: CanonicalRead, other: CanonicalRead) -> bool:
    if one.observer is None or other.observer is None:
        return abs((one.captured_at - other.captured_at).total_seconds()) <= SAME_CAR_S
    north = one.observer.latitude - other.observer.latitude
    east = (one.observer.longitude - other.observer.longitude) * cos(radians(one.observer.latitude))
    return hypot(north, east) * METRES_A_DEGREE <= SAME_CAR_M
