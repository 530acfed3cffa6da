"""AC-04: in a sealed case who managed it before lets people in and takes them off, each act in a transaction of its own."""

import pytest

from cases import access
from cases.models import CaseAssignment
from cases.services.case import assign, edit_case, end_assignment, set_sealed
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from ecpd.policy.engine import PolicyDenied
from tests.factories.cases import opened
from tests.factories.people import make_user
from tests.owners_hand import strictly

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "The victim is a minor."


@pytest.fixture
def captains():
    """One who has the case, and one who has nothing to do with it."""
    return make_user(Role.CAPTAIN), make_user(Role.CAPTAIN)


@pytest.fixture
def case(captains):
    """A case that is opened, and sealed by its captain, in transactions that are over."""
    made = opened(make_user(Role.INVESTIGATOR), captain=captains[0])
    set_sealed(case=made, sealed=True, actor=captains[0], reason=REASON)
    return made


def again(user):
    """The account as the next request reads it."""
    return type(user).objects.get(pk=user.pk)


def levels(user, case) -> set[str]:
    """What the person may do with the case."""
    return {level for level in access.LEVELS if access.can(again(user), case, level)}


def test_its_captain_assigns_takes_off_hands_over_and_loses_it(case, captains):
    marsh, other = captains
    helper = make_user(Role.INVESTIGATOR)
    with strictly():
        assign(case=case, user=helper, actor=marsh)
        assert levels(helper, case) == {"view", "contribute"}
        end_assignment(assignment=CaseAssignment.objects.get(case=case, user=helper), actor=marsh)
        assert levels(helper, case) == set()
        edit_case(case=case, actor=marsh, captain=other)
        assert (levels(marsh, case), levels(other, case)) == (set(), set(access.LEVELS))
        set_sealed(case=case, sealed=False, actor=again(other), reason="The court took it back.")
    assert not case.sealed


def test_who_seals_a_case_that_is_not_his_leaves_it(captains):
    made = opened(make_user(Role.INVESTIGATOR), captain=captains[0])
    with strictly():
        with policy.door(captains[0], "case.manage", made):
            access.grant(captains[1], made, *access.LEVELS)
        set_sealed(case=made, sealed=True, actor=again(captains[1]), reason=REASON)
    assert (levels(captains[1], made), levels(captains[0], made)) == (set(), set(access.LEVELS))


def test_a_stranger_lets_nobody_in_by_a_decision_of_his_own(case, captains, monkeypatch):
    stranger = captains[1]
    with strictly(), monkeypatch.context() as door:
        door.setattr("cases.rules.access_verdict", lambda ctx, *asked: ctx.met("Yes."))  # the database says no
        door.setattr("cases.rules.sealed_verdict", lambda ctx, *asked: ctx.met("Yes."))
        with (
            pytest.raises(PolicyDenied, match="is given by who manages it"),
            policy.door(stranger, "case.assign", case),
        ):
            access.grant(stranger, case, "manage")
    assert levels(stranger, case) == set()
