"""A sighting: one read of one vehicle, with its place, as the engine compares it."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from parking.ingest.canonical import CanonicalRead, Vehicle
from parking.overtime.parameters import Parameters
from parking.overtime.position import Located

UNKNOWN_VEHICLE = Vehicle()


class Link(StrEnum):
    """How a sighting belongs to a vehicle's others.

    EXACT: the same plate. ALIKE: another reading of what is taken for the same plate; an alert that rests on it says
    so. PERHAPS: seen elsewhere with a plate so alike that it may be this vehicle; ends a stay, never starts one.
    """

    EXACT = "exact"
    ALIKE = "alike"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One read. `plate` normalised; `at` aware, turned to UTC because limits are elapsed time.

    `x`, `y`, `along_m`, `sigma_m`, `look` as in `Located`. `zone_id` is None when the zone is not certain; `possible`
    then says which it may be. `link` and `reasons` are set by the join. `together`: how many passes settled the zone
    that this one alone left open (`parking.overtime.together`), with `probability_together`; 0 where it needed none.
    """

    id: str
    plate: str
    at: datetime
    zone_id: str | None
    possible: tuple[tuple[str, float], ...] = ()
    x: float | None = None
    y: float | None = None
    along_m: float | None = None
    sigma_m: float = 0.0
    probability: float = 0.0
    state: str = ""
    vehicle: Vehicle = UNKNOWN_VEHICLE
    link: Link = Link.EXACT
    reasons: tuple[str, ...] = ()
    look: float | None = None
    together: int = 0
    probability_together: float = 0.0

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("A sighting needs a moment with its time zone.")
        if self.at.tzinfo is not UTC:
            object.__setattr__(self, "at", self.at.astimezone(UTC))

    @property
    def order(self) -> tuple[datetime, str]:
        """What sightings are sorted by."""
        return self.at, self.id

    @property
    def certainty(self) -> float:
        """The probability of its zone, by whatever settled it."""
        return self.probability_together if self.together else self.probability

    def alone(self) -> "Sighting":
        """The sighting as it was before other passes settled its zone."""
        if not self.together:
            return self
        return replace(self, zone_id=None, along_m=None, together=0, probability_together=0.0)


def sighting_of(read: CanonicalRead, located: Located, *, id: str) -> Sighting:
    """A read with its place; `id` is the caller's key of the read."""
    return Sighting(
        id=id,
        plate=read.plate,
        at=read.captured_at,
        zone_id=located.zone_id,
        possible=located.alternatives,
        x=located.x,
        y=located.y,
        along_m=located.along_m,
        sigma_m=located.sigma_m,
        probability=located.probability,
        state=read.state,
        vehicle=read.vehicle,
        look=located.look,
    )


def metres_apart(one: Sighting, other: Sighting) -> float | None:
    """How far apart two sightings are, along the curb where both lie on one zone; None without positions."""
    if one.x is None or one.y is None or other.x is None or other.y is None:
        return None
    straight = math.hypot(one.x - other.x, one.y - other.y)
    if one.zone_id is None or one.zone_id != other.zone_id or one.along_m is None or other.along_m is None:
        return straight
    return max(straight, abs(one.along_m - other.along_m))


def tolerance_m(one: Sighting, other: Sighting, parameters: Parameters) -> float:
    """How far apart two readings of a car that stands still may be: 2√(σ₁² + σ₂²), which is 2σ√2 for equal errors."""
    return parameters.same_place_sigmas * math.hypot(one.sigma_m, other.sigma_m)


def same_place(one: Sighting, other: Sighting, parameters: Parameters) -> bool:
    """Whether both are known to be where one car that stands still could be."""
    apart = metres_apart(one, other)
    return apart is not None and apart <= tolerance_m(one, other, parameters)


def far_apart(one: Sighting, other: Sighting, parameters: Parameters) -> bool:
    """Whether both positions are known and no car that stands still explains them."""
    apart = metres_apart(one, other)
    return apart is not None and apart > tolerance_m(one, other, parameters)
