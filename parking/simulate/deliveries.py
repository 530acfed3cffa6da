"""How reads travel to the server: in batches, some late, some out of order, one gap of hours sent afterwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from parking.ingest.canonical import CanonicalRead
from parking.simulate.patrol import Seen

LATE_SHARE, SHUFFLED_SHARE = 0.02, 0.05
LATE_S = (60.0, 1200.0)
FULL_AFTER_S = 10.0  # a batch does not wait longer for its next read


@dataclass(frozen=True)
class Delivery:
    """One batch of one patrol car, as it is sent."""

    patrol: int
    sent_at: datetime
    reads: tuple[CanonicalRead, ...]


def deliveries(seen: Sequence[Seen], rng: Random, start: datetime, batch: int, offline: timedelta) -> list[Delivery]:
    """The batches of all cars in the order in which they are sent.

    `seen`: in order of time. `batch`: most reads in one. `offline`: how long each car is without a network once in
    the middle of its shift; what it read meanwhile is sent at the end of that, quickly.
    """
    found: list[Delivery] = []
    for patrol in sorted({one.patrol for one in seen}):
        own = [one for one in seen if one.patrol == patrol]
        span = own[-1].at - own[0].at
        begin = own[int(len(own) * rng.uniform(0.35, 0.5))].at
        gap = (begin, begin + min(offline.total_seconds(), span / 3))
        found += [_delivery(part, rng, start, gap) for part in _batches(own, batch)]
    return sorted(found, key=lambda one: (one.sent_at, one.patrol))


def _batches(seen: Sequence[Seen], most: int) -> Iterator[list[Seen]]:
    part: list[Seen] = []
    for one in seen:
        if part and (len(part) >= most or one.at - part[-1].at > FULL_AFTER_S):
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _delivery(part: list[Seen], rng: Random, start: datetime, gap: tuple[float, float]) -> Delivery:
    sent = part[-1].at + rng.uniform(0.5, 4.0)
    if rng.random() < LATE_SHARE:
        sent += rng.uniform(*LATE_S)
    if gap[0] <= sent < gap[1]:
        sent = gap[1] + rng.uniform(1.0, 60.0)
    reads = [one.read for one in part]
    if rng.random() < SHUFFLED_SHARE:
        rng.shuffle(reads)
    return Delivery(part[0].patrol, start + timedelta(milliseconds=round(sent * 1000)), tuple(reads))


def to_json(delivery: Delivery, *, sent_at: datetime | None = None) -> dict:
    """The body of a canonical batch (`parking.ingest.batch`); `sent_at` in place of the simulated moment."""
    return {
        "sent_at": (sent_at or delivery.sent_at).isoformat(),
        "reads": [item(read) for read in delivery.reads],
    }


def item(read: CanonicalRead) -> dict:
    """One read as a canonical item, without what it does not have. Pictures are announced by their hash."""
    vehicle = {name: value for name, value in vars(read.vehicle).items() if value}
    found = {
        "device_seq": read.device_seq,
        "captured_at": read.captured_at.isoformat(),
        "plate": read.plate,
        "state": read.state,
        "confidence": read.confidence,
        "candidates": [{"plate": one.plate, "confidence": one.confidence} for one in read.candidates],
        "observer": _observer(read),
        "camera_side": read.camera_side,
        "vehicle": vehicle,
        "images": [{"kind": image.kind, "sha256": image.sha256} for image in read.images],
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _observer(read: CanonicalRead) -> dict:
    place = read.observer
    found = {"heading": read.heading, "speed_mps": read.speed_mps}
    if place is not None:
        found |= {"lat": place.latitude, "lon": place.longitude, "accuracy_m": place.accuracy_m}
    return {name: value for name, value in found.items() if value is not None}
