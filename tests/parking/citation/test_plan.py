"""PK-14: plans and reductions at any time, within the limits for who is unable to pay."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from parking.models import LedgerEntry, PaymentPlan
from parking.selectors.citation import citation_in_full, citations
from parking.selectors.ledger import balance
from parking.selectors.plan import due_so_far, paid_on
from parking.services import ledger, plan
from tests.parking.citation.conftest import as_owner

TERMS = {"name": "Rosa Quill", "address": "12 Elm Street", "monthly_cents": 2500, "months": 3, "unable_to_pay": True,
         "reason": "Lives on disability benefits."}  # fmt: skip


@pytest.fixture
def grant(people):
    """Grants a plan; keywords override its terms."""

    def agree(*covered, **changes):
        first = timezone.localdate() + timedelta(days=30)
        return plan.grant_plan(citations=list(covered), actor=people.manager, first_due_on=first, **TERMS | changes)

    return agree


def late_fee(citation):
    """Charged after a notice and its days (PK-12), which are not what is tried here."""
    with as_owner():
        LedgerEntry.objects.create(citation=citation, kind="late_fee", amount_cents=2400, on=timezone.localdate())


def test_a_plan_waives_late_fees_adds_its_fee_and_pauses_collection(citation, grant):
    late_fee(citation)
    agreed = grant(citation, fee_cents=500)
    assert (agreed.owed_cents, balance(citation)) == (5300, 5300)
    assert citations().get(pk=citation.pk).standing == "plan"
    assert agreed.notice.kind == "plan"


def test_a_plan_covers_several_citations(citation, issue, grant):
    agreed = grant(citation, issue(), months=4)
    assert agreed.owed_cents == 9600
    assert agreed.citations.count() == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"monthly_cents": 2600}, "A month may cost"),
        ({"months": 25}, "24 months"),
        ({"fee_cents": 600}, "The fee is over"),
    ],
)
def test_who_is_unable_to_pay_is_asked_for_no_more_than_the_limits(citation, grant, changes, says):
    with pytest.raises(PolicyDenied, match=says):
        grant(citation, **changes)
    assert balance(citation) == 4800


def test_who_is_able_to_pay_agrees_freely_but_for_the_fee(citation, issue, grant):
    with pytest.raises(PolicyDenied, match="The fee is over"):
        grant(issue(), unable_to_pay=False, monthly_cents=4800, months=2, fee_cents=600)
    assert grant(citation, unable_to_pay=False, monthly_cents=4800, months=1).pk


def test_parts_that_do_not_cover_what_is_owed_are_refused(citation, grant):
    with pytest.raises(ValidationError, match="cover what is owed"):
        grant(citation, monthly_cents=1000, months=4)


def test_one_plan_a_citation(citation, grant):
    grant(citation)
    with pytest.raises(StaleState, match="runs for one"):
        grant(citation)


def test_a_plan_that_is_paid_off_early_closes_itself(citation, grant, people):
    agreed = grant(citation)
    ledger.record_payment(citation=citation, actor=people.manager, cents=4800, on=timezone.localdate())
    agreed.refresh_from_db()
    assert agreed.state == PaymentPlan.State.PAID
    assert citations().get(pk=citation.pk).standing == "paid"


def test_what_is_paid_on_a_plan_counts_every_citation_of_it_and_nothing_from_before(citation, issue, grant, people):
    other, today = issue(), timezone.localdate()
    ledger.record_payment(citation=citation, actor=people.manager, cents=300, on=today)
    agreed = grant(citation, other, months=4)
    for one, cents in ((citation, 1000), (citation, 500), (other, 700)):
        ledger.record_payment(citation=one, actor=people.manager, cents=cents, on=today)
    shown = [row.paid_cents for one in (citation, other) for row in citation_in_full(pk=one.pk).plans.all()]
    assert shown == [paid_on(agreed)] * 2 == [2200, 2200]


def test_an_ended_plan_resumes_collection(citation, grant, people):
    plan.end_plan(plan=grant(citation), actor=people.manager, reason="Asked to end it.")
    assert citations().get(pk=citation.pk).standing == "open"


def test_what_is_due_grows_by_a_part_each_month_up_to_what_is_owed(citation, grant):
    agreed = grant(citation)
    due = [due_so_far(agreed, agreed.first_due_on + timedelta(days=days)) for days in (-1, 0, 31, 400)]
    assert due == [0, 2500, 4800, 4800]


def test_a_reduction_for_hardship_is_an_entry_with_its_reason(citation, people):
    entry = plan.grant_reduction(citation=citation, actor=people.manager, cents=4800, reason="No home at present.")
    assert (balance(citation), entry.reason) == (0, "No home at present.")
    with pytest.raises(StaleState, match="more than is owed"):
        plan.grant_reduction(citation=citation, actor=people.manager, cents=1, reason="No home at present.")


def test_asking_pauses_collection_and_the_answer_resumes_it(citation, people):
    request = plan.ask_for_plan(citation=citation, asked="plan", name="Rosa Quill", address="12 Elm Street")
    assert citations().get(pk=citation.pk).standing == "paused"
    with pytest.raises(StaleState, match="waits for its answer"):
        plan.ask_for_plan(citation=citation, asked="plan", name="Rosa Quill", address="12 Elm Street")
    with pytest.raises(PolicyDenied, match="PK-14"):
        plan.decline_request(request=request, actor=people.manager, reason="")
    plan.decline_request(request=request, actor=people.manager, reason="Withdrawn by phone.")
    assert citations().get(pk=citation.pk).standing == "open"


def test_nobody_but_a_manager_grants(citation, people):
    with pytest.raises(PolicyDenied, match="AC-08"):
        plan.grant_reduction(citation=citation, actor=people.officer, cents=1, reason="No home at present.")
