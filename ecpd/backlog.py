"""How long the oldest piece of work waits for a worker, by kind: what `/healthz/ready` and the doctor look at.

A broker, a worker and its processes may all look alive while nothing is done; rows that wait tell the truth. Apps
register a kind with a question for the time since which its oldest row waits; `LONGEST_WAITS` says what is too long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

_oldest: dict[str, Callable[[], datetime | None]] = {}


@dataclass(frozen=True)
class Wait:
    """How long the oldest of a kind waits, and how long it may, in seconds."""

    kind: str
    seconds: float
    limit: float

    @property
    def is_late(self) -> bool:
        """Nobody seems to do this work."""
        return self.seconds > self.limit

    def __str__(self) -> str:
        return f"the oldest of the {self.kind} waits {self.seconds:.0f} s (at most {self.limit:.0f})"


def register(kind: str, oldest: Callable[[], datetime | None]) -> None:
    """Add a kind of work; `oldest` answers since when its oldest row waits, or None."""
    if kind not in settings.LONGEST_WAITS:
        raise LookupError(f"LONGEST_WAITS does not say how long {kind} may wait.")
    _oldest[kind] = oldest


def waits() -> list[Wait]:
    """Each kind, in the order of registering. Raises DatabaseError."""
    with transaction.atomic():
        now = timezone.now()
        since = {kind: ask() or now for kind, ask in _oldest.items()}
    return [Wait(kind, max((now - at).total_seconds(), 0), settings.LONGEST_WAITS[kind]) for kind, at in since.items()]


def late() -> list[Wait]:
    """Those that wait too long."""
    return [wait for wait in waits() if wait.is_late]
