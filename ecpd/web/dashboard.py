"""The dashboard's registry: each app says what waits for a person; the page only gathers and sorts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils import timezone


class Section(StrEnum):
    """Where on the dashboard a provider's items stand."""

    YOUR_TURN = "your_turn"
    OTHERS = "others"
    CASES = "cases"
    POLICY = "policy"


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits: for this person, or for somebody else on this person's behalf.

    `kind` is a status kind (done, info, wait, warn, stop, lock) and only matters where `due` is None.
    """

    title: str
    detail: str
    url: str
    due: date | None = None
    action_label: str = "Open"
    kind: str = "wait"
    status: str = "No due date"

    @property
    def is_due(self) -> bool:
        """Whether it is due today or overdue."""
        return self.due is not None and self.due <= timezone.localdate()

    @property
    def badge_kind(self) -> str:
        """The status kind of the due date."""
        if self.due is None:
            return self.kind
        return "warn" if self.is_due else "info"

    @property
    def badge(self) -> str:
        """The due date in words."""
        if self.due is None:
            return self.status
        today = timezone.localdate()
        if self.due == today:
            return "Due today"
        return f"{'Overdue since' if self.due < today else 'Due'} {self.due:%b} {self.due.day}"


@dataclass(frozen=True)
class OpenCase:
    """A row of "My open cases": `kind` and `status` say where it stands."""

    number: str
    url: str
    offense: str
    place: str
    kind: str
    status: str
    last_event: str


@dataclass
class Board:
    """Everything the dashboard of one person shows."""

    your_turn: list[WaitingItem] = field(default_factory=list)
    others: list[WaitingItem] = field(default_factory=list)
    cases: list[OpenCase] = field(default_factory=list)
    policy: list[WaitingItem] = field(default_factory=list)

    @property
    def due_today(self) -> int:
        """How many items of "Your turn" are due today or overdue."""
        return sum(item.is_due for item in self.your_turn)


Provider = Callable[[Any], list[Any]]
_providers: dict[Section, list[Provider]] = {section: [] for section in Section}


def register(provider: Provider, *, section: Section = Section.YOUR_TURN) -> Provider:
    """Add a function(user) -> list of items, from an AppConfig.ready; each costs a constant number of queries."""
    if provider not in _providers[section]:
        _providers[section].append(provider)
    return provider


def board_for(user: Any) -> Board:
    """Gather every provider's items for this person, the most urgent first."""
    gathered = {
        section.value: [item for provider in _providers[section] for item in provider(user)] for section in Section
    }
    gathered["your_turn"].sort(key=_urgency)
    return Board(**gathered)


def _urgency(item: WaitingItem) -> tuple[bool, date]:
    return (item.due is None, item.due or date.max)
