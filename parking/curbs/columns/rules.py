"""The regulation of one row: an activity, a limit, for whom, when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from parking.curbs.columns.signs import Unreadable, clock_of, days_of, minutes_of
from parking.curbs.types import Activity, CurbRule, Fault, TimeSpan

PERMIT = "permit"
LIMITED = CurbRule(Activity.PARKING)
REGULATIONS: Mapping[str, CurbRule] = {
    "time limited": LIMITED,
    "time limit": LIMITED,
    "pay or permit": LIMITED,
    "paid + permit": LIMITED,
    "paid parking": LIMITED,
    "no parking": CurbRule(Activity.NO_PARKING),
    "no parking any time": CurbRule(Activity.NO_PARKING),
    "no parking anytime": CurbRule(Activity.NO_PARKING),
    "limited no parking": CurbRule(Activity.NO_PARKING),
    "no overnight parking": CurbRule(Activity.NO_PARKING),
    "street sweeping": CurbRule(Activity.NO_PARKING, name="street cleaning"),
    "street cleaning": CurbRule(Activity.NO_PARKING, name="street cleaning"),
    "no oversized vehicles": CurbRule(Activity.NO_PARKING, user_classes=("oversized",)),
    "no stopping": CurbRule(Activity.NO_STOPPING),
    "tow away": CurbRule(Activity.NO_STOPPING),
    "loading": CurbRule(Activity.LOADING),
    "passenger loading": CurbRule(Activity.STOPPING),
    "disabled parking": CurbRule(Activity.PARKING, user_classes=("disabled_parking_permit",)),
    "permit only": CurbRule(Activity.PARKING, user_classes=(PERMIT,)),
    "government permit": CurbRule(Activity.PARKING, user_classes=("government_permit",)),
}
NEEDS_LIMIT = ("time limited", "time limit")
NEEDS_HOURS = ("limited no parking", "no overnight parking")


@dataclass(frozen=True)
class Cells:
    """The values of a row under our names for its columns; what is wrong is noted under the file's own."""

    row: str
    values: Mapping[str, str]
    columns: Mapping[str, str | Sequence[str]]
    faults: list[Fault]

    def __getitem__(self, name: str) -> str:
        column = self.columns.get(name)
        return self.values.get(column.lower(), "") if isinstance(column, str) else ""

    def several(self, name: str) -> list[str]:
        """The values of a name that stands for one or several columns, those that say something."""
        columns = self.columns.get(name, ())
        names = [columns] if isinstance(columns, str) else columns
        return [value for column in names if (value := self.values.get(column.lower(), ""))]

    def fault(self, name: str, message: str) -> None:
        """Note what is wrong under the column's name."""
        column = self.columns.get(name, name)
        self.faults.append(Fault(self.row, column if isinstance(column, str) else ", ".join(column), message))


def rule_of(cells: Cells, regulations: Mapping[str, CurbRule], unit: str) -> CurbRule:
    """What a row allows or forbids. A permit area lifts a limit; where only permits may park, it is the one needed."""
    told = " ".join(cells["regulation"].lower().split())
    base = regulations.get(told, LIMITED if "regulation" not in cells.columns else None)
    if base is None:
        cells.fault("regulation", f'"{cells["regulation"]}" is not a regulation that is known here.')
        return LIMITED
    limit = _limit(cells, unit) if base.activity in (Activity.PARKING, Activity.LOADING, Activity.STOPPING) else None
    if limit is None and (told in NEEDS_LIMIT or "regulation" not in cells.columns) and not cells["limit"]:
        cells.fault("limit", "A limit needs its length.")
    permits = tuple(dict.fromkeys(f"{PERMIT}_{area.lower()}" for area in cells.several("permit_areas")))
    if base.user_classes == (PERMIT,):
        return replace(base, max_stay=limit, user_classes=permits[:1] or base.user_classes)
    return replace(base, max_stay=limit, user_classes_except=permits if limit is not None else ())


def spans_of(cells: Cells, except_holidays: bool) -> tuple[TimeSpan, ...]:
    """When a row holds. Hours past midnight are two spans, the second on the days after; no hours are all day."""
    told = " ".join(cells["regulation"].lower().split())
    try:
        days, weeks = days_of(cells["days"])
    except Unreadable as error:
        cells.fault("days", str(error))
        return ()
    begin, end = _clock(cells, "begin"), _clock(cells, "end")
    if told in NEEDS_HOURS and (begin or time()) == (end or time()):
        cells.fault("begin", "This regulation needs hours.")
    period = {"period": "holidays", "period_except": True} if except_holidays else {}
    base = replace(TimeSpan(days=days, weeks_of_month=weeks), **period)  # type: ignore[arg-type]  # two fields of one span
    found = tuple(_hours(cells, base, begin or time(), end or time()))
    return () if found == (TimeSpan(),) else found


def _hours(cells: Cells, base: TimeSpan, begin: time, end: time) -> Iterator[TimeSpan]:
    first, last = (None if edge == time() else edge for edge in (begin, end))
    if begin == end:
        yield base
    elif last is None or begin < end:
        yield replace(base, start=first, end=last)
    else:
        if base.weeks_of_month:
            cells.fault("end", "A night in certain weeks of the month must be written as two rows.")
        yield replace(base, start=first, end=None)
        yield replace(base, days=frozenset((day + 1) % 7 for day in base.days), start=None, end=last)


def _clock(cells: Cells, name: str) -> time | None:
    try:
        return clock_of(cells[name]) if cells[name] else None
    except Unreadable as error:
        cells.fault(name, str(error))
        return None


def _limit(cells: Cells, unit: str) -> float | None:
    """Zero stands in many tables for "no limit"."""
    told = cells["limit"]
    if not told or told.strip("0.") == "":
        return None
    try:
        return minutes_of(told, unit)
    except Unreadable as error:
        cells.fault("limit", str(error))
        return None
