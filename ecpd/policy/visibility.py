"""Which decisions a person may not read: the apps that own cases say it, the manual's pages ask (AC-04).

The policy app knows no case. An app registers what narrows a list of decisions to those whose matter a person may see.
"""

from collections.abc import Callable

from django.db.models import QuerySet

from ecpd.policy.models import Decision

Narrow = Callable[[object, QuerySet[Decision]], QuerySet[Decision]]
_narrow: list[Narrow] = []


def register(narrow: Narrow) -> Narrow:
    """Add a function(user, decisions) -> decisions, from an AppConfig.ready."""
    if narrow not in _narrow:
        _narrow.append(narrow)
    return narrow


def visible_to(user, decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those of these decisions that nobody hides from this person."""
    for narrow in _narrow:
        decisions = narrow(user, decisions)
    return decisions
