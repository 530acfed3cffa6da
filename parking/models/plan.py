"""PlanRequest: somebody asks for a plan or a reduction; PaymentPlan: what was agreed, over which citations (PK-14)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.fixed import while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, refuse, unchanged
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.anchors import on_citation
from parking.models.citation import Citation
from parking.models.citation_guards import NO_ANSWER_ON_ONES_OWN, NO_PLAN_OF_ONES_OWN
from parking.models.citation_record import CitationHold
from parking.models.money_guards import GRANTED_WITH_IT, OWES_AS_SAID, PLAN_ENDS, REQUEST_ANSWERED

# The limits of the manual in force, for who is unable to pay (Vehicle Code 40220); the fee's holds for every plan.
WITHIN_THE_LIMITS = f"""
IF NEW.fee_cents > ecpd_parameter_number('plan_fee_max_dollars') * 100 THEN
    {refuse("PK-14", "The fee of a plan is over what the manual allows.")}
END IF;
IF NEW.unable_to_pay AND NEW.owed_cents - NEW.fee_cents <= ecpd_parameter_number('plan_debt_max_dollars') * 100
   AND (NEW.monthly_cents > ecpd_parameter_number('plan_monthly_max_dollars') * 100
        OR NEW.months > ecpd_parameter_int('plan_months_max')) THEN
    {refuse("PK-14", "The parts of a plan are over what the manual allows for who is unable to pay.")}
END IF;
"""

NOT_PAUSED = """IF NOT EXISTS (SELECT 1 FROM parking_citationhold h WHERE h.id = NEW.hold_id AND h.citation_id = NEW.citation_id
               AND h.kind = 'plan' AND h.released_at IS NULL) THEN"""
ONE_AT_A_TIME = f"""
IF EXISTS (SELECT 1 FROM parking_plancitation c JOIN parking_paymentplan p ON p.id = c.plan_id
           WHERE c.citation_id = NEW.citation_id AND c.plan_id <> NEW.plan_id AND p.state = 'running') THEN
    {refuse("PK-14", "A plan runs for this citation already.")}
END IF;
{NOT_PAUSED}
    {refuse("PK-14", "Collection of a citation is paused while its plan runs.")}
END IF;
"""
ASKED_FOR_THIS = f"""
{NOT_PAUSED}
    {refuse("PK-14", "Collection of a citation is paused until the request is answered.")}
END IF;
"""


class PlanRequest(Record):
    """What an owner asks for when paying is hard, at any time (Vehicle Code 40220)."""

    may_change = {"state": while_in("state", "open")}

    class Asked(models.TextChoices):
        """The two."""

        PLAN = "plan", "Pay in monthly parts"
        REDUCTION = "reduction", "Reduce or waive for hardship"

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Waits for an answer"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="plan_requests")
    asked = models.CharField(max_length=10, choices=Asked.choices)
    unable_to_pay = models.BooleanField("unable to pay at once", default=False)
    words = models.TextField(blank=True)
    name = models.CharField(max_length=120)
    address = models.TextField("mailing address")
    email = models.EmailField("e-mail", blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hold = models.OneToOneField(CitationHold, on_delete=models.PROTECT, related_name="plan_request")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_index=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    once = ("answered_by_id", "answered_at", "answer")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="pk_14_one_request", fields=["citation"], condition=Q(state="open"),
                violation_error_message="A request of this kind waits for its answer already.",
            ),
            models.CheckConstraint(
                name="pk_14_answered_with_reason",
                condition=Q(state="open") | (says("answer") & Q(answered_by__isnull=False)),
                violation_error_message="A request is answered with a reason.",
            ),
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers, on_citation(on=pgtrigger.Insert),
            guard("pk_14_asked_for_this", ASKED_FOR_THIS, on=pgtrigger.Insert),
            guard("pk_14_request_answered", REQUEST_ANSWERED, on=pgtrigger.Update),
            guard("pk_15_answered_by_another", NO_ANSWER_ON_ONES_OWN, on=pgtrigger.Update),
            at_commit("pk_14_granted_with_it", GRANTED_WITH_IT, on=pgtrigger.Update),
            unchanged("pk_14_request_fixed", ["citation_id", "asked", "unable_to_pay", "words", "name", "asked_at"],
                      "PK-14", "What somebody asked for is never rewritten."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_asked_display()}: {self.citation.number}"


class PaymentPlan(Record):
    """A plan: monthly parts, how many, the fee, from when. Its citations' late fees stop; it may be paid off early."""

    may_change = {"state": while_in("state", "running")}

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "running", "Running"
        PAID = "paid", "Paid off"
        ENDED = "ended", "Ended"

    name = models.CharField("who agreed", max_length=120)
    address = models.TextField("mailing address")
    unable_to_pay = models.BooleanField(default=False)
    owed_cents = models.PositiveIntegerField(help_text="With the fee, after late fees were waived.")
    monthly_cents = models.PositiveIntegerField()
    months = models.PositiveSmallIntegerField()
    fee_cents = models.PositiveIntegerField(default=0)
    first_due_on = models.DateField()
    reason = models.TextField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    once = ("ended_at", "ended_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="pk_14_parts_cover_what_is_owed",
                condition=Q(owed_cents__lte=models.F("monthly_cents") * models.F("months")),
                violation_error_message="The monthly parts cover what is owed.",
            ),
            models.CheckConstraint(
                name="pk_14_plan_ended_reason",
                condition=Q(state="running") | says("ended_reason"),
                violation_error_message="A plan ends with a reason.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("pk_14_plan_fixed",
                      ["owed_cents", "monthly_cents", "months", "fee_cents", "first_due_on", "unable_to_pay",
                       "granted_by_id", "granted_at"],
                      "PK-14", "What was agreed is never rewritten: end the plan and agree on another."),
            guard("pk_14_within_the_limits", WITHIN_THE_LIMITS, on=pgtrigger.Insert),
            guard("pk_14_plan_ends", PLAN_ENDS, on=pgtrigger.Update),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Plan {self.pk}: ${self.monthly_cents / 100:.2f} a month, {self.months} months"


class PlanCitation(Ledger):
    """A citation that a plan covers, what it owed then, and the hold that pauses its collection."""

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="citations")
    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="plans")
    owed_cents = models.PositiveIntegerField()
    hold = models.OneToOneField(CitationHold, on_delete=models.PROTECT, related_name="plan_citation")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="plan_citation_once", fields=["plan", "citation"])]
        triggers = [
            *Ledger.Meta.triggers,
            on_citation(on=pgtrigger.Insert),
            guard("pk_14_one_at_a_time", ONE_AT_A_TIME, on=pgtrigger.Insert),
            guard("pk_14_owes_as_said", OWES_AS_SAID, on=pgtrigger.Insert),
            guard("pk_15_planned_by_another", NO_PLAN_OF_ONES_OWN, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.citation} in {self.plan}"
