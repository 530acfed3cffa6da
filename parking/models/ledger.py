"""LedgerEntry: every cent of a citation, written once; PaymentImport: a processor's file that was taken in."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger, at_commit, guard, refuse
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.anchors import on_citation
from parking.models.citation import NOTHING_RUNS, Citation
from parking.models.citation_guards import NO_REDUCTION_OF_ONES_OWN
from parking.models.money_guards import ADDS_UP, COMES_WITH_IT, WORTH_ITS_SOURCE

HOLDS_TOGETHER = f"""
SELECT coalesce(sum(e.amount_cents), 0),
       coalesce(sum(e.amount_cents) FILTER (WHERE e.kind NOT IN ('payment', 'refund')), 0)
    INTO balance, charged FROM parking_ledgerentry e WHERE e.citation_id = NEW.citation_id;
IF NEW.kind = 'late_fee' AND (
{NOTHING_RUNS}
    OR balance <= 0) THEN
    {refuse("PK-12", "No late fee while collection is paused, a contest is open, or nothing is owed.")}
END IF;
IF NEW.kind = 'late_fee' AND NOT EXISTS (
        SELECT 1 FROM parking_citationnotice n JOIN parking_noticemailing m ON m.notice_id = n.id
        WHERE n.citation_id = NEW.citation_id AND n.kind = 'delinquent'
          AND m.on + ecpd_parameter_int('late_fee_days_after_delinquent')
              < (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date) THEN
    {refuse("PK-12", "A late fee follows the delinquent notice after all the days of the manual.")}
END IF;
IF NEW.kind = 'refund' AND NEW.amount_cents > -balance THEN
    {refuse("PK-15", "No more is refunded than was paid beyond what is owed.")}
END IF;
IF NEW.kind IN ('reduction', 'void') AND charged + NEW.amount_cents < 0 THEN
    {refuse("PK-15", "No more is taken off than was charged.")}
END IF;
IF NEW.kind = 'payment' AND NEW.amount_cents > 0 AND NOT EXISTS (
        SELECT 1 FROM parking_ledgerentry o WHERE o.id = NEW.reverses_id AND o.citation_id = NEW.citation_id
        AND o.kind = 'payment' AND o.amount_cents = -NEW.amount_cents) THEN
    {refuse("PK-15", "A payment is taken back whole, by an entry that names it.")}
END IF;
IF NEW.moved_from_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM parking_ledgerentry o JOIN parking_ledgerentry r ON r.reverses_id = o.id
        WHERE o.id = NEW.moved_from_id AND o.citation_id <> NEW.citation_id AND o.kind = 'payment'
          AND o.amount_cents = NEW.amount_cents) THEN
    {refuse("PK-15", "A payment is moved by a pair of entries of the same amount.")}
END IF;
"""


class PaymentImport(Ledger):
    """A processor's file: what was taken, what was known already, what was refused and why."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    taken = models.PositiveIntegerField()
    known = models.PositiveIntegerField(help_text="Lines whose reference was entered before.")
    cents = models.IntegerField(help_text="Sum of what was taken.")
    rejected = JSONField(
        shape={"each": {"keys": {"line": "n", "reference": "s", "reason": "s"}}},
        default=list,
        help_text="Line, reference, reason.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name = "file of payments"
        verbose_name_plural = "files of payments"
        triggers = [*Ledger.Meta.triggers, at_commit("pk_15_file_adds_up", ADDS_UP, on=pgtrigger.Insert)]

    def __str__(self) -> str:
        return self.file_name


class LedgerEntry(Ledger):
    """One entry: positive cents are owed, negative cents lower what is owed. The balance is their sum."""

    class Kind(models.TextChoices):
        """What it is."""

        PENALTY = "penalty", "Penalty"
        LATE_FEE = "late_fee", "Late fee"
        PLAN_FEE = "plan_fee", "Plan fee"
        PAYMENT = "payment", "Payment"
        REFUND = "refund", "Refund"
        REDUCTION = "reduction", "Reduction"
        VOID = "void", "Canceled"

    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_cents = models.IntegerField()
    on = models.DateField("date")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: the nightly run.",
    )  # fmt: skip
    reason = models.TextField(blank=True)
    reference = models.CharField("processor's reference", max_length=80, blank=True)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    moved_from = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="moved_to")
    source = models.ForeignKey(PaymentImport, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                name="pk_15_entry_signs",
                condition=Q(kind__in=["penalty", "late_fee", "plan_fee", "refund"], amount_cents__gt=0)
                | Q(kind__in=["reduction", "void"], amount_cents__lt=0)
                | Q(kind="payment", amount_cents__lt=0, reverses__isnull=True)
                | Q(kind="payment", amount_cents__gt=0, reverses__isnull=False),
                violation_error_message="Charges are positive, what lowers them negative.",
            ),
            models.CheckConstraint(
                name="pk_15_entry_says_why",
                condition=~Q(kind__in=["reduction", "void", "refund"]) & Q(reverses__isnull=True) | says("reason"),
                violation_error_message="What lowers, returns or takes back says why.",
            ),
            models.UniqueConstraint(name="pk_15_one_penalty", fields=["citation"], condition=Q(kind="penalty")),
            models.UniqueConstraint(name="pk_12_one_late_fee", fields=["citation"], condition=Q(kind="late_fee")),
            models.UniqueConstraint(
                name="payment_reference_once", fields=["reference"], condition=~Q(reference=""),
            ),
        ]  # fmt: skip
        triggers = [
            *Ledger.Meta.triggers,
            on_citation(on=pgtrigger.Insert),
            guard(
                "pk_15_ledger_holds_together",
                HOLDS_TOGETHER,
                on=pgtrigger.Insert,
                declare=[("balance", "bigint"), ("charged", "bigint")],
            ),
            guard("pk_15_ledger_worth_its_source", WORTH_ITS_SOURCE, on=pgtrigger.Insert,
                  declare=[("penalty", "bigint"), ("late_fee", "bigint"), ("issuer", "bigint")]),
            guard("pk_15_nothing_off_ones_own", NO_REDUCTION_OF_ONES_OWN, on=pgtrigger.Insert),
            at_commit("pk_15_ledger_comes_with_it", COMES_WITH_IT, on=pgtrigger.Insert),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount_cents / 100:.2f}"
