"""Policies, rules and time spans written in the words of CDS 1.0 or 1.1.

What 1.0 has no words for is said with those it has: weeks of the month as days of the month, purposes as user classes
(one rule each), exceptions as the time that is left. 1.1's own fields, names too, stand beside it for readers that know
them: a policy's id stands for its content for ever, whatever file it comes in.
What cannot be said raises Unsayable.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from parking.curbs.cds.exemptions import Unsayable
from parking.curbs.cds.vocabulary import WEEKDAYS
from parking.curbs.localtime import midnight_of
from parking.curbs.span_sets import NEVER, TwoPeriods, dates_of, folded, meet, plain
from parking.curbs.types import CurbPolicy, CurbRule, Rate, TimeSpan


def policy_json(policy: CurbPolicy, version: str, tz: ZoneInfo, published_ms: int) -> dict[str, Any]:
    """A policy; `published_ms` stands in where it has no date of its own. Raises Unsayable."""
    written: dict[str, Any] = {
        "curb_policy_id": policy.id,
        "published_date": policy.published_ms if policy.published_ms is not None else published_ms,
        "priority": policy.priority,
        "rules": [said for rule in policy.rules for said in _rules(rule, version)],
        "time_spans": [span_json(span, version, tz) for span in _spans(policy, version)],
        "data_source_operator_id": list(policy.operators),
        "name": policy.name,
        "description": policy.description,
        "policy_color": {"primary_color": policy.color} if policy.color else None,
    }
    return filled(written)


def span_json(span: TimeSpan, version: str, tz: ZoneInfo) -> dict[str, Any]:
    """One time span."""
    weeks = sorted(span.weeks_of_month)
    if weeks and version == "1.0" and not dates_of(span):
        return span_json(NEVER, version, tz)
    dates = dates_of(span) if weeks and version == "1.0" else span.days_of_month
    written = {
        "start_date": _stamp(span.start_date, tz),
        "end_date": _stamp(span.end_date, tz),
        "days_of_week": [WEEKDAYS[day] for day in sorted(span.days)],
        "days_of_month": sorted(dates),
        "weeks_of_month": weeks,
        "months": sorted(span.months),
        "time_of_day_start": _clock(span.start),
        "time_of_day_end": _clock(span.end),
        "designated_period": span.period,
        "designated_period_except": True if span.period_except or span.exception else None,
    }
    return filled(written)


def filled(written: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in written.items() if value not in (None, "", [], {})}


def _spans(policy: CurbPolicy, version: str) -> tuple[TimeSpan, ...]:
    spans = folded(policy.spans)
    if version != "1.0":
        return tuple(_with_exceptions(spans))
    try:
        return plain(spans)
    except TwoPeriods as error:
        raise Unsayable("time_spans", f"One time span cannot name two periods: {error}.") from error


def _with_exceptions(spans: tuple[TimeSpan, ...]) -> Iterator[TimeSpan]:
    """In 1.1 a designated period that is excepted is a span of its own, taken from all others."""
    kept = [span for span in spans if not span.exception]
    left = [span for span in spans if span.exception]
    if any(span.period_except for span in left):
        raise Unsayable("time_spans", "An exception that itself holds except in a period cannot be told.")
    yield from (replace(span, period="", period_except=False) if span.period_except else span for span in kept)
    periods = {span.period for span in kept if span.period_except}
    if len(periods) == 1 and all(span.period_except for span in kept):
        yield TimeSpan(period=periods.pop(), exception=True)
    else:
        yield from dict.fromkeys(_hole(span, kept) for span in kept if span.period_except)
    yield from left


def _hole(span: TimeSpan, kept: list[TimeSpan]) -> TimeSpan:
    """The exception of one span among others; it must not take from them."""
    hole = replace(span, period_except=False)
    if any(meet(other, hole) for other in kept if other != span):
        raise Unsayable("time_spans", f'Taking "{span.period}" from one time span would take it from another, too.')
    return replace(hole, exception=True)


def _rules(rule: CurbRule, version: str) -> list[dict[str, Any]]:
    written = {
        "activity": rule.activity.value,
        **_minutes("max_stay", rule.max_stay),
        **_minutes("no_return", rule.no_return),
        "user_classes": list(rule.user_classes),
        "user_classes_except": list(rule.user_classes_except),
        "purposes": list(rule.purposes),
        "rate": [_rate(rate) for rate in rule.rates],
        "name": rule.name,
        "description": rule.description,
    }
    if version != "1.0" or not rule.purposes:
        return [filled(written)]
    return [
        filled({**written, "user_classes": [*rule.user_classes, name], "purposes": [name]}) for name in rule.purposes
    ]


def _rate(rate: Rate) -> dict[str, Any]:
    return {"rate": rate.rate, "rate_unit": rate.rate_unit, **dict(rate.extra)}


def _minutes(name: str, minutes: float | None) -> dict[str, Any]:
    if minutes is None:
        return {}
    if float(minutes).is_integer():
        return {name: int(minutes), f"{name}_unit": "minute"}
    seconds = round(minutes * 60, 6)
    if not seconds.is_integer():
        raise Unsayable(f"rules.{name}", f"{minutes} minutes is no whole number of seconds.")
    return {name: int(seconds), f"{name}_unit": "second"}


def _clock(value: time | None) -> str | None:
    if value is None:
        return None
    if value.second or value.microsecond:
        raise Unsayable("time_spans", f"{value} is no whole minute.")
    return f"{value.hour:02d}:{value.minute:02d}"


def _stamp(value: date | None, tz: ZoneInfo) -> int | None:
    return None if value is None else round(midnight_of(value, tz) * 1000)
