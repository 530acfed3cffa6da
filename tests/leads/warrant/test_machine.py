"""Stories of a lead in the hands of many people: whatever they do, in any order, a warrant is earned (FR-10 to FR-18)."""

import pytest
from django.db import IntegrityError

from ecpd.policy import engine
from tests.leads.warrant.machine import story, tell_stories

GOOD = {"who": "okafor", "stale": False}
DECIDES = {"who": "marsh", "which": 0, "worded": True, "read": True}


@pytest.mark.django_db
def test_a_story_can_go_from_a_new_lead_to_an_approval():
    with story("lead") as then:
        then("link", who="okafor", kind="fingerprint", because="no", rests="no")
        then("verify", who="raman", which=0, verified=True)
        assert "marked" in then("mark", **GOOD)
        assert "applied" in then("apply", **GOOD)
        assert "approved" in then("approve_as_one_should", who="marsh", answered=True)


@pytest.mark.django_db
def test_a_story_can_go_on_after_a_denial_once_something_is_new():
    with story("applied") as then:
        assert "denied" in then("deny", **DECIDES)
        assert "marked" not in then("mark", **GOOD)
        then("enter", who="raman")
        then("answer", who="okafor", which=0, outcome="explained")
        assert "marked" not in then("mark", **GOOD), "Words of who applied free nothing."
        then("link", who="okafor", kind="fingerprint", because="no", rests="no")
        assert "marked" not in then("mark", **GOOD), "Nobody verified what is new."
        then("verify", who="raman", which=1, verified=True)
        assert "marked" in then("mark", **GOOD)
        then("apply", **GOOD)
        assert "approved" in then("approve_as_one_should", who="colleague", answered=True)


@pytest.mark.django_db
def test_a_story_can_end_with_a_withdrawal_or_a_clearing():
    with story("applied") as then:
        assert "withdrawn" in then("withdraw_application", who="okafor", which=0)
        assert "cleared" in then("clear", worded=True, **GOOD)


# Which stories are told changes with every constant in the code: nothing is asked of them but that the truths hold and
# that things were done as well as refused. What can be reached at all is told above, step by step.
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stage", "number"), [("lead", 7), ("corroborated", 7), ("marked", 7), ("applied", 24), ("denied", 7)]
)
def test_whatever_people_do_a_warrant_rests_on_evidence_and_a_decision_is_earned_and_stays(stage, number):
    answered = tell_stories(stage, number)
    assert 0 < answered["done"] < answered["asked"]


@pytest.fixture
def rules_asleep(monkeypatch):
    """No rule of the door says anything: the database alone holds what holds."""
    known = engine.rules_for

    def asleep(action: str) -> list:
        known(action)
        return []

    monkeypatch.setattr(engine, "rules_for", asleep)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["corroborated", "applied"])
def test_the_database_alone_holds_the_same(stage, rules_asleep):
    answered = tell_stories(stage, 12, IntegrityError)
    assert 0 < answered["done"] < answered["asked"]
