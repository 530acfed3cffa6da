"""Who wants to know what happens to an exhibit: other apps register, cases tell them and know none of them.

Each reaction runs inside the door and its transaction, before the exhibit's own row changes: what it refuses, nothing
of happens.
"""

from collections.abc import Callable

from cases.models import Evidence
from ecpd.accounts.models import User

Reaction = Callable[[Evidence, User, str], None]
_on_withdrawal: list[Reaction] = []


def before_withdrawal(reaction: Reaction) -> Reaction:
    """Register a function(evidence, actor, reason), from an AppConfig.ready."""
    if reaction not in _on_withdrawal:
        _on_withdrawal.append(reaction)
    return reaction


def tell_of_withdrawal(evidence: Evidence, actor: User, reason: str) -> None:
    """Tell everybody who registered that this exhibit is about to be withdrawn."""
    for reaction in _on_withdrawal:
        reaction(evidence, actor, reason)
