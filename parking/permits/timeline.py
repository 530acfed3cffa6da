"""A permit's plates over time: who may park when, as spans that are ended or added and never rewritten.

A swap takes effect at once. A plate put in for some days (a rental, a loaner, a temporary plate) gives way by itself
when its time is over, and the plate it stands in for counts again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Span:
    """One plate from `begins` to before `ends`; equal when it was called off before it began.

    `place`: which of the permit's places it takes, from 1; one plate at a time has a place. `key`: its row's id.
    """

    plate: str
    state: str
    begins: datetime
    ends: datetime
    kind: str = "own"
    place: int = 1
    key: int | None = None

    def covers(self, at: datetime) -> bool:
        """Whether it is in force at a moment."""
        return self.begins <= at < self.ends


@dataclass(frozen=True)
class Change:
    """What a swap does: spans that end earlier, with their new ends, and spans that are added."""

    ended: tuple[Span, ...]
    added: tuple[Span, ...]

    def applied(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """The spans after it."""
        new_ends = {span.key: span for span in self.ended}
        return (*(new_ends.get(span.key, span) if span.key is not None else span for span in spans), *self.added)


def in_force(spans: Iterable[Span], at: datetime) -> tuple[Span, ...]:
    """The spans in force at a moment."""
    return tuple(span for span in spans if span.covers(at))


def end_all(spans: Iterable[Span], at: datetime) -> tuple[Span, ...]:
    """What has to end when the permit does: spans in force or to come, with their new ends."""
    return tuple(replace(span, ends=max(span.begins, at)) for span in spans if _is_left(span, at))


def free_place(spans: Iterable[Span], at: datetime, most: int) -> int | None:
    """The first place, from 1 to `most`, that no plate has now or later; None when all are taken."""
    taken = {span.place for span in spans if _is_left(span, at)}
    return next((place for place in range(1, most + 1) if place not in taken), None)


def put(
    spans: Iterable[Span], place: int, plate: str, state: str, at: datetime, permit_ends: datetime,
    *, kind: str = "own", until: datetime | None = None,
) -> Change:  # fmt: skip
    """Put a plate in a place, at once: for good, or `until` a moment, when the household's own plate counts again.

    Whatever had the place ends. Raises ValueError when `until` is not between now and the permit's end.
    """
    if until is not None and not at < until <= permit_ends:
        raise ValueError("A plate for some days ends after now and not after the permit.")
    line = sorted((span for span in spans if span.place == place and _is_left(span, at)), key=lambda span: span.begins)
    added = [Span(plate, state, at, until or permit_ends, kind, place)]
    if until is not None and line and until < permit_ends:
        back = next((span for span in reversed(line) if span.kind == "own"), line[0])
        added.append(Span(back.plate, back.state, until, permit_ends, back.kind, place))
    return Change(end_all(line, at), tuple(added))


def _is_left(span: Span, at: datetime) -> bool:
    """Whether some of a span's time is still to come."""
    return span.ends > max(at, span.begins)
