"""Permits and exemptions as values, and whether a plate has one: by its letters, then by look-alikes, for the driver."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from parking.plates.likeness import alike, deletion_keys

ALIKE_EDITS, ALIKE_WEIGHT = 2, 1.0


@dataclass(frozen=True)
class Permit:
    """The right to stay longer, or at all. `plates` normalised; `zones`: zone ids, None for everywhere.

    Valid from `begins` to before `ends`, without limit where None. `classes`: user classes it confers in the words of
    the curb rules. `limit_minutes`: its own limit, None when it lifts the zone's. `name`: what a person calls it.
    """

    id: str
    plates: tuple[str, ...]
    zones: frozenset[str] | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    classes: frozenset[str] = frozenset()
    limit_minutes: float | None = None
    name: str = "permit"

    def is_valid(self, zone_id: str, at: datetime) -> bool:
        """Whether it counts in a zone at a moment."""
        return (
            (self.zones is None or zone_id in self.zones)
            and (self.begins is None or self.begins <= at)
            and (self.ends is None or at < self.ends)
        )


@dataclass(frozen=True)
class Exemption(Permit):
    """What no curb rule applies to: an emergency or city vehicle, a session paid for, an officer's grant."""

    name: str = "exemption"


P = TypeVar("P", bound=Permit)


@dataclass(frozen=True)
class Held:
    """A permit that a plate has or, when not `exact`, may have: which of its plates looks like the one read."""

    permit: Permit
    plate: str
    exact: bool


class PermitIndex(Generic[P]):
    """Many permits, found by plate or by a plate that looks like it."""

    def __init__(self, permits: Iterable[P]) -> None:
        """Index every plate by its deletion keys."""
        self._by_key: dict[str, list[P]] = defaultdict(list)
        for permit in permits:
            for key in {key for plate in permit.plates for key in deletion_keys(plate)}:
                self._by_key[key].append(permit)

    def near(self, plate: str) -> tuple[P, ...]:
        """Permits with a plate that may be this one; compare them with `held_by`."""
        found = {permit.id: permit for key in deletion_keys(plate) for permit in self._by_key.get(key, ())}
        return tuple(found.values())


def held_by(plates: Iterable[str], permits: Iterable[Permit]) -> tuple[Held, ...]:
    """The permits that one of a vehicle's plate readings has or may have, exact ones first.

    A look-alike is one edit away, or two that swap look-alike characters; the state is not asked. Both favor the
    driver: a misread permit must not become a citation.
    """
    readings = tuple(plates)
    found = [held for permit in permits if (held := _best(readings, permit)) is not None]
    return tuple(sorted(found, key=lambda held: (not held.exact, held.permit.id)))


def _best(readings: Sequence[str], permit: Permit) -> Held | None:
    for plate in permit.plates:
        if plate in readings:
            return Held(permit, plate, exact=True)
    for plate in permit.plates:
        if any(_looks_like(plate, reading) for reading in readings):
            return Held(permit, plate, exact=False)
    return None


def _looks_like(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    likeness = alike(one, other)
    return likeness.edits <= ALIKE_EDITS and likeness.weight <= ALIKE_WEIGHT
