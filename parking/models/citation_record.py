"""What is recorded about a citation after its issue: attached, canceled, paused, a copy asked for (PK-13, PK-15)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Ledger, Record, at_commit, guard, refuse, unchanged
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.anchors import on_citation
from parking.models.citation import Citation
from parking.models.citation_guards import NO_PAUSE_OF_ONES_OWN
from parking.models.money_guards import CANCELED_WHOLE

BY_SOMEBODY_ELSE = f"""
IF EXISTS (SELECT 1 FROM parking_citation c WHERE c.id = NEW.citation_id AND c.issued_by_id = NEW.by_id) THEN
    {refuse("PK-15", "Who issued a citation does not cancel it; somebody else does.")}
END IF;
IF length(trim(NEW.reason)) < 10 OR NOT public.ecpd_says_something(NEW.reason) THEN
    {refuse("PK-15", "A citation is canceled with a reason in words.")}
END IF;
IF NEW.ground = 'void' AND NOT (ecpd_has_role(NEW.by_id, 'parking_manager') OR ecpd_has_role(NEW.by_id, 'captain')) THEN
    {refuse("PK-15", "A parking manager or a captain voids a citation.")}
END IF;
IF NEW.ground IN ('review', 'hearing', 'court') AND NOT EXISTS (
        SELECT 1 FROM parking_contestresult r JOIN parking_contest c ON c.id = r.contest_id
        WHERE c.citation_id = NEW.citation_id AND c.stage = NEW.ground AND r.outcome = 'dismissed'
          AND r.decided_by_id = NEW.by_id) THEN
    {refuse("PK-15", "A citation is dismissed by who decided the contest.")}
END IF;
"""
ATTACHED_BY_A_PERSON = f"""
IF NOT (ecpd_has_role(NEW.by_id, 'parking_officer') OR ecpd_has_role(NEW.by_id, 'parking_manager')) THEN
    {refuse("PK-07", "A person attaches a citation to the vehicle.")}
END IF;
"""

# A hold that waits for a copy ends with the copy (Vehicle Code 40206.5: collection is paused meanwhile).
UNTIL_IT_IS_SENT = f"""
IF OLD.released_at IS NULL AND NEW.released_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM parking_citationcopy k WHERE k.hold_id = NEW.id AND k.sent_at IS NULL) THEN
    {refuse("PK-13", "Collection is paused until the copy that was asked for is sent.")}
END IF;
"""
# So does one that waits for a contest, a request for a plan, or a plan (Vehicle Code 40215, 40220).
WHILE_IT_WAITS = f"""
IF OLD.released_at IS NULL AND NEW.released_at IS NOT NULL AND (
    NEW.kind = 'contest' AND EXISTS (
        SELECT 1 FROM parking_contest k WHERE k.citation_id = NEW.citation_id AND k.state = 'open')
    OR EXISTS (SELECT 1 FROM parking_planrequest q WHERE q.hold_id = NEW.id AND q.state = 'open')
    OR EXISTS (SELECT 1 FROM parking_plancitation c JOIN parking_paymentplan p ON p.id = c.plan_id
               WHERE c.hold_id = NEW.id AND p.state = 'running')) THEN
    {refuse("PK-12", "Collection stays paused until the contest is decided, the request answered or the plan over.")}
