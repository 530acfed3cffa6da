"""Policies that contradict each other: in one zone, at one time, for the same people, with the same priority."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from parking.curbs.span_sets import ALWAYS, TwoPeriods, meet, plain
from parking.curbs.types import CurbPolicy, CurbRule, TimeSpan


def same_people(one: CurbRule, other: CurbRule) -> bool:
    """Whether two rules name exactly the same users (CDS 1.0: "equivalent user class enumerations")."""
    return all(
        set(getattr(one, name)) == set(getattr(other, name))
        for name in ("user_classes", "user_classes_except", "purposes")
    )


def may_share_people(one: CurbRule, other: CurbRule) -> bool:
    """Whether the users of two rules are not disjoint (CDS 1.1)."""
    if one.user_classes and other.user_classes and not set(one.user_classes) & set(other.user_classes):
        return False
    if one.purposes and other.purposes and not set(one.purposes) & set(other.purposes):
        return False
    together = {*one.user_classes, *other.user_classes}
    return together.isdisjoint(one.user_classes_except) and together.isdisjoint(other.user_classes_except)


def same_activity(one: CurbRule, other: CurbRule) -> bool:
    """Whether two rules are about one thing, allowed or forbidden."""
    return one.activity.value.removeprefix("no ") == other.activity.value.removeprefix("no ")


def hold_together(one: CurbPolicy, other: CurbPolicy) -> bool:
    """Whether there may be a moment at which both policies hold, in any calendar."""
    return any(meet(span, another) for span in _spans(one) for another in _spans(other))


def undecided(policies: Iterable[CurbPolicy], version: str) -> Iterator[tuple[CurbPolicy, CurbPolicy]]:
    """Pairs of a zone's policies between which no priority decides, by the wording of CDS `version`.

    1.0 forbids one priority to policies for equivalent users at overlapping times; 1.1 to those whose users are not
    disjoint, unless their activities are.
    """
    for one, other in combinations(policies, 2):
        if one.priority == other.priority and _clash(one, other, version) and hold_together(one, other):
            yield one, other


def _clash(one: CurbPolicy, other: CurbPolicy, version: str) -> bool:
    pairs = [(rule, another) for rule in one.rules for another in other.rules]
    if version == "1.0":
        return any(same_people(*pair) for pair in pairs)
    return any(may_share_people(*pair) and same_activity(*pair) for pair in pairs)


def _spans(policy: CurbPolicy) -> tuple[TimeSpan, ...]:
    try:
        return plain(policy.spans) or (ALWAYS,)
    except TwoPeriods:
        return tuple(span for span in policy.spans if not span.exception) or (ALWAYS,)
