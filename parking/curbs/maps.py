"""Zones as GeoJSON for maps: where they are, what they are called, what holds there in words."""

from typing import Any

from parking.curbs.inforce import is_limit
from parking.curbs.shapes import DIGITS, to_geojson
from parking.curbs.types import Activity, CurbPolicy, CurbSet, CurbZone
from parking.curbs.words import zone_words


def zones_geojson(curbs: CurbSet, at_ms: int | None = None) -> dict[str, Any]:
    """A FeatureCollection of the zones in force at a moment (all, if none is given).

    Properties: id, name, street, from, to, side, words (the rules in a sentence), kind (what a map colors by: "limit",
    "reserved", "prohibited", "loading", "free").
    """
    policies = {policy.id: policy for policy in curbs.policies}
    shown = [zone for zone in curbs.zones if at_ms is None or in_force(zone, at_ms)]
    features = [zone_feature(zone, [policies[name] for name in zone.policy_ids]) for zone in shown]
    return {"type": "FeatureCollection", "features": features}


def zone_feature(zone: CurbZone, policies: list[CurbPolicy]) -> dict[str, Any]:
    """One zone as a GeoJSON feature; positions are rounded to a centimetre."""
    properties = {
        "id": zone.id,
        "name": zone.name or zone.user_zone_id,
        "street": zone.street,
        "from": zone.cross_street_start,
        "to": zone.cross_street_end,
        "side": zone.side,
        "words": zone_words(policies),
        "kind": kind_of(policies),
    }
    return {"type": "Feature", "id": zone.id, "geometry": to_geojson(zone.geometry, DIGITS), "properties": properties}


def in_force(zone: CurbZone, at_ms: int) -> bool:
    """Whether a zone is in force; its end is not included."""
    return (zone.start_ms is None or zone.start_ms <= at_ms) and (zone.end_ms is None or at_ms < zone.end_ms)


def kind_of(policies: list[CurbPolicy]) -> str:
    """The zone's main rule: a limit wherever there is one, else what wins first."""
    rules = [rule for policy in sorted(policies, key=lambda policy: policy.priority) for rule in policy.rules]
    if any(is_limit(rule) and not rule.user_classes for rule in rules):
        return "limit"
    if not rules:
        return "free"
    first = rules[0]
    if first.activity is Activity.PARKING:
        return "reserved" if first.user_classes else "limit" if is_limit(first) else "free"
    return "prohibited" if first.activity.value.startswith("no ") or first.activity is Activity.TRAVEL else "loading"
