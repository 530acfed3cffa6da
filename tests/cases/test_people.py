"""Two entries of one person, and one entry too many."""

import pytest
from django.core.exceptions import ValidationError

from cases.models import Person
from cases.selectors import merges_waiting_for, people_of
from cases.services.person import (
    decide_merge,
    edit_person,
    propose_merge,
    record_not_same,
    undo_merge,
    withdraw_person,
)
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from tests.factories.cases import opened, somebody

REASON = "Same date of birth, same scar."


@pytest.fixture
def pair(case, okafor):
    return somebody(case, okafor, "Paul Trask"), somebody(case, okafor, "P. Trask", description="Limps.")


def rows() -> list[dict]:
    return list(Person.objects.order_by("pk").values())


def test_a_merge_hides_the_duplicate_and_undoing_restores_exactly(case, okafor, marsh, pair):
    before = rows()
    merge = propose_merge(keep=pair[0], duplicate=pair[1], actor=okafor, reason=REASON)
    assert list(merges_waiting_for(marsh)) == [merge]
    decide_merge(merge=merge, actor=marsh, approve=True)
    assert list(people_of(case)) == [pair[0]]
    undo_merge(merge=merge, actor=okafor, reason="He limps on the other side.")
    assert rows() == before
    assert set(people_of(case)) == set(pair)


def test_who_proposes_does_not_decide(okafor, pair):
    merge = propose_merge(keep=pair[0], duplicate=pair[1], actor=okafor, reason=REASON)
    with pytest.raises(PolicyDenied) as refusal:
        decide_merge(merge=merge, actor=okafor, approve=True)
    assert refusal.value.blocking[0].rule_id == "AC-07"


def test_a_rejected_proposal_changes_nothing_and_is_decided_once(okafor, marsh, pair):
    before = rows()
    merge = propose_merge(keep=pair[0], duplicate=pair[1], actor=okafor, reason=REASON)
    decide_merge(merge=merge, actor=marsh, approve=False)
    assert rows() == before
    with pytest.raises(StaleState):
        decide_merge(merge=merge, actor=marsh, approve=True)
    with pytest.raises(StaleState):
        undo_merge(merge=merge, actor=marsh, reason=REASON)


def test_two_people_are_remembered_and_not_merged(okafor, pair):
    record_not_same(one=pair[1], other=pair[0], actor=okafor, reason="They stood side by side.")
    with pytest.raises(ValidationError, match="two people"):
        propose_merge(keep=pair[0], duplicate=pair[1], actor=okafor, reason=REASON)
    with pytest.raises(ValidationError, match="already"):
        record_not_same(one=pair[0], other=pair[1], actor=okafor, reason="They stood side by side.")


def test_people_of_two_cases_are_not_merged(okafor, pair):
    stranger = somebody(opened(okafor), okafor, "Paul Trask")
    with pytest.raises(ValidationError, match="same case"):
        propose_merge(keep=pair[0], duplicate=stranger, actor=okafor, reason=REASON)


def test_a_stranger_changes_nobody(aldana, pair):
    with pytest.raises(PolicyDenied):
        edit_person(person=pair[0], actor=aldana, name="Somebody else")
    assert Person.objects.get(pk=pair[0].pk).name == "Paul Trask"


def test_a_withdrawn_entry_needs_a_reason_and_stays(case, okafor, pair):
    with pytest.raises(ValidationError):
        withdraw_person(person=pair[1], actor=okafor, reason=" ")
    withdraw_person(person=pair[1], actor=okafor, reason="Entered twice.")
    assert list(people_of(case)) == [pair[0]]
    assert Person.objects.filter(pk=pair[1].pk).exists()
