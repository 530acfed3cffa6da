"""OptOut: a person's photo that is never returned and never imported again (FR-06)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.anchors import ADDED_OR_CHANGED
from ecpd.audit.records import Record, guard, recorded_now, refuse, unchanged
from ecpd.checks.sql import says
from leads.models.source import GallerySource

# The same hash may come in by any source: whoever adds a photo and whoever opts out wait for each other.
EVERY_SOURCE = "PERFORM 1 FROM leads_gallerysource s ORDER BY s.id FOR NO KEY UPDATE;\n"

# Near copies are found by the fingerprint and the source, so these are the photo's own, whatever the row says.
AS_ITS_PHOTO = """
SELECT p.* INTO its_photo FROM leads_galleryphoto p WHERE p.sha256 = NEW.sha256
    ORDER BY p.source_id IS NOT DISTINCT FROM NEW.source_id DESC, p.phash IS NULL, p.id LIMIT 1;
IF FOUND THEN
    NEW.source_id := its_photo.source_id;
    NEW.phash := COALESCE(its_photo.phash, NEW.phash);
END IF;
"""
# Whoever takes the gallery apart for one search does not put it together again the same day (FR-07: N is the whole gallery).
STANDS_A_DAY = f"""
IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL AND (OLD.recorded_at AT TIME ZONE 'America/Los_Angeles')::date
        = (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date
   AND EXISTS (SELECT 1 FROM leads_searchrequest s WHERE s.state = 'done' AND s.finished_at >= OLD.recorded_at) THEN
    {refuse("FR-06", "A search ran since this opt-out was recorded; it is taken back on another day.")}
END IF;
"""


class OptOut(Record):
    """Blocks by the photo's hash, and near copies of it within the same source. No face template is kept."""

    sha256 = models.CharField("the photo's SHA-256", max_length=64, db_index=True)
    phash = models.BigIntegerField(null=True, blank=True)
    source = models.ForeignKey(GallerySource, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("what was asked, and by whom")
    received_on = models.DateField()
    vendor_confirmation = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="fr_06_opt_out_withdrawn_reason",
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & says("withdrawn_reason")),
                violation_error_message="An opt-out is withdrawn by somebody, for a reason (FR-06).",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            guard("aa_every_source", EVERY_SOURCE, on=ADDED_OR_CHANGED),
            guard(
                "fr_06_as_its_photo",
                AS_ITS_PHOTO,
                on=pgtrigger.Insert,
                declare=[("its_photo", "leads_galleryphoto%ROWTYPE")],
            ),
            recorded_now("fr_06_recorded_now", "recorded_at"),
            guard("fr_06_stands_a_day", STANDS_A_DAY, on=pgtrigger.Update),
            unchanged(
                "fr_06_opt_out_fixed",
                [
                    "sha256",
                    "phash",
                    "source_id",
                    "reason",
                    "received_on",
                    "vendor_confirmation",
                    "recorded_by_id",
                    "recorded_at",
                ],
                "FR-06",
                "An opt-out cannot be changed.",
            ),
        ]
        verbose_name = "opt-out"
        verbose_name_plural = "opt-outs"

    def __str__(self) -> str:
        return f"Opt-out {self.pk}"
