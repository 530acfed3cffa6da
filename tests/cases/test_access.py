"""Who sees and changes a case (AC-04, AC-09): one answer from rules, selectors and pages."""

import pytest
from django.db import IntegrityError, transaction

from cases import access
from cases.models import Case
from cases.selectors import cases_visible_to
from cases.services.case import add_note, assign, edit_case, end_assignment, set_sealed, set_status
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from ecpd.problem import StaleState
from tests.factories.cases import opened
from tests.factories.people import make_user

REASON = "The victim's family asked for it."


def test_who_opens_a_case_leads_it(case, okafor):
    assert all(access.can(okafor, case, level) for level in access.LEVELS)
    assert case.assignments.get(user=okafor).lead


def test_a_colleague_who_is_not_assigned_sees_nothing_and_adds_nothing(case, aldana):
    assert case not in cases_visible_to(aldana)
    with pytest.raises(PolicyDenied) as refusal:
        add_note(case=case, actor=aldana, text="I was here.")
    assert {verdict.rule_id for verdict in refusal.value.blocking} == {"AC-09"}
    assert "Capt. Helen Marsh" in refusal.value.blocking[0].remedy
    assert case.notes.count() == 0


def test_a_refusal_is_on_the_record(case, aldana):
    with pytest.raises(PolicyDenied):
        add_note(case=case, actor=aldana, text="I was here.")
    assert Decision.objects.filter(actor=aldana, outcome="denied", case_number=case.case_number).count() == 1


def test_an_assigned_investigator_adds_but_does_not_manage(case, marsh, aldana):
    assign(case=case, user=aldana, actor=marsh)
    assert case in cases_visible_to(aldana)
    add_note(case=case, actor=aldana, text="Canvass done.")
    with pytest.raises(PolicyDenied):
        edit_case(case=case, actor=aldana, title="Another title")


def test_when_the_assignment_ends_the_case_is_gone(case, marsh, aldana):
    assignment = assign(case=case, user=aldana, actor=marsh)
    end_assignment(assignment=assignment, actor=marsh)
    assert case not in cases_visible_to(aldana)
    with pytest.raises(StaleState):
        end_assignment(assignment=assignment, actor=marsh)


def test_only_a_captain_assigns(case, okafor, aldana):
    with pytest.raises(PolicyDenied):
        assign(case=case, user=aldana, actor=okafor)


def test_another_captain_reads_the_case_until_it_is_sealed(case, marsh):
    other = make_user(Role.CAPTAIN)
    assert case in cases_visible_to(other)
    set_sealed(case=case, sealed=True, actor=marsh, reason=REASON)
    assert case not in cases_visible_to(other)
    assert not access.can(other, case, "view")


def test_a_sealed_case_stays_open_to_those_named_on_it_and_to_the_auditor(case, marsh, okafor, whitlock):
    set_sealed(case=case, sealed=True, actor=marsh, reason=REASON)
    for named in (okafor, marsh, whitlock):
        assert case in cases_visible_to(named)
    assert not access.can(whitlock, case, "contribute")


def test_sealing_needs_a_reason(case, marsh):
    with pytest.raises(PolicyDenied) as refusal:
        set_sealed(case=case, sealed=True, actor=marsh, reason="")
    assert refusal.value.blocking[0].rule_id == "AC-07"


def test_an_investigator_cannot_seal(case, okafor):
    with pytest.raises(PolicyDenied):
        set_sealed(case=case, sealed=True, actor=okafor, reason=REASON)


def test_a_closed_case_takes_nothing_until_it_is_reopened(case, okafor):
    set_status(case=case, status="closed", actor=okafor, reason="Arrest made and charged.")
    assert case.closed_at
    with pytest.raises(PolicyDenied):
        add_note(case=case, actor=okafor, text="One more thing.")
    set_status(case=case, status="open", actor=okafor, reason="A witness came forward.")
    assert case.closed_at is None
    add_note(case=case, actor=okafor, text="One more thing.")


def test_an_administrator_has_no_case(case):
    administrator = make_user(Role.ADMINISTRATOR)
    assert not cases_visible_to(administrator).exists()
    with pytest.raises(PolicyDenied):
        opened(administrator)


def test_naming_another_captain_lets_them_in(case, okafor):
    other = make_user(Role.CAPTAIN)
    edit_case(case=case, actor=okafor, captain=other)
    assert access.can(other, case, "manage")


@pytest.mark.parametrize("levels", [(), ("view",), ("view", "contribute"), ("view", "contribute", "manage")])
def test_each_level_is_a_permission_on_this_one_case(case, okafor, aldana, levels):
    other = opened(okafor)
    access.grant(aldana, case, *levels)
    held = {level for level in access.LEVELS if aldana.has_perm(f"cases.{level}_case", case)}
    assert held == set(levels) == {level for level in access.LEVELS if access.can(aldana, case, level)}
    assert not any(aldana.has_perm(f"cases.{level}_case", other) for level in access.LEVELS)


ACTS = {
    "view": lambda case, actor: policy.authorize(actor, "case.view", case),
    "contribute": lambda case, actor: add_note(case=case, actor=actor, text="Canvass done."),
    "manage": lambda case, actor: edit_case(case=case, actor=actor, title="Another title"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("levels", [(), ("view",), ("view", "contribute"), ("view", "contribute", "manage")])
def test_an_act_needs_its_own_level(case, aldana, levels, act):
    access.grant(aldana, case, *levels)
    if act in levels:
        ACTS[act](case, aldana)
        return
    with pytest.raises(PolicyDenied) as refusal:
        ACTS[act](case, aldana)
    assert {verdict.rule_id for verdict in refusal.value.blocking} == {"AC-09"}


def test_a_case_is_unsealed_for_a_reason_of_its_own(case, marsh):
    set_sealed(case=case, sealed=True, actor=marsh, reason="A court ordered it.")
    for reason in ("", " \u200b", "A court ordered it."):
        with pytest.raises(IntegrityError, match="AC-04: A case is unsealed"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(sealed=False, sealed_reason=reason)
    set_sealed(case=case, sealed=False, actor=marsh, reason="The order has ended.")
    assert Case.objects.get(pk=case.pk).sealed_reason == "The order has ended."
