"""Contest: an owner contests, in up to three stages; its documents and its result, with a reason (PK-12, PK-13)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.fixed import while_in
from ecpd.audit.records import Ledger, Record, at_commit, guard, unchanged
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.anchors import on_citation
from parking.models.citation import Citation
from parking.models.citation_guards import NO_WAIVER_OF_ONES_OWN
from parking.models.contest_guards import DECIDED_BY_A_RESULT, FILED_IN_TIME, IN_ORDER, INDEPENDENT, SET_IN_TIME
from parking.models.money_guards import RESULT_CARRIED_OUT


class Contest(Record):
    """One stage of a contest: the free initial review, the hearing, or the appeal to superior court."""

    may_change = dict.fromkeys(("state", "scheduled_at", "held_at"), while_in("state", "open"))

    class Stage(models.TextChoices):
        """The three (Vehicle Code 40215, 40230)."""

        REVIEW = "review", "Initial review"
        HEARING = "hearing", "Hearing"
        COURT = "court", "Superior court"

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Waits for a result"
        DECIDED = "decided", "Decided"
        WITHDRAWN = "withdrawn", "Withdrawn by the owner"

    class Channel(models.TextChoices):
        """How it came."""

        ONLINE = "online", "Online"
        MAIL = "mail", "In writing"
        PHONE = "phone", "By phone"
        COUNTER = "counter", "In person"

    class Grounds(models.TextChoices):
        """What the owner says (40215(a), 40206.5)."""

        NOT_OCCURRED = "not_occurred", "The violation did not happen"
        NOT_RESPONSIBLE = "not_responsible", "I was not responsible for the vehicle"
        EXTENUATING = "extenuating", "There were circumstances that should be considered"
        MISMATCH = "mismatch", "The vehicle described is not the registered vehicle"

    class Manner(models.TextChoices):
        """How a hearing is held."""

        WRITING = "writing", "In writing"
        PERSON = "person", "In person"
        PHONE = "phone", "By phone"
        VIDEO = "video", "By video"

    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="contests")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_index=True)
    channel = models.CharField("how it came", max_length=8, choices=Channel.choices)
    grounds = models.CharField(max_length=16, choices=Grounds.choices, blank=True)
    words = models.TextField("what the owner says")
    name = models.CharField(max_length=120)
    address = models.TextField("mailing address")
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField(max_length=30, blank=True)
    filed_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_day = models.DateField("last day to file", null=True, blank=True, help_text="As the clock stood at filing.")
    late_reason = models.TextField("why it is taken though late", blank=True)
    deposit_waived = models.BooleanField("deposit waived for inability to pay", default=False)
    waiver_reason = models.TextField(blank=True)
    manner = models.CharField(max_length=8, choices=Manner.choices, blank=True)
    scheduled_at = models.DateTimeField("hearing set for", null=True, blank=True)
    held_at = models.CharField("where, or the number to call", max_length=200, blank=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["filed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="pk_12_each_stage_once", fields=["citation", "stage"],
                condition=~Q(state="withdrawn") & ~Q(grounds="mismatch"),
                violation_error_message="This stage is filed already.",
            ),
            models.CheckConstraint(
                name="pk_12_set_for_a_place",
                condition=Q(scheduled_at__isnull=True) | says("held_at"),
                violation_error_message="A hearing is set with its place, or the number to call.",
            ),
            models.CheckConstraint(
                name="pk_12_waiver_says_why",
                condition=Q(deposit_waived=False) | says("waiver_reason"),
                violation_error_message="A deposit is waived with the reason why.",
            ),
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers, on_citation(), 
            guard("pk_12_in_order", IN_ORDER, on=pgtrigger.Insert),
            guard("pk_15_waived_by_another", NO_WAIVER_OF_ONES_OWN, on=pgtrigger.Insert),
            guard("pk_12_in_time", FILED_IN_TIME, on=pgtrigger.Insert, declare=[("first", "date"), ("filed", "date")]),
            guard("pk_12_set_in_time", SET_IN_TIME, on=pgtrigger.Update, declare=[("day", "date"), ("filed", "date")]),
            guard("pk_12_decided_by_a_result", DECIDED_BY_A_RESULT, on=pgtrigger.Update),
            unchanged("pk_12_contest_fixed",
                      ["citation_id", "stage", "channel", "grounds", "words", "name", "filed_at", "last_day",
                       "deposit_waived", "waiver_reason"],
                      "PK-12", "What an owner filed is never rewritten."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_stage_display()} of {self.citation.number}"

    def get_absolute_url(self) -> str:
        """The contest's page."""
        return reverse("parking:contest", args=[self.pk])


class ContestDocument(Ledger):
    """A file that came with a contest; its bytes stand in the parking store."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ContestResult(Ledger):
    """The result of one stage, with its reason."""

    class Outcome(models.TextChoices):
        """The three."""

        UPHELD = "upheld", "The citation stands"
        REDUCED = "reduced", "The citation stands, the amount is reduced"
        DISMISSED = "dismissed", "The citation is canceled"

    contest = models.OneToOneField(Contest, on_delete=models.PROTECT, related_name="result")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField()
    reduced_by_cents = models.PositiveIntegerField(default=0)
    registration_matches = models.BooleanField(null=True, blank=True)
    registration_words = models.TextField("the vehicle as registered", blank=True)
    court_number = models.CharField("the court's case number", max_length=40, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="pk_12_result_has_a_reason",
                condition=says("reason"),
                violation_error_message="Every result has a reason.",
            ),
            models.CheckConstraint(
                name="pk_13_compared_in_words",
                condition=Q(registration_matches__isnull=True) | says("registration_words"),
                violation_error_message="Whoever compares a vehicle with its registration says what is registered.",
            ),
            models.CheckConstraint(
                name="pk_12_reduced_by_an_amount",
                condition=Q(outcome="reduced", reduced_by_cents__gt=0) | ~Q(outcome="reduced") & Q(reduced_by_cents=0),
                violation_error_message="A reduction has an amount.",
            ),
        ]
        triggers = [
            *Ledger.Meta.triggers,
            on_citation("SELECT c.citation_id FROM parking_contest c WHERE c.id = NEW.contest_id", on=pgtrigger.Insert),
            guard(
                "pk_12_independent",
                INDEPENDENT,
                on=pgtrigger.Insert,
                declare=[("of_stage", "text"), ("of_state", "text"), ("of_citation", "bigint"), ("of_grounds", "text")],
            ),
            at_commit("pk_12_carried_out", RESULT_CARRIED_OUT, on=pgtrigger.Insert,
                      declare=[("of_citation", "bigint"), ("of_state", "text")]),
        ]  # fmt: skip
        verbose_name = "result of a contest"
        verbose_name_plural = "results of contests"

    def __str__(self) -> str:
        return self.get_outcome_display()


class ContestLookup(models.Model):
    """A try to open a citation on the public page, for the limit on tries. No record: cleared after a day."""

    working_row = "Tries to open the public contest page, counted for a limit."

    address = models.CharField(max_length=64, help_text="Keyed hash of the network address.")
    number = models.CharField(max_length=16, blank=True)
    found = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="contest_lookup_address")]

    def __str__(self) -> str:
        return f"{self.address[:6]} {self.at}"
