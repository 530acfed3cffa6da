"""Curb rules in sentences a person reads, as on a sign.

"4 hours, Monday to Friday 7:00 am to 6:00 pm, not on holidays, except permit holders (Area A)"
"No parking 1st and 3rd Tuesday, 8:00 am to 10:00 am (street cleaning)"
"""

import re
from collections.abc import Iterable

from parking.curbs.span_words import listed, spans_words
from parking.curbs.types import Activity, CurbPolicy, CurbRule, Rate

CLASSES = {
    "accessible": "accessible vehicles",
    "autonomous": "autonomous vehicles",
    "bicycle": "bicycles",
    "bus": "buses",
    "car": "cars",
    "cargo_bicycle": "cargo bicycles",
    "combustion": "vehicles with a combustion engine",
    "construction": "construction vehicles",
    "delivery": "deliveries",
    "disabled_parking_permit": "vehicles with a disabled placard or plate",
    "electric": "electric vehicles",
    "emergency_use": "emergency vehicles",
    "hotel_guest": "hotel guests",
    "moped": "mopeds",
    "motorcycle": "motorcycles",
    "passenger": "passengers getting in or out",
    "permit": "permit holders",
    "rideshare": "rideshare vehicles",
    "school": "school vehicles",
    "scooter": "scooters",
    "service_vehicles": "service vehicles",
    "taxi": "taxis",
    "truck": "trucks",
    "utilities": "utility vehicles",
    "van": "vans",
    "vending": "vendors",
    "waste_management": "waste collection",
}
PERMIT_OF_AREA = re.compile(r"permit[ _:-]+(?:area[ _:-]+)?(\w+)", re.IGNORECASE)


def policy_words(policy: CurbPolicy) -> str:
    """A policy in a sentence without its full stop; its rules apart by semicolons."""
    return "; ".join(_sentence(policy, rule) for rule in policy.rules)


def zone_words(policies: Iterable[CurbPolicy]) -> str:
    """All that holds in a zone, what wins first; "No rules" where nothing is regulated."""
    ordered = sorted(policies, key=lambda policy: policy.priority)
    return "; ".join(policy_words(policy) for policy in ordered) or "No rules"


def rule_words(rule: CurbRule) -> str:
    """What a rule allows or forbids, without when and for whom: "4 hours", "No stopping", "Loading up to 30 minutes"."""
    if rule.activity.value.startswith("no "):
        return rule.activity.value.capitalize()
    if rule.max_stay is None:
        return "Parking allowed" if rule.activity is Activity.PARKING else rule.activity.value.capitalize()
    stay = minutes_words(rule.max_stay)
    return stay if rule.activity is Activity.PARKING else f"{rule.activity.value.capitalize()} up to {stay}"


def minutes_words(minutes: float) -> str:
    """30 minutes, 2 hours, 1 hour 30 minutes, 5 days; a part of a minute in seconds."""
    seconds = round(minutes * 60)
    if seconds % 60:
        return f"{seconds} seconds" if seconds < 600 else f"{minutes:g} minutes"
    hours, rest = divmod(seconds // 60, 60)
    if hours > 96 and hours % 24 == 0 and not rest:
        return _counted(hours // 24, "day")
    return " ".join(part for part in (_counted(hours, "hour"), _counted(rest, "minute")) if part) or "0 minutes"


def class_words(name: str) -> str:
    """A user class as people say it: "permit_a" is "permit holders (Area A)"."""
    if name in CLASSES:
        return CLASSES[name]
    area = PERMIT_OF_AREA.fullmatch(name)
    return f"permit holders (Area {area[1].upper()})" if area else name.replace("_", " ")


def _sentence(policy: CurbPolicy, rule: CurbRule) -> str:
    what, when = rule_words(rule), spans_words(policy.spans)
    forbids = rule.activity.value.startswith("no ")
    told = f"{what} {when}" if forbids else f"{what}, {when}"
    reason = rule.name or (policy.name if forbids else "")
    return ", ".join([told, *_limits(rule)]) + (f" ({reason})" if reason else "")


def _limits(rule: CurbRule) -> list[str]:
    """For whom, at what price, and when one may come back."""
    found = []
    only = "" if rule.activity.value.startswith("no ") else "only "
    if rule.user_classes:
        told = " that are also ".join(class_words(name) for name in rule.user_classes)
        found.append(f"{only or 'for '}{told}")
    if rule.purposes:
        found.append(f"{only}for {listed((class_words(name) for name in rule.purposes), last='or')}")
    if rule.user_classes_except:
        found.append("except " + listed(class_words(name) for name in rule.user_classes_except))
    found += [_rate_words(rate) for rate in rule.rates]
    if rule.no_return:
        found.append(f"no return within {minutes_words(rule.no_return)}")
    return found


def _rate_words(rate: Rate) -> str:
    article = "an" if rate.rate_unit == "hour" else "a"
    return (
        f"${rate.rate / 100:.2f} {article} {rate.rate_unit}" if rate.rate else f"free of charge by the {rate.rate_unit}"
    )


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""
