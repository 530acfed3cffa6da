"""The words on a drawn sign: what a curb's ordinary policy says, a few short lines."""

from collections.abc import Sequence
from datetime import time

from parking.curbs.types import Activity, CurbPolicy, CurbRule, TimeSpan

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def sign_of(policies: Sequence[CurbPolicy]) -> str:
    """Lines for the limit of the first policy that has one; "Parking" where there is none."""
    for policy in sorted(policies, key=lambda policy: policy.priority):
        for rule in policy.rules:
            if rule.activity is Activity.PARKING and rule.max_stay:
                return "\n".join(_lines(rule, policy.spans[0] if policy.spans else None))
    return "Parking"


def _lines(rule: CurbRule, span: TimeSpan | None) -> list[str]:
    minutes = rule.max_stay or 0.0
    limit = f"{minutes / 60:g} hour" if minutes >= 60 else f"{minutes:g} minute"
    lines = [limit, "parking"]
    if span is not None and span.start is not None:
        lines.append(f"{_hour(span.start)}-{_hour(span.end or time(0))}")
    if span is not None and span.days and len(span.days) < 7:
        lines.append(f"{DAYS[min(span.days)]}-{DAYS[max(span.days)]}")
    return lines + [f"except {name}" for name in rule.user_classes_except[:1]]


def _hour(at: time) -> str:
    half = "am" if at.hour < 12 else "pm"
    return f"{at.hour % 12 or 12}{f':{at.minute:02}' if at.minute else ''} {half}"
