"""What an entry of the manual consists of."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from ecpd.policy.manual.loosening import IN_WORDS, LOOSENS


@dataclass(frozen=True)
class Rule:
    """A rule of the manual: its id, text, sources, the chapter it stands in and where it is checked.

    `unchecked` names what of its sources was not read at the official place yet; the manual marks it (?).
    """

    id: str
    text: str
    source: str
    at: str
    database: bool = False
    enforced: bool = True
    note: str = ""
    unchecked: str = ""

    @property
    def chapter(self) -> str:
        """The two letters before the dash."""
        return self.id[:2]

    @property
    def announced(self) -> bool:
        """Whether it stands on what was announced to the council; loosening it needs the council again (AU-04)."""
        return "council" in self.source.lower()


def later(rule_id: str, text: str, source: str, at: str, *, note: str = "", unchecked: str = "") -> Rule:
    """A rule that this version of the software does not hold yet; the manual says so beside it."""
    return Rule(rule_id, text, source, at, enforced=False, note=note, unchecked=unchecked)


@dataclass(frozen=True)
class Parameter:
    """A setting of the manual: its rule, first value, words and the check a new value must pass."""

    name: str
    rule_id: str
    default: Any
    words: str
    unit: str
    check: "Check"

    def problem(self, value: Any) -> str:
        """Why this value cannot be taken, in words, or "" when it can."""
        return self.check(value)

    @property
    def loosened_by(self) -> str:
        """Which direction loosens its rule, in words (AU-04)."""
        return IN_WORDS[LOOSENS[self.name]]


class Check(Protocol):
    """What a new value must pass: in words for a form, as JSON for the database."""

    def __call__(self, value: Any) -> str:
        """Why this value cannot be taken, or ""."""

    def as_json(self) -> dict[str, Any]:
        """The same bounds as the database reads them (`ecpd_setting_fits`)."""


@dataclass(frozen=True)
class number:
    """A check: a number from `low` to `high`."""

    low: float
    high: float
    whole: bool = field(default=False, kw_only=True)

    def __call__(self, value: Any) -> str:
        """Why not, or ""."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return "Enter a whole number." if self.whole else "Enter a number."
        return "" if self.low <= value <= self.high else f"Enter a number from {self.low:g} to {self.high:g}."

    def as_json(self) -> dict[str, Any]:
        """The bounds."""
        return {"is": "number", "low": self.low, "high": self.high, "whole": self.whole}


@dataclass(frozen=True)
class text:
    """A check: words of `low` to `high` characters."""

    low: int
    high: int

    def __call__(self, value: Any) -> str:
        """Why not, or ""."""
        if isinstance(value, str) and self.low <= len(value.strip()) <= self.high:
            return ""
        return f"Enter {self.low} to {self.high} characters."

    def as_json(self) -> dict[str, Any]:
        """The bounds."""
        return {"is": "text", "low": self.low, "high": self.high}


@dataclass(frozen=True)
class some_of:
    """A check: a list with one or more of these words, each once."""

    choices: tuple[str, ...]

    def __init__(self, *choices: str) -> None:
        object.__setattr__(self, "choices", choices)

    def __call__(self, value: Any) -> str:
        """Why not, or ""."""
        if isinstance(value, list) and value and set(value) <= set(self.choices) and len(set(value)) == len(value):
            return ""
        return f"Choose one or more of: {', '.join(self.choices)}."

    def as_json(self) -> dict[str, Any]:
        """The bounds."""
        return {"is": "some_of", "choices": list(self.choices)}


@dataclass(frozen=True)
class _YesNo:
    """A check: true or false."""

    def __call__(self, value: Any) -> str:
        return "" if isinstance(value, bool) else "Answer yes or no."

    def as_json(self) -> dict[str, Any]:
        return {"is": "yes_no"}


yes_no = _YesNo()