END IF;
"""
SENT_IN_TIME = f"""
IF NEW.due_on NOT BETWEEN (NEW.asked_at AT TIME ZONE 'America/Los_Angeles')::date
       AND (NEW.asked_at AT TIME ZONE 'America/Los_Angeles')::date + ecpd_parameter_int('copy_days') THEN
    {refuse("PK-13", "A copy is sent within the days of the manual from when it was asked for.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM parking_citationhold h WHERE h.id = NEW.hold_id AND h.citation_id = NEW.citation_id
               AND h.kind = 'copy' AND h.released_at IS NULL) THEN
    {refuse("PK-13", "Collection of this citation is paused when a copy of it is asked for.")}
END IF;
"""


class CitationDelivery(Ledger):
    """How the citation reached the vehicle: a person attached it, or it drove off before that could be done."""

    class How(models.TextChoices):
        """The two."""

        ATTACHED = "attached", "Attached to the vehicle"
        DROVE_OFF = "drove_off", "The vehicle drove off; to be mailed to the owner"

    citation = models.OneToOneField(Citation, on_delete=models.PROTECT, related_name="delivery")
    how = models.CharField(max_length=10, choices=How.choices)
    where = models.CharField("where on the vehicle", max_length=80, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name_plural = "citation deliveries"
        triggers = [
            *Ledger.Meta.triggers,
            on_citation(on=pgtrigger.Insert),
            guard("pk_07_attached_by_a_person", ATTACHED_BY_A_PERSON, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return self.get_how_display()


class CitationVoid(Ledger):
    """The record that cancels a citation: on what ground, why, by whom."""

    class Ground(models.TextChoices):
        """On what ground."""

        VOID = "void", "Voided"
        REVIEW = "review", "Dismissed after the initial review"
        HEARING = "hearing", "Dismissed after a hearing"
        COURT = "court", "Dismissed by the court"

    citation = models.OneToOneField(Citation, on_delete=models.PROTECT, related_name="void")
    ground = models.CharField(max_length=8, choices=Ground.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        triggers = [
            *Ledger.Meta.triggers,
            on_citation(on=pgtrigger.Insert),
            guard("pk_15_canceled_by_another", BY_SOMEBODY_ELSE, on=pgtrigger.Insert),
            at_commit("pk_15_canceled_whole", CANCELED_WHOLE, on=pgtrigger.Insert),
        ]
        verbose_name = "canceled citation"
        verbose_name_plural = "canceled citations"

    def __str__(self) -> str:
        return self.get_ground_display()


class CitationHold(Record):
    """Collection is paused: no delinquent notice and no late fee while it stands."""

    class Kind(models.TextChoices):
        """Why."""

        CONTEST = "contest", "Contested"
        COPY = "copy", "A copy is asked for"
        PLAN = "plan", "A payment plan is asked for or runs"
        OTHER = "other", "Another reason"

    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.TextField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: it follows from what the owner asked for online.",
    )  # fmt: skip
    placed_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_reason = models.TextField(blank=True)

    once = ("released_by_id", "released_at", "released_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [models.Index(fields=["citation"], name="citation_held", condition=Q(released_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="ac_07_collection_hold_reasons",
                condition=says("reason") & (Q(released_at__isnull=True) | says("released_reason")),
                violation_error_message="Collection is paused and resumed with a reason.",
            ),
            models.CheckConstraint(
                name="pk_12_resumed_by_somebody",
                condition=Q(released_at__isnull=True) | Q(released_by__isnull=False),
                violation_error_message="Collection is resumed by a person.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers, on_citation(),
            guard("pk_15_put_off_by_another", NO_PAUSE_OF_ONES_OWN, on=pgtrigger.Insert),
            guard("pk_13_until_it_is_sent", UNTIL_IT_IS_SENT, on=pgtrigger.Update),
            guard("pk_12_while_it_waits", WHILE_IT_WAITS, on=pgtrigger.Update),
            unchanged("pk_13_hold_fixed", ["citation_id", "kind", "reason", "placed_by_id", "placed_at"], "PK-13",
                      "A hold is released, never rewritten."),
        ]  # fmt: skip
        verbose_name = "pause of collection"
        verbose_name_plural = "pauses of collection"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class CitationCopy(Record):
    """The owner asked for a copy; until it is sent collection waits and no day of the review's clock counts."""

    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="copies")
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField("who asked", max_length=120)
    send_to = models.TextField("address or e-mail")
    due_on = models.DateField("to be sent by")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hold = models.OneToOneField(CitationHold, on_delete=models.PROTECT, related_name="copy")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    once = ("sent_at", "sent_by_id")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name_plural = "citation copies"
        constraints = [
            models.UniqueConstraint(
                name="pk_13_one_copy_at_a_time", fields=["citation"], condition=Q(sent_at__isnull=True),
                violation_error_message="A copy is on its way already.",
            )
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers, on_citation(),
            guard("pk_13_sent_in_time", SENT_IN_TIME, on=pgtrigger.Insert),
            unchanged("pk_13_copy_fixed", ["citation_id", "asked_at", "due_on"], "PK-13",
                      "When a copy was asked for stays."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Copy for {self.asked_by}"
