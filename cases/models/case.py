"""Case: one matter under investigation, and who works on it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse

from cases.models.by_name import by_name, steps_by_name
from cases.models.offense import NibrsOffense
from ecpd.audit.anchors import in_case
from ecpd.audit.fixed import ALWAYS, while_in
from ecpd.audit.records import Record, guard, refuse, unchanged
from ecpd.audit.sealed import Seal

OPEN_HAS_NO_END = f"""
IF NEW.status <> 'closed' AND NEW.closed_at IS NOT NULL THEN
    {refuse("AC-09", "A case that is not closed has no closing date.")}
END IF;
"""
# The reason stays where it was given, and an earlier one is none for this step.
UNSEALED_FOR_A_REASON = f"""
IF OLD.sealed AND NOT NEW.sealed AND (NOT ecpd_says_something(NEW.sealed_reason)
                                      OR NEW.sealed_reason = OLD.sealed_reason) THEN
    {refuse("AC-04", "A case is unsealed for a reason of its own.")}
END IF;
"""
# Also where it is opened or edited by other ways than `set_sealed`.
SEALED_FOR_A_REASON = f"""
IF NEW.sealed AND NOT ecpd_says_something(NEW.sealed_reason) THEN
    {refuse("AC-04", "A case is sealed for a reason.")}
END IF;
"""

# What is changed by who manages a case, and by which act.
STEPS = {
    "case.seal": ("sealed", "sealed_reason"),
    "case.close": ("status",),
    "case.manage": (*("captain_id", "title", "summary", "offense_id", "occurred_at", "occurred_until", "location"),),
}


class Case(Record):
    """A case with its number by year, offense, status and seal."""

    may_change = {
        **dict.fromkeys(("status", "sealed", "sealed_reason", "last_event_at"), ALWAYS),
        **dict.fromkeys(
            ("title", "summary", "offense_id", "occurred_at", "occurred_until", "location", "captain_id"),
            while_in("status", "open", "suspended"),
        ),
        "closed_at": "OLD.status <> NEW.status",
    }
    born_with = ("occurred_at", "occurred_until", "captain_id")

    row_seal = Seal(left_out=("last_event_at",))

    class Status(models.TextChoices):
        """Where the investigation stands."""

        OPEN = "open", "Open"
        SUSPENDED = "suspended", "Suspended"
        CLOSED = "closed", "Closed"

    case_number = models.CharField(max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    offense = models.ForeignKey(NibrsOffense, on_delete=models.PROTECT, related_name="cases")
    occurred_at = models.DateTimeField("happened", null=True, blank=True)
    occurred_until = models.DateTimeField("until", null=True, blank=True)
    location = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sealed = models.BooleanField(default=False, editable=False)
    sealed_reason = models.TextField(blank=True, editable=False)
    captain = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="commanded_cases"
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    last_event_at = models.DateTimeField(auto_now_add=True)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        permissions = [("contribute_case", "Can add to the case"), ("manage_case", "Can manage the case")]
        constraints = [
            models.UniqueConstraint(name="case_number_by_year", fields=["year", "serial"]),
            models.CheckConstraint(
                name="case_happened_in_order",
                condition=Q(occurred_until__isnull=True) | Q(occurred_until__gte=models.F("occurred_at")),
                violation_error_message="It cannot have ended before it began.",
            ),
        ]
        indexes = [
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="case_title_trigram"),
            GinIndex(OpClass(Upper("location"), name="gin_trgm_ops"), name="case_location_trigram"),
            GinIndex(OpClass(Upper("case_number"), name="gin_trgm_ops"), name="case_number_trigram"),
            GinIndex(SearchVector("title", "summary", config="english"), name="case_full_text"),
            models.Index(fields=["status", "-last_event_at"], name="case_status_recent"),
            models.Index(fields=["-last_event_at", "-id"], name="case_recent"),
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged(
                "ac_07_case_number_fixed",
                ["case_number", "year", "serial", "opened_by_id", "opened_at"],
                "AC-07",
                "A case keeps its number and who opened it.",
            ),
            steps_by_name(STEPS, about="cases.case", case="NEW.id", sealed="OLD.sealed"),
            guard("ac_09_open_has_no_end", OPEN_HAS_NO_END, on=pgtrigger.Insert | pgtrigger.Update),
            guard("ac_04_unsealed_for_a_reason", UNSEALED_FOR_A_REASON, on=pgtrigger.Update),
            guard("ac_04_sealed_for_a_reason", SEALED_FOR_A_REASON, on=pgtrigger.Insert | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"Case {self.case_number}"

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("cases:detail", args=[self.case_number])

    @property
    def is_open(self) -> bool:
        """Whether work goes on."""
        return self.status == self.Status.OPEN


class CaseAssignment(Record):
    """One person's work on a case, from when to when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_assignments")
    lead = models.BooleanField("leads the investigation", default=False)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    once = ("ended_at", "ended_by_id")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="case_assigned_once",
                fields=["case", "user"],
                condition=Q(ended_at__isnull=True),
                violation_error_message="This person works on the case already.",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            in_case("NEW.case_id"),
            by_name("assigned_by_id", "ended_by_id"),
            unchanged(
                "ac_07_assignment_fixed",
                ["case_id", "user_id", "assigned_by_id", "assigned_at"],
                "AC-07",
                "An assignment is ended, never rewritten.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.case}"
