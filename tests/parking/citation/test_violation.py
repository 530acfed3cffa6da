"""PK-16: what a violation costs stands on a resolution, from a day on."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from parking.models import Violation, ViolationAmount
from parking.selectors.violation import amount_on, violations_in_force
from parking.services.violation import add_violation, set_amount, withdraw_violation
from parking.services.violation_seed import TABLE, seed_violations

TODAY = timezone.localdate
TERMS = {
    "amount_cents": 6000,
    "late_fee_cents": 3000,
    "resolution": "Resolution 2026-77",
    "resolved_on": date(2026, 1, 6),
}


def test_a_new_amount_counts_from_its_day_on_and_the_old_one_before(table, people):
    begins = TODAY() + timedelta(days=10)
    set_amount(violation=table["overtime"], actor=people.manager, effective_on=begins, **TERMS)
    amounts = [amount_on(table["overtime"], day).amount_cents for day in (TODAY(), begins)]
    assert amounts == [4800, 6000]
    assert amount_on(table["overtime"], date(2025, 1, 1)) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"resolution": " "}, "names no resolution"),
        ({"resolved_on": date(2099, 1, 1)}, "before it was resolved"),
        ({"effective_on": date(2026, 2, 1)}, "days in the past"),
    ],
)
def test_an_amount_without_its_resolution_or_reaching_back_is_refused(table, people, changes, says):
    with pytest.raises(PolicyDenied, match=says):
        set_amount(violation=table["overtime"], actor=people.manager, **{"effective_on": TODAY()} | TERMS | changes)


@pytest.mark.parametrize(("dollars", "allowed"), [(249, False), (250, True), (1000, True), (1001, False)])
def test_spaces_of_people_with_disabilities_have_the_laws_range(table, people, dollars, allowed):
    terms = TERMS | {"amount_cents": dollars * 100, "effective_on": TODAY()}
    if allowed:
        assert set_amount(violation=table["disabled"], actor=people.manager, **terms).pk
    else:
        with pytest.raises(PolicyDenied, match=r"40203\.5"):
            set_amount(violation=table["disabled"], actor=people.manager, **terms)
        with pytest.raises(IntegrityError, match="PK-16"), transaction.atomic():
            ViolationAmount.objects.bulk_create(
                [ViolationAmount(violation=table["disabled"], entered_by=people.manager, **terms)]
            )


def test_the_database_itself_refuses_an_amount_without_a_resolution(table, people):
    terms = TERMS | {"resolution": "", "effective_on": TODAY()}
    with pytest.raises(IntegrityError, match="pk_16_amount_on_a_resolution"), transaction.atomic():
        ViolationAmount.objects.create(violation=table["overtime"], entered_by=people.manager, **terms)


def test_the_database_itself_refuses_another_section_for_a_violation(table):
    with pytest.raises(IntegrityError, match="PK-16"), transaction.atomic():
        Violation.objects.filter(code="overtime").update(section="Vehicle Code 1")


def test_nobody_but_a_manager_changes_the_table(people):
    with pytest.raises(PolicyDenied, match="AC-08"):
        add_violation(actor=people.officer, code="x", section="Vehicle Code 1", title="X")


def test_a_withdrawn_violation_is_offered_no_more(table, people):
    withdraw_violation(violation=table["hydrant"], actor=people.manager, reason="Cited under another section now.")
    assert "hydrant" not in set(violations_in_force(TODAY()).values_list("code", flat=True))


def test_the_demonstrations_table_is_added_once(people):
    assert seed_violations(actor=people.manager) == len(TABLE)
    assert seed_violations(actor=people.manager) == 0
    offered = {violation.code: violation.cents for violation in violations_in_force(TODAY())}
    assert offered["disabled"] == 35_000
    assert {"overtime", "no-stopping", "street-cleaning", "daylighting", "seventy-two-hours"} <= set(offered)
