"""AU-04: the manual changes by an amendment that one person proposes and the chief approves; nothing else changes it."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy import dashboard, engine, services, versions
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.manual import PARAMETERS
from ecpd.policy.models import Amendment, Decision, ManualVersion
from ecpd.problem import StaleState
from tests.factories.leads import allowed_on
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
REASON = "Three leads between 95 and 97 turned out to be wrong."


def propose(actor, **fields) -> Amendment:
    """A proposal through the door: 97 from today unless said otherwise."""
    facts = {"changes": {"match_score_min": 97}, "reason": REASON, "effective_on": timezone.localdate()}
    return services.propose_amendment(actor=actor, **(facts | fields))


def in_the_database(name: str):
    """The value that triggers read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ecpd_parameter(%s)", [name])
        return json.loads(cursor.fetchone()[0])


def refused(words: str = "AU-04|au_04"):
    """PostgreSQL refuses, naming the rule; the transaction goes on."""
    return pytest.raises(IntegrityError, match=words)


def test_every_setting_has_its_value_in_the_engine_and_in_the_database():
    for name, parameter in PARAMETERS.items():
        assert engine.parameter(name) == in_the_database(name) == parameter.default


def test_a_setting_the_manual_does_not_know_has_no_value():
    with pytest.raises(KeyError):
        engine.parameter("no_such_setting")
    with refused("no setting named no_such_setting"), transaction.atomic():
        in_the_database("no_such_setting")


def test_a_proposal_changes_nothing(captain):
    assert propose(captain).state == "proposed"
    assert engine.parameter("match_score_min") == in_the_database("match_score_min") == 95
    assert ManualVersion.objects.count() == 1


def test_a_proposal_waits_on_the_page_of_a_chief_who_did_not_propose_it(captain, chief):
    made, own = propose(captain), propose(chief, changes={"match_score_min": 96})
    assert [item.url for item in dashboard.amendments(chief)] == [f"/policy/amendments/{made.pk}/"]
    assert dashboard.amendments(captain) == []
    assert [item.url for item in dashboard.amendments(make_user(Role.CHIEF))] == [
        f"/policy/amendments/{one.pk}/" for one in (made, own)
    ]


def test_an_approved_amendment_is_in_force_in_the_engine_and_in_the_database(captain, chief):
    amendment = propose(captain)
    version = services.approve_amendment(amendment=amendment, actor=chief, reason="The figures convince me.")
    assert engine.parameter("match_score_min") == in_the_database("match_score_min") == 97
    assert (version.number, version.amendment) == ("1.1", amendment)
    assert versions.in_force() == version
    assert (amendment.state, amendment.decided_by) == ("approved", chief)
    assert list(Decision.objects.values_list("action", "outcome").order_by("id")) == [
        ("amendment.propose", "allowed"),
        ("amendment.decide", "allowed"),
    ]


def test_an_approved_amendment_waits_for_its_day(captain, chief):
    tomorrow = timezone.localdate() + timedelta(days=1)
    amendment = propose(captain, effective_on=tomorrow)
    version = services.approve_amendment(amendment=amendment, actor=chief, reason="From tomorrow.")
    assert timezone.localtime(version.effective_from).date() == tomorrow
    assert not version.is_in_force
    assert engine.parameter("match_score_min") == in_the_database("match_score_min") == 95


def test_a_decision_names_the_version_it_was_made_under(captain, chief):
    old = versions.in_force()
    new = services.approve_amendment(amendment=propose(captain), actor=chief, reason="The figures convince me.")
    propose(captain, changes={"corroboration_min": 2})
    assert list(Decision.objects.order_by("id").values_list("manual_version", flat=True)) == [old.pk, old.pk, new.pk]


def test_a_rejected_amendment_changes_nothing_and_keeps_its_reason(captain, chief):
    amendment = services.reject_amendment(amendment=propose(captain), actor=chief, reason="Too few leads to tell.")
    assert (amendment.state, amendment.decision_reason) == ("rejected", "Too few leads to tell.")
    assert engine.parameter("match_score_min") == in_the_database("match_score_min") == 95


@pytest.mark.parametrize("decide", [services.approve_amendment, services.reject_amendment])
def test_nobody_decides_their_own_proposal(chief, decide):
    amendment = propose(chief)
    with pytest.raises(PolicyDenied, match=r"You proposed this amendment\. \(AU-04\)"):
        decide(amendment=amendment, actor=chief, reason="I agree with myself.")
    amendment.refresh_from_db()
    assert amendment.state == "proposed"
    assert Decision.objects.first().outcome == "denied"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CHIEF])
