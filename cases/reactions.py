"""Who wants to know what happens to an exhibit or a matter: other apps register, cases tell them and know none of them.

Each reaction runs inside the door and its transaction; of an exhibit that is withdrawn before its own row changes: what it
refuses, nothing of happens.
"""

from collections.abc import Callable

from cases.models import Case, Evidence
from ecpd.accounts.models import User

Reaction = Callable[[Evidence, User, str], None]
_on_withdrawal: list[Reaction] = []
_on_adding: list[Callable[[Evidence, User], None]] = []
_on_matter: list[Callable[[Case], None]] = []


def before_withdrawal(reaction: Reaction) -> Reaction:
    """Register a function(evidence, actor, reason), from an AppConfig.ready."""
    if reaction not in _on_withdrawal:
        _on_withdrawal.append(reaction)
    return reaction


def tell_of_withdrawal(evidence: Evidence, actor: User, reason: str) -> None:
    """Tell everybody who registered that this exhibit is about to be withdrawn."""
    for reaction in _on_withdrawal:
        reaction(evidence, actor, reason)


def after_adding(reaction: Callable[[Evidence, User], None]) -> Callable[[Evidence, User], None]:
    """Register a function(evidence, actor), from an AppConfig.ready."""
    if reaction not in _on_adding:
        _on_adding.append(reaction)
    return reaction


def tell_of_adding(evidence: Evidence, actor: User) -> None:
    """Tell everybody who registered that this exhibit is there: of others it may show what they are."""
    for reaction in _on_adding:
        reaction(evidence, actor)


def after_tying(reaction: Callable[[Case], None]) -> Callable[[Case], None]:
    """Register a function(case), from an AppConfig.ready."""
    if reaction not in _on_matter:
        _on_matter.append(reaction)
    return reaction


def tell_of_matter(case: Case) -> None:
    """Tell everybody who registered that this case was tied to others: what is known there counts here, and here there."""
    for reaction in _on_matter:
        reaction(case)
