"""A predicate that can only say "met" is no check: it says "by construction" and where, or it really looks."""

import pytest

from ecpd.policy import registry
from ecpd.policy.models import Decision
from ecpd.policy.selectors import manual_entries
from ecpd.policy.verdicts import Context, Outcome
from tests.answers import SAYS_NO, answers_of

ALL = sorted({r.predicate for r in registry._all}, key=lambda p: (p.__module__, p.__name__))


@pytest.mark.parametrize("predicate", ALL, ids=lambda p: f"{p.__module__}.{p.__name__}")
def test_a_predicate_that_says_met_can_say_the_opposite(predicate):
    answers = answers_of(predicate)
    assert answers & (SAYS_NO | {"by_construction"}), "It can only say yes."
    if "met" in answers:
        assert answers & SAYS_NO, "It says that something was checked, and can find nothing."


def test_by_construction_opens_the_door_and_is_no_finding():
    verdict = Context(None, "x", None, {}, rule_id="FR-14").by_construction(
        "Put together from the records.", "One template."
    )
    assert (verdict.outcome, verdict.blocks) == (Outcome.BY_CONSTRUCTION, False)
    assert verdict.as_json()["outcome"] == "by_construction"
    decision = Decision(verdicts=[verdict.as_json(), {"rule_id": "FR-13", "outcome": "unmet"}])
    assert decision.rule_ids == ["FR-13"]


@pytest.mark.django_db
def test_the_manual_counts_no_statement_as_a_check(monkeypatch):
    counted = {entry.rule.id: (entry.allowed, entry.denied) for listed in manual_entries().values() for entry in listed}
    assert counted["FR-18"] == (0, 0)
