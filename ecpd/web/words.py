"""Numbers and times in the words pages use."""

import math
import re
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from django.utils import timezone

from ecpd.accounts.roles import ACTIONS

_SMALL = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
_UNITS = ["bytes", "KB", "MB", "GB", "TB"]


def how_many(count: int) -> str:
    """A number that opens a sentence: "Four", "12"."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def full_stop(text: str) -> str:
    """The text, ended: a sentence that has no mark at its end gets a full stop."""
    text = text.rstrip()
    return text if not text or text[-1] in ".!?:…”" else f"{text}."


def plain_number(value: object) -> object:
    """A number as people write it: 95, also where it was kept as 95.0; anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def setting(value: object) -> object:
    """A setting of the manual as people read it: "person, property", "yes", "not set"; numbers and texts stay."""
    if value in ("", None, []):
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else plain_number(value)


def action(code: str) -> str:
    """What was done or asked, in words: "Open a case"; a code without words of its own is spelled out."""
    words = ACTIONS[code].words if code in ACTIONS else code.replace(".", ": ").replace("_", " ")
    return words[:1].upper() + words[1:]


def day(value: date | datetime) -> str:
    """Nov 12, 2025."""
    local = _local(value)
    return f"{local:%b} {local.day}, {local.year}"


def day_in(text: str) -> str:
    """A day kept as "2025-11-12", as pages write it: Nov 12, 2025; anything else as it is."""
    try:
        return day(date.fromisoformat(text))
    except (ValueError, TypeError):
        return text


def clock(value: datetime) -> str:
    """10:31 am, Pacific."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def moment(value: date | datetime) -> str:
    """Nov 12, 2025, 10:31 am, Pacific; a bare date has no time."""
    return f"{day(value)}, {clock(value)}" if isinstance(value, datetime) else day(value)


def lately(value: datetime) -> str:
    """10:31 am today, and Nov 12, 10:31 am of another day, Pacific."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    today = timezone.localdate()
    if local.date() == today:
        return clock(value)
    return f"{local:%b} {local.day}, {clock(value)}" if local.year == today.year else moment(value)


def tied(text: str) -> str:
    """A time or day that does not break between month and day or before am and pm."""
    return re.sub(r"(?<=[a-z]) (?=\d)|(?<=\d) (?=[ap]m)", "\N{NO-BREAK SPACE}", text)


def score(value: float | Decimal) -> str:
    """A match score with one decimal, rounded down, so that 94.99 never reads as 95."""
    return str(Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_DOWN))


def size(count: int) -> str:
    """A file's size: "3.4 MB"."""
    power = min(int(math.log(count, 1024)), len(_UNITS) - 1) if count > 0 else 0
    return f"{count / 1024**power:,.1f} {_UNITS[power]}" if power else f"{count} bytes"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
