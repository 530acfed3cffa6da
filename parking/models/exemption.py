"""Exemption: a plate no curb rule applies to, from whom and until when; ExemptionImport: a list that was taken in."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.checks.json_field import JSONField
from ecpd.checks.sql import says
from ecpd.policy.models import Decision
from parking.models.plate_guards import in_one_spelling, keys_of_the_plate
from parking.models.shapes import REFUSED_LINES

ENDS_ONCE = f"""
IF OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at THEN
    {refuse("PK-03", "An exemption that was ended stays ended.")}
END IF;
"""


class ExemptionImport(Ledger):
    """A list of exempt plates that was taken in, with what was left out and why."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=120)
    taken = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    ended = models.PositiveIntegerField(default=0)
    rejected = JSONField(shape=REFUSED_LINES, default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        verbose_name = "list of exempt plates"
        verbose_name_plural = "lists of exempt plates"

    def __str__(self) -> str:
        return self.file_name


class Exemption(Record):
    """One exempt plate, from a source, with an end."""

    class Kind(models.TextChoices):
        """Why."""

        EMERGENCY = "emergency", "Emergency vehicle"
        CITY_FLEET = "city_fleet", "City fleet"
        FLEET = "fleet", "Fleet with an agreement"
        UTILITY = "utility", "Utility at work"
        TRANSIT = "transit", "Transit"
        PRESS = "press", "Press"
        OTHER = "other", "Another reason, in words"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    plate = models.CharField(max_length=12)
    plate_state = models.CharField("state", max_length=6)
    keys = ArrayField(models.CharField(max_length=12), editable=False)
    source = models.CharField("who says so", max_length=120, help_text="An office, an agreement, a list with its date.")
    words = models.CharField("vehicle or reason", max_length=200, blank=True)
    begins = models.DateTimeField()
    ends = models.DateTimeField("expires")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    imported = models.ForeignKey(
        ExemptionImport, null=True, blank=True, on_delete=models.PROTECT, related_name="exemptions"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.TextField(blank=True)

    once = ("ended_at", "ended_by_id", "ended_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [
            GinIndex(fields=["keys"], name="exemption_keys", fastupdate=False),
            models.Index(fields=["plate"], name="exemption_plate"),
        ]
        constraints = [
            in_one_spelling("pk_03_exemption_in_one_spelling"),
            models.CheckConstraint(
                name="pk_03_exemption_source_and_end",
                condition=says("source") & Q(ends__gt=F("begins")) & Q(plate__regex=r"^[A-Z0-9]+$")
                & says("plate_state") & Q(keys__len__gt=0) & (~Q(kind="other") | says("words")),
                violation_error_message="An exemption names its plate, state, source and end.",
            ),
            models.CheckConstraint(
                name="ac_07_exemption_ended_reason",
                condition=Q(ended_at__isnull=True) | says("ended_reason"),
                violation_error_message="An exemption is ended with a reason.",
            ),
        ]  # fmt: skip
        triggers = [
            *Record.Meta.triggers,
            guard("pk_03_exemption_ends_once", ENDS_ONCE, on=pgtrigger.Update),
            keys_of_the_plate("pk_03_exemption_with_its_keys", "PK-03"),
            unchanged("pk_03_exemption_fixed",
                      ["kind", "plate", "plate_state", "keys", "source", "begins", "ends", "added_by_id"], "PK-03",
                      "An exemption is ended, never rewritten."),
        ]  # fmt: skip
        verbose_name = "exempt plate"
        verbose_name_plural = "exempt plates"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.plate} {self.plate_state.removeprefix('US-')}"

    @property
    def is_in_force(self) -> bool:
        """Whether it counts now."""
        return self.ended_at is None and self.begins <= timezone.now() < self.ends
