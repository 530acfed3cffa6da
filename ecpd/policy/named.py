"""Settings whose value names a record of an app: the app says whether there is such a record, and what stands in it."""

from collections.abc import Callable
from typing import Any

Facts = list[tuple[str, str]]
_ASKED: dict[str, Callable[[Any], str]] = {}
_TOLD: dict[str, Callable[[Any], Facts]] = {}


def ask(setting: str, question: Callable[[Any], str]) -> None:
    """Have an app asked about each new value of a setting: why it cannot be taken, in words, or ""."""
    _ASKED[setting] = question


def problem(setting: str, value: Any) -> str:
    """Why this value names nothing that is there, or "", also for a setting that names no record."""
    return _ASKED[setting](value) if setting in _ASKED else ""


def tell(setting: str, facts: Callable[[Any], Facts]) -> None:
    """Have an app say what a value of a setting puts in force: words and what stands there, nothing where there is none."""
    _TOLD[setting] = facts


def beside(setting: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """What two values of a setting name, side by side: words, of the first, of the second; nothing for a plain setting."""
    if setting not in _TOLD:
        return []
    old, new = dict(_TOLD[setting](before)), dict(_TOLD[setting](after))
    return [(words, old.get(words, ""), new.get(words, "")) for words in {**new, **old}]
