"""GallerySubject and GalleryPhoto: what a public page shows, with where and when."""

import pgtrigger
from django.db import models

from cases.models import StoredFile
from ecpd.audit.records import Record, guard, refuse, unchanged
from leads.models.source import GallerySource
from leads.near import NEAR_COPY_BITS

NOT_OPTED_OUT = f"""
IF NEW.active AND EXISTS (
    SELECT 1 FROM leads_optout o WHERE o.withdrawn_at IS NULL AND (o.sha256 = NEW.sha256
        OR (o.source_id = NEW.source_id AND o.phash IS NOT NULL AND NEW.phash IS NOT NULL
            AND bit_count((o.phash # NEW.phash)::bit(64)) <= {NEAR_COPY_BITS}))) THEN
    {refuse("FR-06", "The person in this photo opted out; it cannot be imported or searched.")}
END IF;
"""


class GallerySubject(Record):
    """Somebody a source names. The name is page text, never verified."""

    source = models.ForeignKey(GallerySource, on_delete=models.PROTECT, related_name="subjects")
    published_name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(name="gallery_subject_once", fields=["source", "published_name", "external_id"])
        ]

    def __str__(self) -> str:
        return self.published_name


class GalleryPhoto(Record):
    """A photo of a source. `phash`: 64-bit perceptual hash as a signed integer."""

    source = models.ForeignKey(GallerySource, on_delete=models.PROTECT, related_name="photos")
    subject = models.ForeignKey(GallerySubject, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    phash = models.BigIntegerField(null=True, blank=True)
    source_url = models.CharField(max_length=500, blank=True)
    caption = models.CharField(max_length=500, blank=True)
    captured_on = models.DateField(null=True, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    batch = models.ForeignKey(
        "leads.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="photos"
    )
    synthetic = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta(Record.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(name="gallery_photo_once", fields=["source", "sha256"])]
        indexes = [models.Index(fields=["sha256"], name="gallery_photo_sha256")]
        triggers = [
            *Record.Meta.triggers,
            guard("fr_06_not_opted_out", NOT_OPTED_OUT, on=pgtrigger.Insert | pgtrigger.Update),
            unchanged(
                "fr_05_photo_fixed",
                ["source_id", "sha256", "file_id", "source_url", "captured_on", "imported_at"],
                "FR-05",
                "A photo keeps its source and file.",
            ),
        ]

    def __str__(self) -> str:
        return f"Photo {self.pk} from {self.source}"
