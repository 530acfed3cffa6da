"""What an entry of the manual consists of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """A rule of the manual: its id, text, sources, the chapter it stands in and where it is checked."""

    id: str
    text: str
    source: str
    at: str
    database: bool = False
    enforced: bool = True
    note: str = ""

    @property
    def chapter(self) -> str:
        """The two letters before the dash."""
        return self.id[:2]


@dataclass(frozen=True)
class Parameter:
    """A setting of the manual: its rule, first value, words and the check a new value must pass."""

    name: str
    rule_id: str
    default: Any
    words: str
    unit: str
    check: Callable[[Any], str]

    def problem(self, value: Any) -> str:
        """Why this value cannot be taken, in words, or "" when it can."""
        return self.check(value)


def number(low: float, high: float, *, whole: bool = False) -> Callable[[Any], str]:
    """A check: a number from `low` to `high`."""

    def check(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return "Enter a whole number." if whole else "Enter a number."
        return "" if low <= value <= high else f"Enter a number from {low:g} to {high:g}."

    return check


def text(low: int, high: int) -> Callable[[Any], str]:
    """A check: words of `low` to `high` characters."""

    def check(value: Any) -> str:
        if isinstance(value, str) and low <= len(value.strip()) <= high:
            return ""
        return f"Enter {low} to {high} characters."

    return check


def yes_no(value: Any) -> str:
    """A check: true or false."""
    return "" if isinstance(value, bool) else "Answer yes or no."


def some_of(*choices: str) -> Callable[[Any], str]:
    """A check: a list with one or more of these words, each once."""

    def check(value: Any) -> str:
        if isinstance(value, list) and value and set(value) <= set(choices) and len(set(value)) == len(value):
            return ""
        return f"Choose one or more of: {', '.join(choices)}."

    return check
