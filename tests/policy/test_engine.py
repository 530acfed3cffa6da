"""The door: it records every answer, keeps denials, and runs the block only when every rule is met."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecpd.accounts.roles import ACTIONS, Role
from ecpd.accounts.rules import role_opens_action
from ecpd.audit.models import AuditEvent
from ecpd.policy import engine as policy
from ecpd.policy import registry, versions
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Amendment, Decision, ManualVersion
from ecpd.policy.registry import UnknownAction
from ecpd.policy.verdicts import Context
from ecpd.problem import StaleState
from tests.factories.leads import allowed_on
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
REASON = "Three leads between 95 and 97 turned out to be wrong."


def proposal(actor, **fields) -> Amendment:
    """A proposal that is not saved yet."""
    return Amendment(
        changes={"match_score_min": 97}, before={"match_score_min": 95}, reason=REASON,
        effective_on=timezone.localdate() + timedelta(days=3), proposed_by=actor, **fields,
    )  # fmt: skip


def proposed(actor) -> Amendment:
    """A saved proposal."""
    amendment = proposal(actor)
    with transaction.atomic():
        allowed_on(actor, "amendment.propose", amendment)
        amendment.save()
    return amendment


def written() -> tuple[int, int]:
    """How many decisions and entries of conduct there are."""
    return Decision.objects.count(), conduct().count()


def conduct() -> QuerySet[AuditEvent]:
    """The entries that tell what people did, without those of the records that came of it."""
    return AuditEvent.objects.exclude(action__startswith="record.")


@pytest.mark.parametrize("reason", ["", REASON])
def test_explaining_writes_nothing(captain, reason):
    before = written()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        verdicts = policy.explain(captain, "amendment.propose", proposal(captain), justification=reason)
        allowed = policy.allows(captain, "amendment.propose", proposal(captain), justification=reason)
    assert [verdict.rule_id for verdict in verdicts] == ["AC-08", "AU-04"]
    assert allowed == bool(reason)
    assert written() == before
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_an_allowed_action_is_written_together_with_its_decision(captain):
    amendment = proposal(captain)
    with policy.door(captain, "amendment.propose", amendment, justification=REASON) as decision:
        amendment.save()
    kept = Decision.objects.get()
    assert kept == decision
    assert (kept.actor, kept.action, kept.outcome) == (captain, "amendment.propose", "allowed")
    assert (kept.justification, kept.manual_version) == (REASON, versions.in_force())
    assert [verdict["outcome"] for verdict in kept.verdicts] == ["met", "met"]
    assert Amendment.objects.get() == amendment


def test_a_denial_is_kept_and_its_block_never_runs(captain):
    amendment = proposal(captain)
    with pytest.raises(PolicyDenied) as denied, policy.door(captain, "amendment.propose", amendment):
        amendment.save()
    kept = Decision.objects.get()
    assert (kept.outcome, kept.pk, kept.rule_ids) == ("denied", denied.value.decision_id, ["AU-04"])
    assert AuditEvent.objects.get(decision_id=kept.pk).detail["outcome"] == "denied"
    assert not Amendment.objects.exists()
    assert denied.value.status == 403
    assert denied.value.blocking[0].remedy == "Say in a sentence why the manual should change."


@pytest.mark.django_db(transaction=True)
def test_a_denial_is_committed_although_the_door_raised(captain):
    with pytest.raises(PolicyDenied), policy.door(captain, "amendment.propose", proposal(captain)):
        pytest.fail("the block ran")
    connection.close()  # what was not committed is gone now
    assert Decision.objects.get().outcome == "denied"
    assert AuditEvent.objects.filter(action="amendment.propose", decision_id__isnull=False).count() == 1


def test_a_refusal_by_the_database_is_a_denial_and_takes_the_blocks_writes_back(captain):
    amendment = proposal(captain)
    with (
        pytest.raises(PolicyDenied, match="An amendment begins as a proposal") as denied,
        policy.door(captain, "amendment.propose", amendment, justification=REASON),
    ):
        amendment.save()
        proposal(captain, state="withdrawn", decided_by=captain, decided_at=timezone.now()).save()
    kept = Decision.objects.get()
    assert (kept.outcome, kept.pk) == ("denied", denied.value.decision_id)
    assert [verdict["rule_id"] for verdict in kept.verdicts] == ["AU-04"]
    assert not Amendment.objects.exists()
    assert [entry.detail["outcome"] for entry in conduct()] == ["denied"]


def test_a_constraint_named_after_a_rule_is_a_denial_in_the_constraints_words(chief):
    amendment = proposed(chief)
    with (
        pytest.raises(PolicyDenied, match="Who proposed an amendment cannot decide it"),
        policy.door(chief, "amendment.propose", amendment, justification=REASON),
    ):
        Amendment.objects.filter(pk=amendment.pk).update(state="approved", decided_by=chief, decided_at=timezone.now(),
                                                             decision_reason="Agreed.")  # fmt: skip
    assert Decision.objects.get(outcome="denied").rule_ids == ["AU-04"]
    amendment.refresh_from_db()
    assert amendment.state == "proposed"


def test_a_constraint_of_no_rule_stays_a_mistake_of_the_code(captain):
    taken = make_user(Role.INVESTIGATOR).username
    with (
        pytest.raises(IntegrityError),
        policy.door(captain, "amendment.propose", proposal(captain), justification=REASON),
    ):
        make_user(Role.INVESTIGATOR, username=taken)
    assert not Decision.objects.exists()


def test_another_error_in_the_block_takes_everything_back(captain):
    amendment = proposal(captain)
    with (
        pytest.raises(StaleState),
        policy.door(captain, "amendment.propose", amendment, justification=REASON),
    ):
        amendment.save()
        raise StaleState
    assert written() == (0, 0)
    assert not Amendment.objects.exists()


def test_reads_are_answered_and_recorded_too(captain):
    auditor = make_user(Role.AUDITOR)
    assert policy.authorize(auditor, "audit.verify").outcome == "allowed"
    with pytest.raises(PolicyDenied, match="AC-08"):
        policy.authorize(captain, "audit.verify")
    assert list(Decision.objects.values_list("actor", "outcome")) == [(captain.pk, "denied"), (auditor.pk, "allowed")]


@pytest.mark.parametrize("ask", [policy.explain, policy.allows, policy.authorize])
def test_an_unknown_action_raises(captain, ask):
    with pytest.raises(UnknownAction):
        ask(captain, "evidence.burn")
    assert written() == (0, 0)


def test_an_unknown_action_opens_no_door(captain):
    with pytest.raises(UnknownAction), policy.door(captain, "evidence.burn"):
        pytest.fail("the block ran")
    assert written() == (0, 0)


def test_ac_08_a_role_starts_what_the_table_names_for_it(captain):
    verdict = policy.explain(captain, "amendment.propose", proposal(captain))[0]
    assert (verdict.rule_id, verdict.blocks) == ("AC-08", False)


def test_ac_08_a_role_starts_nothing_else_and_is_told_who_may(captain):
    amendment = proposed(make_user(Role.INVESTIGATOR))
    with (
        pytest.raises(PolicyDenied, match="AC-08") as denied,
        policy.door(captain, "amendment.decide", amendment, justification=REASON),
    ):
        pytest.fail("the block ran")
    assert denied.value.blocking[0].remedy == "Ask a colleague who is a chief."
    assert Decision.objects.get(actor=captain).outcome == "denied"


@pytest.mark.parametrize("role", Role)
def test_ac_08_is_asked_of_every_action_and_answers_as_the_table_says(role):
    person, parameters = make_user(role), versions.in_force().parameters
    for action, allowed in ACTIONS.items():
        asked = [rule for rule in registry.rules_for(action) if rule.predicate is role_opens_action]
        assert len(asked) == 1, action
        (verdict,) = asked[0].ask(Context(person, action, None, parameters))
        assert verdict.blocks == (role not in allowed.roles), action


def test_ac_08_a_disabled_account_has_no_role(chief):
    type(chief).objects.filter(pk=chief.pk).update(is_active=False)
    disabled = type(chief).objects.get(pk=chief.pk)
    assert not any(disabled.may(action) for action in ACTIONS)
    with pytest.raises(PolicyDenied, match="AC-08"):
        policy.authorize(disabled, "amendment.propose", proposal(disabled), justification=REASON)


def test_a_door_within_another_transaction_is_a_mistake_of_the_code(captain):
    with (
        pytest.raises(RuntimeError),
        transaction.atomic(),
        policy.door(captain, "amendment.propose", proposal(captain), justification=REASON),
    ):
        pytest.fail("the block ran")


def test_rules_see_the_newest_state_of_a_saved_subject(captain, chief):
    amendment = proposed(captain)
    with transaction.atomic():
        allowed_on(chief, "amendment.decide", amendment)
        Amendment.objects.filter(pk=amendment.pk).update(state="rejected", decided_by=chief, decided_at=timezone.now(),
                                                             decision_reason="Not now.")  # fmt: skip
    assert amendment.state == "proposed"
    with (
        pytest.raises(PolicyDenied, match="decided already"),
        policy.door(chief, "amendment.decide", amendment, justification=REASON),
    ):
        pytest.fail("the block ran")


def test_a_decision_names_the_settings_its_rules_read(captain):
    context = Context(captain, "amendment.propose", None, {"match_score_min": 95, "corroboration_min": 1})
    assert context.parameter("match_score_min") == 95
    assert context.parameters_read == {"match_score_min": 95}
    with pytest.raises(KeyError):
        context.parameter("no_such_setting")


def test_a_ledgers_row_as_subject_is_locked_without_the_right_to_change_it(chief):
    version = ManualVersion.objects.get()
    with pytest.raises(PolicyDenied, match="AC-08"), policy.door(chief, "audit.verify", version):
        pytest.fail("the block ran")
    assert Decision.objects.get().subject_type == "policy.manualversion"


def test_a_decision_cannot_be_changed(captain):
    decision = policy.authorize(captain, "amendment.propose", proposal(captain), justification=REASON)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(outcome="denied")
    decision.refresh_from_db()
    assert decision.outcome == "allowed"
