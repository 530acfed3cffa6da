"""PlatePolicy: the seven-part usage policy without which no read is accepted (PK-09)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.fixed import while_empty
from ecpd.audit.records import Record, guard, refuse
from ecpd.checks.letters import says_something
from ecpd.checks.sql import says

PARTS = ("purposes", "people", "monitoring", "sharing", "custodian", "accuracy", "retention")

PUBLISHED_STAYS = f"""
IF OLD.published_at IS NOT NULL AND (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_reason')
        IS DISTINCT FROM (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_reason') THEN
    {refuse("PK-09", "A published policy is not rewritten: publish a new version.")}
END IF;
IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
    {refuse("PK-09", "A withdrawn policy stays withdrawn.")}
END IF;
"""


def _all_parts_written() -> Q:
    return Q(*(says(part) for part in PARTS))


class PlatePolicy(Record):
    """One version of the usage and privacy policy; the newest published one that is not withdrawn is in force.

    The seven parts are those of Civ. Code 1798.90.51(b); the public comment is that of 1798.90.55(a).
    """

    may_change = dict.fromkeys(
        (
            *("purposes", "people", "monitoring", "sharing", "custodian", "accuracy", "retention"),
            *("public_comment_on", "public_comment_at"),
        ),
        while_empty("published_at"),
    )
    born_with = ("public_comment_on",)

    number = models.PositiveIntegerField(unique=True, editable=False)
    purposes = models.TextField("authorized purposes", blank=True)
    people = models.TextField("job titles that may use or access it, and their training", blank=True)
    monitoring = models.TextField("how security and compliance are monitored, and periodic audits", blank=True)
    sharing = models.TextField("purposes, process and limits of sharing", blank=True)
    custodian = models.TextField("title of the official custodian", blank=True)
    accuracy = models.TextField("measures for accuracy, and how errors are corrected", blank=True)
    retention = models.TextField("how long reads are kept, and how their destruction is decided", blank=True)
    public_comment_on = models.DateField("date of the public comment", null=True, blank=True)
    public_comment_at = models.CharField("where the public could comment", max_length=200, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    once = ("published_by_id", "published_at", "withdrawn_at", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-number"]
        verbose_name_plural = "plate policies"
        constraints = [
            models.CheckConstraint(
                name="pk_09_published_whole",
                condition=Q(published_at__isnull=True)
                | (Q(public_comment_on__isnull=False) & Q(published_by__isnull=False) & _all_parts_written()),
                violation_error_message="A policy is published with all seven parts and the date of public comment.",
            ),
            models.CheckConstraint(
                name="pk_09_withdrawn_reason",
                condition=Q(withdrawn_at__isnull=True) | says("withdrawn_reason"),
                violation_error_message="A policy is withdrawn with a reason.",
            ),
        ]
        triggers = [*Record.Meta.triggers, guard("pk_09_published_stays", PUBLISHED_STAYS, on=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Plate usage policy {self.number}"

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The seven parts: heading and text."""
        return [(str(self._meta.get_field(part).verbose_name), getattr(self, part)) for part in PARTS]

    @property
    def missing(self) -> list[str]:
        """What has to be written before it can be published."""
        absent = [
            str(self._meta.get_field(part).verbose_name) for part in PARTS if not says_something(getattr(self, part))
        ]
        return absent + ([] if self.public_comment_on else ["date of the public comment"])
