"""The registry of rules: which predicates the door asks for an action."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ecpd.policy.manual import RULES
from ecpd.policy.verdicts import Context, Verdict

Predicate = Callable[[Context], Verdict | Iterable[Verdict]]


@dataclass(frozen=True)
class RegisteredRule:
    """A predicate and the manual's rule it decides for some actions."""

    rule_id: str
    actions: tuple[str, ...]
    predicate: Predicate

    def ask(self, ctx: Context) -> Iterator[Verdict]:
        """The rule's verdicts, one or several."""
        ctx.rule_id = self.rule_id
        answer = self.predicate(ctx)
        if isinstance(answer, Verdict):
            yield answer
        else:
            yield from answer


_by_action: dict[str, list[RegisteredRule]] = defaultdict(list)
_all: list[RegisteredRule] = []


def rule(rule_id: str, *, on: str | Iterable[str]) -> Callable[[Predicate], Predicate]:
    """Register a predicate for a rule of the manual on one or more actions.

    Raises KeyError when the manual has no such rule: a rule without text does not exist.
    """
    if rule_id not in RULES:
        raise KeyError(f"{rule_id} is not in the manual (ecpd/policy/manual).")
    actions = (on,) if isinstance(on, str) else tuple(on)

    def register(predicate: Predicate) -> Predicate:
        registered = RegisteredRule(rule_id, actions, predicate)
        _all.append(registered)
        for action in actions:
            _by_action[action].append(registered)
        return predicate

    return register


def rules_for(action: str) -> list[RegisteredRule]:
    """The rules of an action in the manual's order. Raises UnknownAction when there is none: no door without a rule."""
    if action not in _by_action:
        raise UnknownAction(action)
    return sorted(_by_action[action], key=lambda registered: registered.rule_id)


def actions_of(rule_id: str) -> list[str]:
    """Every action on which a rule is asked."""
    return sorted({action for registered in _all if registered.rule_id == rule_id for action in registered.actions})


def registered_ids() -> set[str]:
    """The ids of all rules with a predicate."""
    return {registered.rule_id for registered in _all}


class UnknownAction(LookupError):
    """No rule is registered for this action: a mistake in the code, never the person's."""
