"""Points in time as devices write them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parking.ingest.errors import BadItem

# RFC 3339, section 5.6, with any number of decimals and, for the devices that forget it, without the offset.
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def instant(value: Any, name: str) -> datetime:
    """An RFC 3339 time with its offset, as aware UTC.

    Raises BadItem: `missing`, `wrong_type`, `bad_time`, and `naive_time` when the offset is absent.
    """
    return _moment(value, name, _no_offset)


def local_instant(value: Any, name: str, zone: str, near: datetime) -> datetime:
    """Like `instant`, but a time without an offset is read as local time of `zone` (refused when that is "").

    In the hour that the autumn change of clocks repeats, the later reading that is not after `near` is meant.
    Raises BadItem: those of `instant`, `time_zone` when the zone is unknown.
    """
    known = _zone(zone)
    return _moment(value, name, _no_offset if known is None else lambda moment: _nearest(moment, known, near))


def _moment(value: Any, name: str, locate: Callable[[datetime], datetime]) -> datetime:
    if value is None:
        raise BadItem("missing", f"“{name}” is missing.")
    if not isinstance(value, str):
        raise BadItem("wrong_type", f"“{name}” must be a text such as 2026-11-24T09:30:00-08:00.")
    match = _RFC_3339.fullmatch(value)
    if match is None:
        raise BadItem("bad_time", f"“{name}” is no RFC 3339 time such as 2026-11-24T09:30:00-08:00.")
    try:
        moment = datetime.fromisoformat(value.upper())
        return moment.astimezone(UTC) if match[1] else locate(moment)
    except BadItem as wrong:
        raise BadItem(wrong.code, f"“{name}” {wrong}") from None
    except (ValueError, OverflowError):
        raise BadItem("bad_time", f"“{name}” names a day or an hour that does not exist.") from None


def _no_offset(moment: datetime) -> datetime:
    raise BadItem("naive_time", "has no offset from UTC, and no time zone is set for this device.")


def _nearest(moment: datetime, zone: ZoneInfo, near: datetime) -> datetime:
    first, second = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if first < second <= near else first


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadItem(
            "time_zone", f"The device's time zone “{name}” is unknown; set one such as America/Los_Angeles."
        ) from None


def from_epoch_ms(value: Any, name: str) -> datetime:
    """Milliseconds since 1970 as aware UTC. Raises BadItem: `missing`, `wrong_type`, `bad_time`."""
    if value is None:
        raise BadItem("missing", f"“{name}” is missing.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadItem("wrong_type", f"“{name}” must be milliseconds since 1970.")
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
    except (ValueError, OverflowError):
        raise BadItem("bad_time", f"“{name}” is no time in milliseconds since 1970.") from None
