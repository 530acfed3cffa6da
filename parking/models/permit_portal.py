"""The portal's own rows: e-mail links (hashed), tries that are counted, reminders that nobody gets twice."""

import pgtrigger
from django.db import models

from ecpd.audit.fixed import as_it_leaves, while_in
from ecpd.audit.records import Record, guard, refuse, unchanged
from parking.models.permit import Permit

WORKS_FOR_HOURS = f"""
IF NEW.expires_at > ecpd_now() + make_interval(hours => ecpd_parameter_int('permit_link_hours')) + interval '5 minutes' THEN
    {refuse("PK-16", "A link works for the hours of the manual.")}
END IF;
"""


class PermitLink(models.Model):
    """A link that was mailed to an address. No record: cleared when its time is over."""

    working_row = "A link that was mailed; gone when its time is over."

    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField("e-mail")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-id"]
        triggers = [guard("pk_16_link_works_for_hours", WORKS_FOR_HOURS, on=pgtrigger.Insert | pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Link {self.pk}"


class PermitTry(models.Model):
    """A link asked for or a guest code tried, for the limit on tries. No record: cleared after a day."""

    working_row = "Tries at the permit portal, counted for a limit."

    class Kind(models.TextChoices):
        """What was tried."""

        LINK = "link", "A link asked for"
        GUEST = "guest", "A guest code that does not exist"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    address = models.CharField(max_length=64, help_text="Keyed hash of the network address.")
    about = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the e-mail address.")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name_plural = "permit tries"
        indexes = [models.Index(fields=["kind", "address", "at"], name="permit_try_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class PermitReminder(Record):
    """A reminder about one permit: at most one of each kind, whatever happens to the run that sends it."""

    may_change = {
        "outcome": while_in("outcome", "claimed", "failed"), "done_at": as_it_leaves("outcome", "claimed"),
    }  # fmt: skip

    class Kind(models.TextChoices):
        """When."""

        SOON = "soon", "Ends soon"
        LAST = "last", "Ends in a few days"
        OVER = "over", "Has ended"

    class Outcome(models.TextChoices):
        """What became of it. Only one that surely did not go out is tried again."""

        CLAIMED = "claimed", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        LETTER = "letter", "No e-mail address: by letter"

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.CLAIMED)
    claimed_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(name="permit_reminded_once", fields=["permit", "kind"])]
        triggers = [
            *Record.Meta.triggers,
            unchanged("ac_07_reminder_fixed", ["permit_id", "kind", "claimed_at"], "AC-07",
                      "Who was reminded of what stays on the record."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.permit.number}"
