"""PK-03 for citations: what the one engine says about a plate at a place and time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from parking.models import Citation


class Answer(Protocol):
    """What `parking.selectors.allowed.answer_for` returns."""

    allowed: bool | None
    why: Any


@dataclass(frozen=True)
class Permission:
    """Whether a permit or exemption lets the vehicle stand there; None: not certain. And why, in words."""

    allowed: bool | None
    words: str


def permission_for(citation: Citation) -> Permission:
    """Asked at the moment of issue; a violation that no permit lifts is not asked about."""
    if not citation.violation.lifted_by_permit:
        return Permission(False, "No permit lifts this violation.")
    from parking.selectors.allowed import answer_for

    answer: Answer = answer_for(
        plate=citation.plate, plate_state=citation.plate_state, zone=citation.zone, at=citation.violation_at
    )
    return Permission(answer.allowed, _in_words(answer.why))


def _in_words(why: Any) -> str:
    if isinstance(why, str):
        return why
    if isinstance(why, Iterable):
        return " ".join(str(getattr(part, "sentence", part)) for part in why)
    return str(why)
