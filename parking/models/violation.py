"""Violation: what a citation can be written for; ViolationAmount: its penalty from a day on, under a resolution."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ecpd.audit.anchors import anchored
from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.checks.sql import says
from ecpd.policy.models import Decision

DISABLED_SPACE = f"""
IF (SELECT v.disabled_space FROM parking_violation v WHERE v.id = NEW.violation_id)
   AND NEW.amount_cents NOT BETWEEN ecpd_parameter_int('disabled_penalty_min_dollars') * 100
                                AND ecpd_parameter_int('disabled_penalty_max_dollars') * 100 THEN
    {refuse("PK-16", "State law sets the range of the penalty for spaces of people with disabilities (40203.5).")}
END IF;
"""
NOT_BACK = f"""
IF NEW.effective_on < (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date AND EXISTS (
        SELECT 1 FROM parking_violationamount a WHERE a.violation_id = NEW.violation_id) THEN
    {refuse("PK-16", "An amount does not reach back into days that may be cited already.")}
END IF;
"""


class Violation(Record):
    """A section of a code that parking enforcement cites."""

    code = models.SlugField("short code", max_length=20, unique=True)
    section = models.CharField(max_length=60, help_text="As it is printed: Vehicle Code 22500(n).")
    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=100)
    disabled_space = models.BooleanField("space of people with disabilities", default=False)
    lifted_by_permit = models.BooleanField(
        "a permit or exemption lifts it", default=False, help_text="Time limits and permit zones (PK-03)."
    )
    needs_zone = models.BooleanField("written only in a zone of the map", default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["order", "section"]
        constraints = [
            models.CheckConstraint(
                name="ac_07_violation_withdrawn",
                condition=Q(withdrawn_at__isnull=True) | says("withdrawn_reason"),
                violation_error_message="A violation is withdrawn with a reason.",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            unchanged("pk_16_violation_fixed", ["code", "section", "disabled_space", "added_by_id"], "PK-16",
                      "A violation keeps its section: withdraw it and add another."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.section}: {self.title}"

    def get_absolute_url(self) -> str:
        """The violation's page."""
        return reverse("parking:violation", args=[self.code])


class ViolationAmount(Ledger):
    """The penalty and late fee of a violation from a day on. A change is a new row; the newest day that began counts."""

    violation = models.ForeignKey(Violation, on_delete=models.PROTECT, related_name="amounts")
    amount_cents = models.PositiveIntegerField("penalty, cents")
    late_fee_cents = models.PositiveIntegerField("late fee, cents")
    effective_on = models.DateField("in force from")
    resolution = models.CharField("council resolution", max_length=120)
    resolved_on = models.DateField("resolved on")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-effective_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="pk_16_amount_on_a_resolution",
                condition=says("resolution") & Q(amount_cents__gt=0) & Q(resolved_on__lte=models.F("effective_on")),
                violation_error_message="An amount carries the resolution that set it, taken before it is in force.",
            )
        ]
        triggers = [
            *Ledger.Meta.triggers,
            anchored("parking_violation", "NEW.violation_id", "PK-16", on=pgtrigger.Insert),
            guard("pk_16_disabled_range", DISABLED_SPACE, on=pgtrigger.Insert),
            guard("pk_16_not_back", NOT_BACK, on=pgtrigger.Insert),
        ]
        verbose_name = "penalty and late fee"
        verbose_name_plural = "penalties and late fees"

    def __str__(self) -> str:
        return f"{self.amount_cents / 100:.2f} from {self.effective_on}"
