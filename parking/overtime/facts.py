"""What a person can check: one statement, whether it holds, and the numbers behind it; and how times are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Fact:
    """A statement about one finding or answer.

    `met`: whether it speaks for the finding. `doubt`: it holds only if a person sees so; compare before confirming.
    `data`: the numbers, fit for JSON.
    """

    code: str
    sentence: str
    met: bool = True
    doubt: bool = False
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def as_data(self) -> dict[str, Any]:
        """The fact as JSON keeps it."""
        return {
            "code": self.code,
            "sentence": self.sentence,
            "met": self.met,
            "doubt": self.doubt,
            "data": dict(self.data),
        }


def duration(minutes: float) -> str:
    """Minutes as people say them: "2 h 39 min", "45 min", "2 h"; parts of a minute are dropped."""
    whole = max(int(minutes), 0)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def clock(at: datetime, time_zone: str) -> str:
    """A moment on the local clock: "6:00 pm"."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def clock_after(at: datetime, since: datetime, time_zone: str) -> str:
    """A moment on the local clock, with its day when that is another than `since`'s: "Mon 8:00 am"."""
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    same_day = local.date() == since.astimezone(zone).date()
    return clock(at, time_zone) if same_day else f"{local:%a} {clock(at, time_zone)}"