def test_only_the_chief_decides(captain, role):
    amendment = propose(captain)
    with pytest.raises(PolicyDenied, match="AC-08"):
        services.approve_amendment(amendment=amendment, actor=make_user(role), reason="The figures convince me.")
    assert engine.parameter("match_score_min") == 95


def test_an_amendment_is_decided_once(captain, chief):
    amendment = propose(captain)
    services.reject_amendment(amendment=amendment, actor=chief, reason="Too few leads to tell.")
    with pytest.raises(PolicyDenied, match="decided already"):
        services.approve_amendment(amendment=amendment, actor=make_user(Role.CHIEF), reason="I see it otherwise.")
    assert ManualVersion.objects.count() == 1


def test_a_proposal_without_a_reason_is_denied(captain):
    with pytest.raises(PolicyDenied, match="AU-04"):
        propose(captain, reason="Because.")
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.PARKING_OFFICER, Role.DRONE_PILOT])
def test_who_has_no_part_in_the_manual_proposes_nothing(role):
    with pytest.raises(PolicyDenied, match="AC-08"):
        propose(make_user(role))
    assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "at least one setting"),
        ({"no_such_setting": 1}, "no setting named no_such_setting"),
        ({"match_score_min": 95}, "is 95 already"),
        ({"match_score_min": 49.9}, "from 50 to 100"),
        ({"match_score_min": 100.1}, "from 50 to 100"),
        ({"match_score_min": "97"}, "Enter a number"),
        ({"match_score_min": True}, "Enter a number"),
        ({"match_score_min": float("nan")}, "from 50 to 100"),
        ({"match_score_min": None}, "Enter a number"),
        ({"corroboration_min": 0}, "from 1 to 10"),
        ({"corroboration_min": 1.5}, "Enter a whole number"),
        ({"lineup_counts_alone": "yes"}, "Answer yes or no"),
        ({"lineup_counts_alone": 1}, "Answer yes or no"),
        ({"fr_offence_classes": []}, "Choose one or more"),
        ({"fr_offence_classes": ["person", "person"]}, "Choose one or more"),
        ({"fr_offence_classes": ["person", "not_a_crime"]}, "Choose one or more"),
        ({"fr_offence_classes": "person"}, "Choose one or more"),
        ({"match_score_min": 97, "corroboration_min": 0}, "from 1 to 10"),
    ],
)
def test_a_bad_value_is_refused(captain, changes, words):
    with pytest.raises(ValidationError, match=words):
        propose(captain, changes=changes)
    assert not Amendment.objects.exists()


def test_an_amendment_takes_no_effect_in_the_past(captain):
    with pytest.raises(ValidationError, match="in the past"):
        propose(captain, effective_on=timezone.localdate() - timedelta(days=1))


def test_who_proposed_withdraws(captain, chief):
    amendment = services.withdraw_amendment(amendment=propose(captain), actor=captain, reason="I misread the figures.")
    assert amendment.state == "withdrawn"
    with pytest.raises(PolicyDenied, match="decided already"):
        services.approve_amendment(amendment=amendment, actor=chief, reason="The figures convince me.")


def test_nobody_else_withdraws(captain):
    amendment = propose(captain)
    with pytest.raises(StaleState):
        services.withdraw_amendment(amendment=amendment, actor=make_user(Role.CAPTAIN), reason="I don't like this one.")
    amendment.refresh_from_db()
    assert amendment.state == "proposed"


def decided(by) -> dict:
    """The columns of an approval that no service made."""
    return {"state": "approved", "decided_by": by, "decided_at": timezone.now(), "decision_reason": "Agreed."}


def by_hand(amendment: Amendment, chief, **changes) -> int:
    """The chief's approval past the service, with the decision."""
    with transaction.atomic():
        allowed_on(chief, "amendment.decide", amendment)
        return Amendment.objects.filter(pk=amendment.pk).update(**decided(chief) | changes)


def row(proposer, **fields) -> Amendment:
    """A proposal that no service made."""
    facts = {"changes": {"match_score_min": 50}, "reason": REASON, "effective_on": timezone.localdate()}
    return Amendment(**(facts | {"proposed_by": proposer} | fields))


def test_the_database_lets_only_the_chief_approve(captain):
    amendment = propose(captain)
    with refused("Only the chief"), transaction.atomic():
        Amendment.objects.filter(pk=amendment.pk).update(**decided(make_user(Role.CAPTAIN)))
    with refused("Only the chief"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE policy_amendment SET state = 'approved', decided_by_id = %s, decided_at = now(), "
            "decision_reason = 'Agreed.' WHERE id = %s",
            [captain.pk, amendment.pk],
        )


def test_the_database_lets_no_disabled_chief_approve(captain, chief):
    amendment = propose(captain)
    type(chief).objects.filter(pk=chief.pk).update(is_active=False)
    with refused("Only the chief"):
        Amendment.objects.filter(pk=amendment.pk).update(**decided(chief))


