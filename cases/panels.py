"""Tabs that other apps add to a case's page: cases imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cases.models import Case


@dataclass(frozen=True)
class Panel:
    """What a tab shows: its template and context, how many things are in it, and the next step it proposes."""

    template: str
    context: dict[str, Any]
    count: int
    next_step: "NextStep | None" = None


@dataclass(frozen=True)
class NextStep:
    """The one next step of a case."""

    title: str
    detail: str
    url: str
    action: str


Provider = Callable[[Case, Any], Panel]
_tabs: dict[str, tuple[str, Provider]] = {}


def register(key: str, label: str, provider: Provider) -> None:
    """Add a tab; call it from an AppConfig.ready."""
    _tabs[key] = (label, provider)


def panels_of(case: Case, user: Any) -> dict[str, tuple[str, Panel]]:
    """Every tab's label and panel for one case."""
    return {key: (label, provider(case, user)) for key, (label, provider) in _tabs.items()}
