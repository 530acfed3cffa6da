"""Settings whose value names a record of an app: the app says of a value whether there is such a record."""

from collections.abc import Callable
from typing import Any

_ASKED: dict[str, Callable[[Any], str]] = {}


def ask(setting: str, question: Callable[[Any], str]) -> None:
    """Have an app asked about each new value of a setting: why it cannot be taken, in words, or ""."""
    _ASKED[setting] = question


def problem(setting: str, value: Any) -> str:
    """Why this value names nothing that is there, or "", also for a setting that names no record."""
    return _ASKED[setting](value) if setting in _ASKED else ""