def test_the_database_lets_nobody_approve_their_own_proposal(chief):
    amendment = propose(chief)
    with refused("au_04_two_people"):
        Amendment.objects.filter(pk=amendment.pk).update(**decided(chief))


def test_the_database_takes_no_approval_without_a_name(captain):
    amendment = propose(captain)
    with refused():
        Amendment.objects.filter(pk=amendment.pk).update(state="approved")


def test_the_database_takes_no_amendment_that_is_born_approved(captain, chief):
    with refused("begins as a proposal"):
        Amendment.objects.bulk_create([row(captain, **decided(chief))])


@pytest.mark.parametrize(
    "changes",
    [{"changes": {"match_score_min": 50}}, {"reason": "Another reason altogether."}, {"effective_on": "2030-01-01"}],
)
def test_the_database_lets_no_proposal_be_rewritten(captain, changes):
    amendment = propose(captain)
    with refused("cannot be rewritten"):
        Amendment.objects.filter(pk=amendment.pk).update(**changes)


def test_the_database_lets_no_proposal_change_its_author(captain, chief):
    amendment = propose(chief)
    with refused("cannot be rewritten"):
        Amendment.objects.filter(pk=amendment.pk).update(proposed_by=captain)


def test_the_database_keeps_a_decided_amendment_as_it_is(captain, chief):
    amendment = services.reject_amendment(amendment=propose(captain), actor=chief, reason="Too few leads to tell.")
    with refused("A decided amendment cannot be changed"):
        Amendment.objects.filter(pk=amendment.pk).update(state="approved")


def version_row(**fields) -> ManualVersion:
    """A version that no service made: like the one in force, with a lower bar."""
    parameters = versions.in_force().parameters | {"match_score_min": 50}
    facts = {"serial": 1, "number": "1.1", "effective_from": timezone.now(), "parameters": parameters}
    return ManualVersion(**(facts | fields))


def test_the_database_takes_no_version_without_an_amendment():
    with refused("only by an amendment"), transaction.atomic():
        version_row().save()
    with refused("only by an amendment"), transaction.atomic():
        ManualVersion.objects.bulk_create([version_row()])
    with refused("only by an amendment"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO policy_manualversion (serial, number, effective_from, parameters, created_at) "
            "SELECT 1, '1.1', now(), parameters || '{\"match_score_min\": 50}', now() FROM policy_manualversion"
        )
    assert engine.parameter("match_score_min") == in_the_database("match_score_min") == 95


def test_the_database_takes_no_version_that_drops_a_setting():
    parameters = dict(versions.in_force().parameters)
    del parameters["corroboration_min"]
    with refused("only by an amendment"):
        version_row(parameters=parameters).save()


def _lists(classes: list[str]) -> list[list[str]]:
    """The list longer, shorter, with one entry twice, and in another order."""
    return [[*classes, "society"], classes[:1], [*classes, classes[0]], classes[::-1], []]


@pytest.mark.parametrize("which", range(5), ids=["longer", "shorter", "twice", "reordered", "empty"])
def test_the_database_lets_no_list_of_the_manual_change_without_an_amendment(which):
    parameters = versions.in_force().parameters
    changed = parameters | {"fr_offence_classes": _lists(parameters["fr_offence_classes"])[which]}
    with refused("only by an amendment"):
        version_row(parameters=changed).save()


@pytest.mark.parametrize("parameters", [{}, [], "all", 1], ids=str)
def test_the_database_takes_no_version_whose_settings_are_something_else(parameters):
    with refused("only by an amendment"):
        version_row(parameters=parameters).save()


def test_the_database_takes_no_version_of_a_proposal_that_still_waits(captain):
    with refused("an approved amendment and nothing else"):
        version_row(amendment=propose(captain)).save()


def test_the_database_takes_no_version_with_more_than_its_amendment(captain, chief):
    amendment = propose(captain)
    with transaction.atomic():
        by_hand(amendment, chief)
    parameters = versions.in_force().parameters | {"match_score_min": 97, "corroboration_min": 2}
    with refused("an approved amendment and nothing else"):
        version_row(amendment=amendment, parameters=parameters).save()


def test_the_application_changes_no_version():
    with pytest.raises(ProgrammingError, match="permission denied"):
        ManualVersion.objects.update(parameters={})


def test_the_database_takes_no_settings_that_nobody_approved():
    with refused("only by an amendment"):
        version_row(parameters=versions.in_force().parameters | {"brand_new": 1}).save()


def test_seeding_again_makes_no_version():
    versions.seed()
    assert list(ManualVersion.objects.values_list("number", flat=True)) == ["1.0"]
