"""What a page showed when a person decided is part of the decision.

A form carries a digest of each part of what it showed. The door compares them with what it would show now, after its
lock: when something changed meanwhile the decision is refused, on the record, and the person is told what changed.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from ecpd.audit import context
from ecpd.policy.verdicts import Outcome, Verdict

Parts = Mapping[str, Any]
RULE = "AU-03"


def digest(content: Any) -> str:
    """The first 16 hex digits of the SHA-256 of JSON-like content; dates and numbers as their text."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def token_of(parts: Parts) -> str:
    """What a form carries: each part's name with its digest."""
    return json.dumps({name: digest(content) for name, content in parts.items()}, sort_keys=True)


def changed(token: str, parts: Parts) -> list[str] | None:
    """The names of the parts that are not as the token says; None for a token that says nothing."""
    try:
        said = json.loads(token)
    except (ValueError, RecursionError):  # brackets without end
        return None
    if not isinstance(said, dict):
        return None
    now = {name: digest(content) for name, content in parts.items()}
    return sorted(name for name in now.keys() | said.keys() if now.get(name) != said.get(name))


@dataclass(frozen=True)
class Seen:
    """What a form said it showed, and how to find out what it would show now."""

    token: str
    now: Callable[[], Parts]

    def verdict(self) -> Verdict:
        """Whether it still stands; asked by the door."""
        different = changed(self.token, self.now())
        if different is None:
            return Verdict(RULE, Outcome.UNMET, "The form does not say what was shown to you.",
                           "Open the page again and decide there.")  # fmt: skip
        if different:
            return Verdict(RULE, Outcome.UNMET, f"Changed since you opened this page: {', '.join(different)}.",
                           "Look at it as it is now, then decide again.", frozenset(different))  # fmt: skip
        return Verdict(RULE, Outcome.MET, f"You decided on what is still so ({digest(self.token)}).")


def seen(token: str | None, now: Callable[[], Parts]) -> Seen | None:
    """The fact `shown` for the door: what the form says, given or as the request brought it.

    A request of a browser that says nothing is refused. None only in a command or a worker, where no page is.
    """
    said = token if token is not None else context.current().said()
    return Seen(said, now) if said is not None else None


def row(found: Model | None) -> list[Any] | None:
    """All columns of a row, as a part; None for none."""
    return [getattr(found, field.attname) for field in found._meta.concrete_fields] if found is not None else None


def row_again(found: Model) -> list[Any] | None:
    """The same, read anew; for a row that the door does not lock and read again itself."""
    return row(type(found)._base_manager.filter(pk=found.pk).first())


def as_row(found: Model) -> dict[str, Any]:
    """The parts of a page that shows one row, as it has been read."""
    return {f"the {found._meta.verbose_name}": row(found)}


def of_row(found: Model) -> dict[str, Any]:
    """The same, read anew: what the door asks for."""
    return {f"the {found._meta.verbose_name}": row_again(found)}
