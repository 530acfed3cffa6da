"""GuestCode: a household lets a guest park; the guest enters code and plate. Only the code's hash is kept."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.anchors import ADDED_OR_CHANGED, anchored
from ecpd.audit.records import Record, guard, refuse, unchanged
from parking.models.permit import Permit

VISIT_ALLOWED = f"""
IF NEW.revoked_at IS NULL AND OLD.revoked_at IS NOT NULL THEN
    {refuse("PK-16", "A guest code that was ended stays ended.")}
END IF;
"""
WITHIN_THE_TERMS = f"""
IF NOT EXISTS (SELECT 1 FROM parking_permit p JOIN parking_permitterms t ON t.id = p.terms_id WHERE p.id = NEW.permit_id
               AND p.ended_at IS NULL AND NEW.hours <= t.guest_hours AND NEW.expires_at <= p.ends) THEN
    {refuse("PK-16", "A guest code is of a visitor permit in force, for its hours and no longer than it lasts.")}
END IF;
IF EXISTS (SELECT 1 FROM parking_permit p JOIN parking_permitterms t ON t.id = p.terms_id WHERE p.id = NEW.permit_id
           AND t.guest_visits_max < NEW.visits_max + coalesce((
               SELECT sum(CASE WHEN g.revoked_at IS NULL AND g.expires_at > ecpd_now() THEN g.visits_max ELSE (
                   SELECT count(*) FROM parking_permitplate v WHERE v.guest_code_id = g.id) END)
               FROM parking_guestcode g WHERE g.permit_id = NEW.permit_id), 0)) THEN
    {refuse("PK-16", "No more visits are given away than the permit has.")}
END IF;
"""


class GuestCode(Record):
    """A code for guests of one permit: how long a visit lasts, how many, until when."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="guest_codes")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField("for whom", max_length=60, blank=True)
    hours = models.PositiveSmallIntegerField()
    visits_max = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: the holder.",
    )  # fmt: skip
    revoked_at = models.DateTimeField(null=True, blank=True)

    once = ("revoked_at",)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="guest_code_counts", condition=Q(hours__gt=0) & Q(visits_max__gt=0)),
        ]
        triggers = [
            *Record.Meta.triggers, anchored("parking_permit", "NEW.permit_id", "PK-16", on=ADDED_OR_CHANGED),
            guard("pk_16_guest_code_granted", WITHIN_THE_TERMS, on=pgtrigger.Insert),
            guard("pk_16_guest_code_ended", VISIT_ALLOWED, on=pgtrigger.Update),
            unchanged("pk_16_guest_code_fixed", ["permit_id", "code_hash", "hours", "visits_max", "expires_at"], "PK-16",
                      "A guest code is ended, never rewritten."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label or f"Guest code {self.pk}"
