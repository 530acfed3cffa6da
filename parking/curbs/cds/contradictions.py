"""What contradicts itself for a reader of one version of CDS, although our own rules for who wins decide it.

A reader of 1.0 knows no "everyone but" and no purposes: rules that speak to different people may speak to the same ones
for it. 1.0 forbids one priority to two policies for the same users, 1.1 only where their users and activities meet.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from parking.curbs.cds.exemptions import exemption
from parking.curbs.conflicts import same_activity, same_people, undecided
from parking.curbs.types import CurbPolicy, CurbRule, CurbSet, Fault

PRIORITY = "priority"
PEOPLE = "rules.user_classes"


def contradictions(curbs: CurbSet, version: str) -> Iterator[Fault]:
    """Every contradiction that a reader of this version alone would see in `curbs`, by the policy it stands in."""
    for policy in curbs.policies:
        if _within(policy, version):
            yield Fault(
                policy.id, PEOPLE, f"Two rules of this policy say different things to the same users in CDS {version}."
            )
    yield from dict.fromkeys(_between(curbs, version))


def as_1_0(policy: CurbPolicy) -> CurbPolicy:
    """A policy as one sees it who knows only 1.0: purposes are user classes, exceptions are not there."""
    return replace(policy, rules=tuple(seen for rule in policy.rules for seen in _as_1_0(rule)))


def _as_1_0(rule: CurbRule) -> list[CurbRule]:
    bare = replace(rule, user_classes_except=(), purposes=())
    named = [replace(bare, user_classes=(*rule.user_classes, name)) for name in rule.purposes]
    return named or [bare]


def _within(policy: CurbPolicy, version: str) -> bool:
    """Whether two rules are for the same users as they are read, and differ in what they allow."""
    pairs = combinations(policy.rules, 2)
    if version != "1.0":
        return any(same_people(*pair) and _forbids(*pair) for pair in pairs)
    return any(
        same_people(*seen) and (_forbids(*seen) if same_people(one, other) else _differs(*seen))
        for one, other in pairs
        for seen in ((mine, theirs) for mine in _as_1_0(one) for theirs in _as_1_0(other))
    )


def _forbids(one: CurbRule, other: CurbRule) -> bool:
    return same_activity(one, other) and one.activity is not other.activity


def _differs(one: CurbRule, other: CurbRule) -> bool:
    return same_activity(one, other) and _meaning(one) != _meaning(other)


def _meaning(rule: CurbRule) -> tuple[object, ...]:
    return rule.activity, rule.max_stay, rule.no_return, rule.rates


def _between(curbs: CurbSet, version: str) -> Iterator[Fault]:
    """Policies of one zone at one priority between which nothing decides, as they are read."""
    by_id = {policy.id: _written(policy, version) for policy in curbs.policies}
    for names in dict.fromkeys(zone.policy_ids for zone in curbs.zones):
        written = [one for name in names if name in by_id for one in by_id[name]]
        owner = {one.id: name for name in names if name in by_id for one in by_id[name]}
        for one, other in undecided(written, version):
            message = (
                f"CDS {version} forbids this policy and policy {owner[other.id]} one priority ({one.priority}) in one "
                "zone, for the same users at the same time. Give one of them another."
            )
            yield Fault(owner[one.id], PRIORITY, message)


def _written(policy: CurbPolicy, version: str) -> list[CurbPolicy]:
    """What a policy is in a file of this version: in 1.0 it may have one for the exempt before it."""
    if version != "1.0":
        return [policy]
    extra = exemption(policy)
    return [as_1_0(policy), *([as_1_0(extra)] if extra else [])]
