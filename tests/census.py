"""The predicate census: over a whole run, every predicate of the policy engine is seen met and unmet.

Each worker notes what `RegisteredRule.ask` answered, which only the door calls; the controller merges the notes. A
predicate that never said no guards nothing that anybody has tried, one that never said yes lets nobody pass. A whole run
fails when an answer is missing; part of the suite proves nothing about the rest and is not asked (ECPD_CENSUS=1 asks it
all the same). Loaded with `-p tests.census` (pyproject.toml).
"""

import os
from collections.abc import Iterator

import pytest

from tests.notes import plain, taken

Note = tuple[str, bool]  # the predicate's name, and whether it let pass

_seen: set[Note] = set()


def pytest_configure(config: pytest.Config) -> None:
    """Listen to every answer from here on."""
    from ecpd.policy.registry import RegisteredRule

    ask = RegisteredRule.ask

    def noted(self: RegisteredRule, ctx) -> Iterator:
        for verdict in ask(self, ctx):
            _seen.add((name_of(self), not verdict.blocks))
            yield verdict

    RegisteredRule.ask = noted  # type: ignore[method-assign]


def name_of(registered) -> str:
    """A predicate as the census lists it: its rule and where it stands."""
    return f"{registered.rule_id} {registered.predicate.__module__}.{registered.predicate.__qualname__}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its notes over; the controller of a whole run fails it when one is missing."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["census"] = plain(sorted(_seen))
    elif is_whole(config) and session.exitstatus == pytest.ExitCode.OK and missing():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """A worker is done: take its notes."""
    _seen.update((name, passed) for name, passed in taken(getattr(node, "workeroutput", {}).get("census")) or ())


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say how many predicates were seen both ways, and name the others."""
    if not is_whole(config):
        return
    terminalreporter.section("predicate census")
    for sentence in missing():
        terminalreporter.line(sentence)
    terminalreporter.line(f"{len(every())} predicates, {len(missing())} answers not seen.")


def is_whole(config: pytest.Config) -> bool:
    """Whether this run is the whole suite: nothing named, nothing selected; ECPD_CENSUS=1 counts any run."""
    if os.environ.get("ECPD_CENSUS"):
        return True
    option = config.option
    chosen = (option.keyword, option.markexpr, getattr(option, "lf", False), option.collectonly)
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not any(chosen)


def every() -> list:
    """The predicates that can refuse; a statement of how things are built is no check and is not counted."""
    from ecpd.policy import registry
    from tests.answers import can_refuse

    return [registered for registered in registry._all if can_refuse(registered.predicate)]


def missing() -> list[str]:
    """A sentence for each answer that no test has seen."""
    names = sorted({name_of(registered) for registered in every()})
    words = {True: "was never seen met", False: "was never seen unmet"}
    return [f"{name} {words[way]}" for name in names for way in (True, False) if (name, way) not in _seen]
