"""What holds at one moment, read off the wall clock the slow way, to hold the fast way against."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from parking.curbs.calendar import is_holiday
from parking.curbs.types import Activity, CurbPolicy, CurbRule, TimeSpan


def school_days(period: str, day: date) -> bool:
    return period == "school days" and day.month != 7 and day.weekday() < 5


def in_period(period: str, day: date) -> bool:
    return is_holiday(day) if period == "holidays" else school_days(period, day)


def span_holds(span: TimeSpan, at: datetime, tz: ZoneInfo, in_period: Callable[[str, date], bool]) -> bool:
    local = at.astimezone(tz)
    week = 1 + (local.day - 1) // 7
    return all(
        (
            not span.days or local.weekday() in span.days,
            not span.weeks_of_month or week in span.weeks_of_month,
            not span.days_of_month or local.day in span.days_of_month,
            not span.months or local.month in span.months,
            local.time() >= (span.start or time()),
            span.end is None or local.time() < span.end,
            span.start_date is None or local.date() >= span.start_date,
            span.end_date is None or local.date() < span.end_date,
            not span.period or in_period(span.period, local.date()) != span.period_except,
        )
    )


def policy_holds(policy: CurbPolicy, at: datetime, tz: ZoneInfo, in_period: Callable[[str, date], bool]) -> bool:
    holds = [span_holds(span, at, tz, in_period) for span in policy.spans if not span.exception]
    barred = [span_holds(span, at, tz, in_period) for span in policy.spans if span.exception]
    return (any(holds) or not holds) and not any(barred)


def decides(
    policies: tuple[CurbPolicy, ...],
    at: datetime,
    tz: ZoneInfo,
    in_period: Callable[[str, date], bool],
    classes: frozenset[str],
) -> CurbRule | None:
    about_parking = (Activity.PARKING, Activity.NO_PARKING, Activity.NO_STOPPING)
    holding = (policy for policy in policies if policy_holds(policy, at, tz, in_period))
    ranked = sorted(holding, key=lambda policy: policy.priority)
    for _, equals in groupby(ranked, key=lambda policy: policy.priority):
        mine = [
            rule
            for policy in equals
            for rule in policy.rules
            if rule.activity != Activity.NO_TRAVEL
            and set(rule.user_classes) <= classes
            and not set(rule.user_classes_except) & classes
            and (not rule.purposes or set(rule.purposes) & classes)
        ]
        mine.sort(key=lambda rule: (rule.activity not in about_parking, -len(rule.user_classes) - bool(rule.purposes)))
        if mine:
            return mine[0]
    return None


def minutes_where(begin: datetime, end: datetime, true_at: Callable[[datetime], bool]) -> int:
    """Whole minutes of elapsed time from `begin` to `end` at whose beginning something is true."""
    count = int((end - begin).total_seconds() // 60)
    return sum(true_at(begin + timedelta(minutes=minute)) for minute in range(count))
