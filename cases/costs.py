"""What an act would cost whoever does it, said before it is done: other apps know, cases imports none of them."""

from collections.abc import Callable
from typing import Any

from cases.models import Case

Provider = Callable[[Case, Any], dict[str, str]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add who knows costs: for a case and a person, words by the action that has them. Call it from an AppConfig.ready."""
    _providers.append(provider)


def costs_of(case: Case, user: Any) -> dict[str, str]:
    """What each act in a case would cost a person; only acts that cost something."""
    return {action: words for provider in _providers for action, words in provider(case, user).items()}
