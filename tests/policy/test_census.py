"""The census names what no test has seen, and asks whole runs only."""

from types import SimpleNamespace

import pytest

from ecpd.policy import registry
from ecpd.policy.registry import RegisteredRule
from tests import census


def never_asked(ctx):
    """A predicate that can say both."""
    return ctx.met("So.") if ctx.facts else ctx.unmet("Not so.", "Make it so.")


def only_built(ctx):
    """A statement of how things are built."""
    return ctx.by_construction("So.", "Here.")


@pytest.fixture
def invented(monkeypatch):
    """Two predicates more, which nobody asks."""
    more = [RegisteredRule("FR-14", ("x",), never_asked), RegisteredRule("FR-14", ("x",), only_built)]
    monkeypatch.setattr(registry, "_all", [*registry._all, *more])
    monkeypatch.setattr(
        census, "_seen", {(census.name_of(one), way) for one in registry._all[:-2] for way in (True, False)}
    )
    return f"FR-14 {__name__}.never_asked"


def test_an_answer_that_nobody_has_seen_is_named(invented):
    assert census.missing() == [f"{invented} was never seen met", f"{invented} was never seen unmet"]


def test_what_a_worker_saw_counts(invented):
    notes = f'[["{invented}", true], ["{invented}", false]]'
    census.pytest_testnodedown(SimpleNamespace(workeroutput={"census": notes}))
    assert census.missing() == []


@pytest.mark.parametrize(("args", "keyword", "whole"), [(False, "", True), (True, "", False), (False, "leads", False)])
def test_only_a_whole_run_is_asked(monkeypatch, args, keyword, whole):
    monkeypatch.delenv("ECPD_CENSUS", raising=False)
    source = pytest.Config.ArgsSource.ARGS if args else pytest.Config.ArgsSource.TESTPATHS
    option = SimpleNamespace(keyword=keyword, markexpr="", lf=False, collectonly=False)
    assert census.is_whole(SimpleNamespace(args_source=source, option=option)) is whole


def test_a_whole_run_with_a_missing_answer_fails(invented, monkeypatch):
    monkeypatch.setattr(census, "is_whole", lambda config: True)
    session = SimpleNamespace(config=SimpleNamespace(), exitstatus=pytest.ExitCode.OK)
    census.pytest_sessionfinish(session)
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
