"""GallerySubject and GalleryPhoto: what a public page shows, with where and when."""

from typing import ClassVar

import pgtrigger
from django.db import models

from cases.models import StoredFile
from ecpd.audit.anchors import ADDED_OR_CHANGED, anchored
from ecpd.audit.fixed import ALWAYS
from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from leads.models.source import GallerySource
from leads.near import NEAR_COPY_BITS


def is_of(photo: str) -> str:
    """SQL: the opt-out `o` is of this photo, or of a near copy of it in the same source."""
    return (
        f"(o.sha256 = {photo}.sha256 OR (o.source_id = {photo}.source_id AND o.phash IS NOT NULL "
        f"AND {photo}.phash IS NOT NULL AND bit_count((o.phash # {photo}.phash)::bit(64)) <= {NEAR_COPY_BITS}))"
    )


NOT_OPTED_OUT = f"""
IF TG_OP = 'INSERT' AND EXISTS (
        SELECT 1 FROM leads_gallerysource s WHERE s.id = NEW.source_id AND s.withdrawn_at IS NOT NULL) THEN
    {refuse("FR-05", "A source that was withdrawn takes no more photos.")}
END IF;
IF EXISTS (SELECT 1 FROM leads_optout o WHERE o.withdrawn_at IS NULL AND {is_of("NEW")}) THEN
    IF NEW.active THEN
        {refuse("FR-06", "The person in this photo opted out; it cannot be imported or searched.")}
    END IF;
ELSIF NOT NEW.active AND (TG_OP = 'INSERT' OR OLD.active) THEN
    {refuse("FR-06", "A photo goes out of use by an opt-out, and by nothing else.")}
END IF;
"""


# An opt-out finds a photo by its digest, so it is the digest of the picture that is kept.
DIGEST_OF_ITS_FILE = f"""
IF NEW.sha256 !~ '^[0-9a-f]{{64}}$' THEN
    {refuse("FR-06", "A photo is named by its SHA-256, in lower case.")}
END IF;
IF NEW.file_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM cases_storedfile f WHERE f.id = NEW.file_id AND f.sha256 = NEW.sha256) THEN
    {refuse("FR-06", "A photo is named by the SHA-256 of its own file.")}
END IF;
"""


class GallerySubject(Ledger):
    """Somebody a source names. The name is page text, never verified; it stays as the page had it."""

    source = models.ForeignKey(GallerySource, on_delete=models.PROTECT, related_name="subjects")
    published_name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, blank=True)

    class Meta(Ledger.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(name="gallery_subject_once", fields=["source", "published_name", "external_id"])
        ]

    def __str__(self) -> str:
        return self.published_name


# Who asked for the import decided on it (ecpd.checks.deeds); each photo comes while it runs.
OF_AN_IMPORT = f"""
IF NOT EXISTS (SELECT 1 FROM leads_importbatch b WHERE b.id = NEW.batch_id AND b.source_id = NEW.source_id
               AND b.state = 'running') THEN
    {refuse("FR-05", "A photo comes with an import of its source, while that runs.")}
END IF;
"""


class GalleryPhoto(Record):
    """A photo of a source. `phash`: 64-bit perceptual hash as a signed integer.

    Everything stays as it was imported; only whether it is in use follows the opt-outs (FR-06).
    """

    application_changes: ClassVar[tuple[str, ...]] = ("active",)

    may_change = {"active": ALWAYS}

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
            anchored("leads_gallerysource", "NEW.source_id", "FR-06", on=ADDED_OR_CHANGED),
            guard("fr_05_of_an_import", OF_AN_IMPORT, on=pgtrigger.Insert),
            guard("fr_06_digest_of_its_file", DIGEST_OF_ITS_FILE, on=pgtrigger.Insert),
            guard("fr_06_not_opted_out", NOT_OPTED_OUT, on=pgtrigger.Insert | pgtrigger.Update),
            unchanged(
                "fr_05_photo_fixed",
                [
                    "source_id",
                    "subject_id",
                    "sha256",
                    "phash",
                    "file_id",
                    "source_url",
                    "caption",
                    "captured_on",
                    "width",
                    "height",
                    "batch_id",
                    "synthetic",
                    "imported_at",
                ],
                "FR-05",
                "A photo stays as it was imported.",
            ),
        ]

    def __str__(self) -> str:
        return f"Photo {self.pk} from {self.source}"
