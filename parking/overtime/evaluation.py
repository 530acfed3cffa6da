"""How good alerts are, when the truth is known: who was wrongly suspected, who was missed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Overstay:
    """One true overstay: which vehicle (the truth's own key), where, from when it was over until it left."""

    vehicle: str
    zone_id: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Raised:
    """One alert: the two reads it rests on, where, and when the second was taken."""

    first_read: str
    last_read: str
    zone_id: str
    at: datetime
    exact: bool = True


@dataclass(frozen=True)
class Score:
    """The confusion table. `repeated`: right alerts on an overstay that had one already; not counted as right again.

    `true_negatives` needs the number of stays without overstay; None when it was not given.
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int | None
    repeated: int
    wrong: tuple[Raised, ...]
    missed: tuple[Overstay, ...]

    @property
    def precision(self) -> float:
        """Right alerts among all; 1 when there was none."""
        raised = self.true_positives + self.false_positives
        return self.true_positives / raised if raised else 1.0

    @property
    def recall(self) -> float:
        """Overstays found among all; 1 when there was none."""
        real = self.true_positives + self.false_negatives
        return self.true_positives / real if real else 1.0


def evaluate(
    overstays: Iterable[Overstay],
    alerts: Iterable[Raised],
    vehicle_of: Mapping[str, str],
    *,
    innocent_stays: int | None = None,
) -> Score:
    """Compare alerts with the truth.

    An alert is right when both its reads are of one vehicle (`vehicle_of`: read to vehicle) that was over its time in
    that zone when the second was taken. `innocent_stays`: how many stays were no overstay.
    """
    real = tuple(overstays)
    by_vehicle: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, overstay in enumerate(real):
        by_vehicle[overstay.vehicle, overstay.zone_id].append(number)
    found: set[int] = set()
    wrong, repeated = [], 0
    for alert in alerts:
        match = _matching(alert, real, by_vehicle, vehicle_of)
        if match is None:
            wrong.append(alert)
        elif match in found:
            repeated += 1
        else:
            found.add(match)
    missed = tuple(overstay for number, overstay in enumerate(real) if number not in found)
    innocent = None if innocent_stays is None else innocent_stays - len(wrong)
    return Score(len(found), len(wrong), len(missed), innocent, repeated, tuple(wrong), missed)


def _matching(alert: Raised, real: tuple[Overstay, ...], by_vehicle, vehicle_of: Mapping[str, str]) -> int | None:
    vehicle = vehicle_of.get(alert.first_read)
    if vehicle is None or vehicle_of.get(alert.last_read) != vehicle:
        return None
    numbers = by_vehicle.get((vehicle, alert.zone_id), ())
    return next((number for number in numbers if real[number].begins <= alert.at <= real[number].ends), None)
