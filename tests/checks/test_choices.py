"""Every choice field takes what it offers and nothing else, in the database as in Python."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import RequestFactory
from django.test.utils import isolate_apps

from ecpd.accounts.roles import Role
from ecpd.checks import names
from ecpd.checks.derive import derived_from, is_listed_by_hand
from ecpd.policy import engine as policy
from ecpd.policy.constraints import problem_of
from ecpd.policy.manual import RULES
from ecpd.web.middleware import ProblemMiddleware
from leads.models import ImportBatch
from parking.models import Device
from tests.checks.catalog import fields_of_ours, label, refusing
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
CHOICES = [pair for pair in fields_of_ours() if pair[1].choices]


def _offered(field) -> list:
    return [value for value, _ in field.flatchoices]


def _never_offered(field) -> list:
    if isinstance(field, models.IntegerField):
        return [0, 99]
    first = _offered(field)[0]
    return ["zzz", "", first.upper() if first.islower() else first.lower(), f"{first} "][
        : None if not field.blank else 1
    ]


@pytest.mark.parametrize("pair", CHOICES, ids=map(label, CHOICES))
def test_a_choice_takes_what_it_offers(pair):
    refused = {value: refusing(*pair, value) for value in _offered(pair[1])}
    if not is_listed_by_hand(*pair):  # a rule of its own may take fewer than the screen explains
        assert not any(refused.values())
    assert set() in refused.values()


@pytest.mark.parametrize("pair", CHOICES, ids=map(label, CHOICES))
def test_a_choice_refuses_everything_else_to_the_letter(pair):
    taken = [value for value in _never_offered(pair[1]) if not refusing(*pair, value)]
    assert taken == []


def test_names_are_whole_single_and_of_rules_that_the_database_enforces():
    made = [check.name for model in apps.get_models() for check in derived_from(model)]
    assert len(made) == len(set(made)) > 50
    assert all(len(name) <= names.LONGEST for name in made)
    assert [rule for rule in set(names.RULES.values()) if not RULES[rule].database] == []


def test_what_a_rule_is_said_to_stand_on_is_a_model_or_a_field():
    for said in names.RULES:
        app, model, *field = said.split(".")
        found = apps.get_model(app, model)
        assert not field or found._meta.get_field(field[0])


@isolate_apps("parking")
def test_a_new_model_has_its_checks_without_anybody_writing_them():
    kind = models.CharField(max_length=3, choices=[("one", "One"), ("two", "Two")])
    made = type("Newcomer", (models.Model,), {"__module__": "parking.models", "kind": kind,
                                             "Meta": type("Meta", (), {"app_label": "parking"})})  # fmt: skip
    assert [check.name for check in made._meta.constraints] == ["value_parking_newcomer_kind_listed"]
    assert made._meta.original_attrs["constraints"] == made._meta.constraints
    with pytest.raises(ValidationError, match="choose one of the answers"):
        made(kind="six").validate_constraints()


def test_asking_in_python_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        ImportBatch(label="A folder", state="queued").validate_constraints()
        with pytest.raises(ValidationError) as refused:
            ImportBatch(label="A folder", state="Queued").validate_constraints()
    assert refused.value.message_dict == {"state": ["“State”: choose one of the answers that are offered."]}


def _device(**changes) -> Device:
    return Device(name="P-1", **changes)


def test_inside_the_door_a_value_that_is_not_offered_is_a_mistake_with_a_sentence(db):
    manager = make_user(Role.PARKING_MANAGER)
    with pytest.raises(ValidationError, match="choose one of the answers"), policy.door(manager, "device.manage"):
        _device(format="horoscope", registered_by=manager).save()


def test_outside_any_door_it_is_a_page_that_says_so(db):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        _device(format="horoscope", registered_by=make_user(Role.PARKING_MANAGER)).save()
    problem = problem_of(refused.value)
    assert (problem.status, problem.message) == (422, "“Format”: choose one of the answers that are offered.")
    request = RequestFactory().get("/")
    page = ProblemMiddleware(lambda request: None).process_exception(request, refused.value)
    assert page.status_code == 422
    assert "choose one of the answers" in page.content.decode()


def test_an_error_that_no_check_raised_stays_a_bug(db):
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        make_user(Role.AUDITOR, username="same")
        make_user(Role.AUDITOR, username="same")
    assert problem_of(twice.value) is None
