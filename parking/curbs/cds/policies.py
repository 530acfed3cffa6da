"""CDS policies, rules and time spans read."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from parking.curbs.cds.vocabulary import ACTIVITIES, MINUTES, PERIODS, UNITS, WEEKDAYS
from parking.curbs.feature import Feature
from parking.curbs.span_sets import folded
from parking.curbs.types import Activity, CurbPolicy, CurbRule, Rate, TimeSpan

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
RATE_NUMBERS = ("increment_duration", "increment_amount", "start_duration", "end_duration", "maximum_fee")


def read_policy(feature: Feature, version: str, tz: ZoneInfo) -> CurbPolicy:
    """A policy; whatever is wrong with it is noted in the feature's faults."""
    rules = purposes_together([read_rule(part) for part in feature.parts("rules", required=True)])
    if not rules and feature.values.get("rules") == []:
        feature.fault("rules", "A policy needs a rule.")
    spans = [read_span(part, version, tz) for part in feature.parts("time_spans")]
    return CurbPolicy(
        id=feature.uuid("curb_policy_id", required=True),
        priority=feature.integer("priority", required=True) or 0,
        rules=rules,
        spans=folded(spans),
        published_ms=feature.moment("published_date", required=True),
        name=feature.text("name"),
        description=feature.text("description"),
        color=_color(feature),
        operators=feature.texts("data_source_operator_id"),
    )


def read_rule(part: Feature) -> CurbRule:
    """A rule. What 1.1 added is understood in a 1.0 file too: leaving it out would change whom the rule is for."""
    activity = part.choice("activity", ACTIVITIES, required=True)
    return CurbRule(
        activity=Activity(activity or Activity.PARKING),
        max_stay=_minutes(part, "max_stay", least=1),
        no_return=_minutes(part, "no_return", least=0) or None,
        user_classes=part.texts("user_classes"),
        user_classes_except=part.texts("user_classes_except"),
        purposes=part.texts("purposes"),
        rates=tuple(_rate(rate) for rate in part.parts("rate")),
        name=part.text("name"),
        description=part.text("description"),
    )


def purposes_together(rules: Iterable[CurbRule]) -> tuple[CurbRule, ...]:
    """One rule again of those that our 1.0 writes, one for each purpose, with the purpose among the user classes."""
    found: list[CurbRule] = []
    for rule in rules:
        if len(rule.purposes) == 1 and rule.user_classes[-1:] == rule.purposes:
            rule = replace(rule, user_classes=rule.user_classes[:-1])
            if found and replace(found[-1], purposes=()) == replace(rule, purposes=()):
                found[-1] = replace(rule, purposes=found[-1].purposes + rule.purposes)
                continue
        found.append(rule)
    return tuple(found)


def read_span(part: Feature, version: str, tz: ZoneInfo) -> TimeSpan:
    """A time span. `designated_period_except` turns only the period round in 1.0, the whole span in 1.1."""
    first, last = part.moment("start_date"), part.moment("end_date")
    span = TimeSpan(
        days=_weekdays(part),
        start=_clock(part, "time_of_day_start"),
        end=_clock(part, "time_of_day_end", midnight_is_end=True),
        weeks_of_month=part.integers("weeks_of_month", 1, 5),
        days_of_month=part.integers("days_of_month", 1, 31),
        months=part.integers("months", 1, 12),
        start_date=_date(first, tz),
        end_date=_date(last, tz),
        period=part.text("designated_period"),
    )
    if span.start and span.end and span.end <= span.start:
        part.fault("time_of_day_end", "This ends before it begins; a night is two spans, one to midnight, one from it.")
    if first is not None and last is not None and last <= first:
        part.fault("end_date", "This ends before it begins.")
    if not part.flag("designated_period_except"):
        return span
    if version != "1.0":
        return replace(span, exception=True)
    if not span.period:
        part.fault("designated_period_except", "This needs a designated_period to be an exception from.")
    return replace(span, period_except=bool(span.period))


def _weekdays(part: Feature) -> frozenset[int]:
    """A single text counts as a list of one: the first published schema of 1.0 asked for that."""
    value = part.values.get("days_of_week")
    if isinstance(value, str):
        part = replace(part, values={**part.values, "days_of_week": [value]})
    part.asked.add("days_of_week")
    found = set()
    for place, day in enumerate(part.texts("days_of_week")):
        if day.lower() in WEEKDAYS:
            found.add(WEEKDAYS.index(day.lower()))
        else:
            part.fault(f"days_of_week[{place}]", f'"{day}" is none of: {", ".join(WEEKDAYS)}.')
    return frozenset(found)


def _clock(part: Feature, name: str, midnight_is_end: bool = False) -> time | None:
    """HH:MM of the local clock. As an end, 00:00 and 24:00 are the midnight that ends the day."""
    value = part.text(name)
    if not value or (midnight_is_end and value in ("00:00", "24:00")):
        return None
    match = CLOCK.fullmatch(value)
    if not match:
        part.fault(name, f'"{value}" is not a time of day from 00:00 to 23:59.')
        return None
    return time(int(match[1]), int(match[2]))


def _date(stamp: int | None, tz: ZoneInfo) -> date | None:
    """A plain date if the moment is a local midnight, as it nearly always is."""
    if stamp is None:
        return None
    value = datetime.fromtimestamp(stamp / 1000, tz)
    return value.date() if value.time() == time() else value


def _minutes(part: Feature, name: str, least: int) -> float | None:
    amount = part.integer(name, least=least)
    unit = part.choice(f"{name}_unit", UNITS) or "minute"
    if amount is None:
        return None
    minutes = amount * MINUTES[unit]
    return int(minutes) if float(minutes).is_integer() else minutes


def _rate(part: Feature) -> Rate:
    extra: list[tuple[str, object]] = []
    period = part.choice("rate_unit_period", PERIODS)
    if period:
        extra.append(("rate_unit_period", period))
    extra += [(name, value) for name in RATE_NUMBERS if (value := part.integer(name, least=0)) is not None]
    return Rate(
        rate=part.integer("rate", required=True, least=0) or 0,
        rate_unit=part.choice("rate_unit", UNITS, required=True),
        extra=tuple(extra),
    )


def _color(feature: Feature) -> str:
    """The first color of policy_color (1.1): six hexadecimal digits."""
    value = feature.raw("policy_color")
    color = value.get("primary_color") if isinstance(value, dict) else value
    return color if isinstance(color, str) else ""
