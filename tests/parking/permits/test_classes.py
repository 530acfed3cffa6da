"""PK-16: permit rules carry their resolution and never ask the kind of dwelling; as rule and in the database."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from parking import models
from parking.models import PermitTerms
from parking.selectors.permit_class import terms_in_force, terms_of
from parking.services import permit_class
from tests.parking.permits import making


def test_a_class_can_be_applied_for_once_it_has_rules_under_a_resolution(manager, area):
    added = permit_class.add_class(actor=manager, code="res-b", name="Residential permit B", kind="residential")
    assert terms_of("res-b") is None
    making.more_terms(added, manager, [area])
    assert terms_of("res-b").resolution == "Resolution 2026-12"


@pytest.mark.parametrize("change", [{"resolution": " "}, {"resolved_on": date(2026, 2, 1)}])
def test_rules_without_a_resolution_before_them_are_refused(manager, area, change):
    with pytest.raises(PolicyDenied, match="PK-16"):
        making.terms(manager, [area], **change)


@pytest.mark.parametrize("field", ["eligibility", "documents"])
def test_rules_that_ask_the_kind_of_dwelling_are_refused(manager, area, field):
    with pytest.raises(PolicyDenied, match="dwelling"):
        making.terms(manager, [area], **{field: "Single-family homes only"})


def test_no_field_of_an_application_or_its_rules_is_about_the_kind_of_dwelling():
    asked = {
        field.name
        for model in (models.PermitClass, models.PermitTerms, models.PermitApplication, models.Permit)
        for field in model._meta.get_fields()
    }
    assert not {name for name in asked if any(word in name for word in ("dwelling", "housing", "building", "home"))}


def test_an_officer_sets_no_prices(agency, area):
    with pytest.raises(PolicyDenied, match="AC-08"):
        making.terms(agency.officer, [area])


def test_newer_rules_count_from_their_day_and_old_permits_keep_theirs(manager, residential, area):
    permit = making.permit(residential, manager)
    newer = making.more_terms(residential.permit_class, manager, [area], prices=[9900], effective_on=date(2026, 2, 1))
    assert [each.pk for each in terms_in_force()] == [newer.pk]
    assert terms_in_force(date(2026, 1, 20))[0].pk == residential.pk
    permit.refresh_from_db()
    assert permit.terms == residential


def test_rules_that_would_be_valid_nowhere_are_refused(manager):
    with pytest.raises(StaleState, match="areas"):
        making.terms(manager, [])


def test_a_withdrawn_class_takes_no_application(manager, residential):
    permit_class.withdraw_class(permit_class=residential.permit_class, actor=manager, reason="The area was dissolved.")
    assert terms_in_force() == []
    with pytest.raises(StaleState):
        making.application(residential)


def test_the_database_holds_it_by_itself(residential, manager):
    row = {**making.TERMS, "permit_class": residential.permit_class, "entered_by": manager}
    for wrong, rule in (
        ({"resolution": " "}, "pk_16_permitterms_resolution_says"),
        ({"resolved_on": date(2026, 5, 1)}, "pk_16_permitterms_resolved_on_effective_on_order"),
        ({"eligibility": "No APARTMENTS."}, "pk_16_never_asks_dwelling"),
        ({"documents": "Deed of a single family house"}, "pk_16_never_asks_dwelling"),
        ({"prices": []}, "permit_terms_whole"),
    ):
        made = PermitTerms(**row | wrong)
        with pytest.raises(DatabaseError, match=rule), transaction.atomic():
            PermitTerms.objects.bulk_create([made])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE parking_permitterms SET prices = '{1}'")
    with pytest.raises(DatabaseError), transaction.atomic():
        residential.delete()
