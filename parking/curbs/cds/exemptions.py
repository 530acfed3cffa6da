"""CDS 1.0 has no "everyone but": a policy of their own, just before it, says that the exempt may park.

1.1's user_classes_except stays beside it as a field that a reader of 1.0 passes over. Reading our own file, the extra
policies are recognised by `derived_from`, held against what we would write, and left out again.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parking.curbs.cds.vocabulary import DERIVED_FROM
from parking.curbs.conflicts import hold_together
from parking.curbs.feature import Feature
from parking.curbs.types import Activity, CurbPolicy, CurbRule, CurbZone


@dataclass(frozen=True)
class Unsayable(Exception):
    """Something of a policy that a version of CDS has no words for."""

    field: str
    message: str


def exemption(policy: CurbPolicy) -> CurbPolicy | None:
    """The policy that tells those whom `policy` excepts that they may park; None if it excepts nobody."""
    rules = [
        CurbRule(Activity.PARKING, user_classes=(*rule.user_classes, name))
        for rule in policy.rules
        for name in rule.user_classes_except
    ]
    if not rules:
        return None
    return CurbPolicy(
        id=str(uuid.uuid5(uuid.UUID(policy.id), "exempt")),
        priority=policy.priority - 1,
        rules=tuple(dict.fromkeys(rules)),
        spans=policy.spans,
        published_ms=policy.published_ms,
        operators=policy.operators,
    )


def check_exemption(policy: CurbPolicy, beside: Iterable[CurbPolicy]) -> None:
    """Raise Unsayable where telling the exempt that they may park would not be what the zone's policies say.

    `beside`: the other policies of every zone that has this one. Who is exempt from a rule falls to the rules behind
    it; with "may park" put before them, they would not.
    """
    field = "rules.user_classes_except"
    for rule in policy.rules:
        for name in rule.user_classes_except:
            exempt = {*rule.user_classes, name}
            _check_activity(rule, field)
            others = [other for other in policy.rules if other is not rule]
            if any(_speaks_to(exempt, other) and not _may_park(other) for other in others):
                raise Unsayable(field, f'"{name}" is exempt from one rule and falls under another of this policy.')
            for other in beside:
                _check_beside(policy, other, exempt, name, field)


def put_back(
    features: Sequence[Feature], policies: Sequence[CurbPolicy], zones: Sequence[CurbZone]
) -> tuple[list[CurbPolicy], list[CurbZone]]:
    """Policies and zones without what `exemption` added; a fault where that was changed in between."""
    by_id = {policy.id: policy for policy in policies}
    derived = set()
    for feature, policy in zip(features, policies, strict=True):
        parent = by_id.get(feature.text(DERIVED_FROM).lower())
        expected = exemption(parent) if parent else None
        if expected is None:
            continue
        if _same(expected, policy):
            derived.add(policy.id)
        else:
            feature.fault(DERIVED_FROM, f"This was changed; change who is excepted in policy {parent.id} instead.")
    kept = [policy for policy in policies if policy.id not in derived]
    return kept, [replace(zone, policy_ids=tuple(p for p in zone.policy_ids if p not in derived)) for zone in zones]


def _check_activity(rule: CurbRule, field: str) -> None:
    """Whether the exempt may travel there says nothing about whether they may park."""
    if rule.activity in (Activity.TRAVEL, Activity.NO_TRAVEL):
        raise Unsayable(field, "Who is exempt from a rule about travel has no word in CDS 1.0.")


def _check_beside(policy: CurbPolicy, other: CurbPolicy, exempt: set[str], name: str, field: str) -> None:
    if other.priority == policy.priority - 1:
        message = f'Leave priority {other.priority} free, before this policy, for saying that "{name}" is exempt.'
        raise Unsayable(field, message)
    if other.priority < policy.priority or not hold_together(policy, other):
        return
    if any(_speaks_to(exempt, rule) and not _may_park(rule) for rule in other.rules):
        raise Unsayable(field, f'"{name}" is exempt here and falls under policy {other.id} at the same time.')


def _speaks_to(exempt: set[str], rule: CurbRule) -> bool:
    """Whether somebody with these classes, and perhaps more, can come under a rule."""
    return exempt.isdisjoint(rule.user_classes_except)


def _may_park(rule: CurbRule) -> bool:
    """Whether a rule allows what telling the exempt that they may park would allow."""
    return rule.activity is Activity.PARKING and not (rule.max_stay or rule.no_return or rule.rates)


def _same(one: CurbPolicy, other: CurbPolicy) -> bool:
    return (one.id, one.priority, one.rules, one.spans) == (other.id, other.priority, other.rules, other.spans)
