"""One line of the doctor's report."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How serious a finding is: `fail` means that ECPD does not work, `warn` that something is worth mending."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it stands, and what to do about it."""

    topic: str
    state: State
    sentence: str
    fix: str = ""


def ok(topic: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(topic, State.OK, sentence)


def warn(topic: str, sentence: str, fix: str) -> Finding:
    """It works, and should be mended."""
    return Finding(topic, State.WARN, sentence, fix)


def fail(topic: str, sentence: str, fix: str) -> Finding:
    """It does not work until this is mended."""
    return Finding(topic, State.FAIL, sentence, fix)


def examine(checks: Iterable[Callable[[], Finding]]) -> Iterator[Finding]:
    """Run the checks in order. A check that breaks is itself a finding, so that the others are still made."""
    for check in checks:
        try:
            yield check()
        except Exception as error:
            first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
            yield fail(
                check.__name__.replace("_", " "), first_line, "Mend what the message names, then run doctor again."
            )
