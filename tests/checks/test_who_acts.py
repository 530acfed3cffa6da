"""AU-03: nobody acts in another's name. Each column of a person is somebody's act with its decision, or says why not."""

from collections import Counter

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.checks.acts import DECISIONS
from ecpd.checks.behind import A_STEP, WHO_ACTS
from ecpd.checks.deeds import NOT_AN_ACT, PEOPLE, STEPS
from leads.models import Lead, WarrantDecision
from tests.factories import leads as make
from tests.factories.leads import allowed_on
from tests.factories.people import make_user


def people() -> set[str]:
    """Each column of a record or ledger that names an account."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if hasattr(model, "append_only") and not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model is User
    }


def held_with_its_decision() -> set[str]:
    """Those that the guard of a decision's own column compares."""
    named = {(key.rpartition(".")[0], one.by) for key, one in DECISIONS.items()}
    return {name for name in people() if (name.rpartition(".")[0], f"{name.rpartition('.')[2]}_id") in named}


def test_every_person_that_a_row_names_has_one_answer():
    told = [*PEOPLE, *(name for names in NOT_AN_ACT.values() for name in names)]
    answers = Counter([*told, *(held_with_its_decision() - set(PEOPLE))])
    assert sorted(people() - set(answers)) == []
    assert sorted(set(answers) - people()) == []
    assert [name for name, times in answers.items() if times > 1] == []


def refused(sentence: str):
    return pytest.raises(IntegrityError, match=sentence.replace("(", r"\(").replace(")", r"\)"))


def approval(application, captain):
    """An approval that every rule allows, but for whose decision it is."""
    return WarrantDecision(application=application, captain=captain, outcome="approve", reasons="The lift agrees.",
                           read_packet=True, packet_reading=make.opened(application, captain))  # fmt: skip


@pytest.mark.django_db
def test_an_approval_needs_the_captains_own_decision_on_this_application():
    people = make.agency()
    application = make.applied_for(people)
    row = approval(application, people.marsh)
    said = WHO_ACTS.format("captain_id")
    with refused(said), transaction.atomic():
        row.save(force_insert=True)
    for another in (
        lambda: allowed_on(make_user(Role.CAPTAIN), "warrant.approve", application),  # somebody else's
        lambda: allowed_on(people.marsh, "warrant.deny", application),  # on another act
        lambda: allowed_on(people.marsh, "warrant.approve", application.lead),  # about another thing
    ):
        with refused(said), transaction.atomic():
            another()
            row.save(force_insert=True)
    with pytest.raises(IntegrityError) as reached, transaction.atomic():
        allowed_on(people.marsh, "warrant.approve", application)
        row.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert "FR-13: What captains decided is carried out" in str(reached.value)  # the next guard: it got past this one


@pytest.mark.django_db
def test_a_lead_is_not_cleared_in_another_name():
    people = make.agency()
    made = make.made_lead(people)
    cleared = {"state": "cleared", "cleared_at": timezone.now(), "cleared_reason": "He was in another town."}
    with refused(WHO_ACTS.format("cleared_by_id")), transaction.atomic():
        allowed_on(people.okafor, "lead.clear", made)
        Lead.objects.filter(pk=made.pk).update(cleared_by=people.raman, **cleared)
    with transaction.atomic():
        allowed_on(people.raman, "lead.clear", made)
        assert Lead.objects.filter(pk=made.pk).update(cleared_by=people.raman, **cleared) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("column", "changes"),
    {"sealed": {"sealed": True, "sealed_reason": "An order"}, "status": {"status": "suspended"}}.items(),
)
def test_a_case_is_not_sealed_or_closed_without_a_decision(column, changes):
    case = make.agency().case
    with refused(A_STEP.format(column)), transaction.atomic():
        type(case).objects.filter(pk=case.pk).update(**changes)


def test_every_step_is_of_a_column():
    models = {model._meta.label: model for model in apps.get_models()}
    for name in (*PEOPLE, *STEPS):
        models[name.rpartition(".")[0]]._meta.get_field(name.rpartition(".")[2])
