"""Evidence: an exhibit of a case, and its chain of custody."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.by_name import adds, by_name
from cases.models.case import Case
from cases.models.file import StoredFile
from cases.models.one_case import one_case
from ecpd.audit.anchors import in_case, lock
from ecpd.audit.fixed import ALWAYS
from ecpd.audit.records import Ledger, Record, guard, marked_now, recorded_now, refuse, unchanged
from ecpd.checks.sql import says

CHAIN_IS_WHOLE = f"""
{lock("cases_evidence", "NEW.evidence_id", "AC-07")}SELECT to_party, at INTO last_to, last_at FROM cases_custodyentry
    WHERE evidence_id = NEW.evidence_id ORDER BY id DESC LIMIT 1;
IF NEW.from_party <> last_to THEN
    {refuse("AC-07", "A link of the chain of custody begins where the one before it ended.")}
END IF;
IF NEW.at < last_at THEN
    {refuse("AC-07", "A link of the chain of custody does not lie before the one before it.")}
END IF;
"""
# What the vault found in the first bytes of the file, beside what the exhibit is said to be.
AS_ITS_FILE = f"""
SELECT f.media_type INTO found FROM cases_storedfile f WHERE f.id = NEW.file_id;
IF NEW.file_id IS NOT NULL AND found IS NULL THEN
    {refuse("FR-03", "The file of an exhibit is kept before the exhibit: what it is decides.")}
END IF;
IF NEW.kind IN ('photo', 'still') AND NOT starts_with(found, 'image/') THEN
    {refuse("FR-03", "A photo or a still is a picture, and this file is none.")}
END IF;
IF NEW.kind IN ('clip', 'audio') AND starts_with(found, 'image/') OR NEW.kind = 'clip' AND starts_with(found, 'audio/') THEN
    {refuse("FR-03", "A recording is what its file is: this one is a picture, or sound alone.")}
END IF;
"""


class Evidence(Record):
    """An exhibit. Its original file never changes; an edit is another exhibit, derived from this one (FR-04).

    `phash`: 64-bit perceptual hash of a picture as a signed integer (`cases.likeness`), null until somebody read it.
    """

    may_change = {"location": ALWAYS}
    born_with = ("location", "phash")

    class Kind(models.TextChoices):
        """What it is."""

        PHOTO = "photo", "Photo"
        STILL = "still", "Still from a recording"
        CLIP = "clip", "Video recording"
        AUDIO = "audio", "Audio recording"
        DOCUMENT = "document", "Document"
        INTERVIEW = "interview", "Interview"
        DNA = "dna", "DNA report"
        FINGERPRINT = "fingerprint", "Fingerprint report"
        PHONE = "phone_records", "Cell-phone records"
        PHYSICAL = "physical", "Physical object"
        LINEUP = "lineup", "Photo line-up"
        TRANSIT = "transit", "Transit, payment or time records"
        OTHER = "other", "Other"

    class Origin(models.TextChoices):
        """Where it came from."""

        VICTIM = "victim", "Victim"
        WITNESS = "witness", "Witness"
        BUSINESS_CAMERA = "business_camera", "Business's camera"
        CITY_CAMERA = "city_camera", "City camera"
        OFFICER_CAMERA = "officer_camera", "Officer's camera"
        PUBLIC_SOURCE = "public_source", "Public source"
        AGENCY = "agency", "Another agency"
        LAB = "lab", "Laboratory"
        OTHER = "other", "Other"

    STILL_IMAGES = (Kind.PHOTO, Kind.STILL)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField(editable=False)
    kind = models.CharField("what it is", max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    origin_kind = models.CharField("where it came from", max_length=20, choices=Origin.choices)
    origin = models.CharField("who gave it, how and when", max_length=300)
    obtained_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    file_name = models.CharField(max_length=255, blank=True)
    phash = models.BigIntegerField("what the picture looks like", null=True, blank=True, editable=False)
    location = models.CharField("held at", max_length=200, default="Evidence server")
    derived_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="derivatives"
    )
    derivation = models.TextField("what was done to it", blank=True)
    clip_time_code = models.CharField("time in the recording", max_length=40, blank=True)
    clip_frame = models.PositiveBigIntegerField("frame", null=True, blank=True)
    clip_sha256 = models.CharField("the recording's SHA-256", max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason", "phash")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["case_id", "number"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(name="evidence_number_in_case", fields=["case", "number"]),
            models.CheckConstraint(
                name="fr_04_derivative_says_what",
                condition=Q(derived_from__isnull=True) | says("derivation"),
                violation_error_message="A derivative says what was done to the original (FR-04).",
            ),
            models.CheckConstraint(
                name="ac_07_evidence_withdrawn_reason",
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & says("withdrawn_reason")),
                violation_error_message="Withdrawing needs a reason.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            in_case("NEW.case_id"),
            by_name("added_by_id", "withdrawn_by_id"),
            adds("added_by_id"),
            recorded_now("fr_13_added_now", "added_at"),
            marked_now("fr_13_withdrawn_now", "withdrawn_at"),
            one_case({"derived_from_id": "cases_evidence"}),
            guard("fr_03_as_its_file", AS_ITS_FILE, on=pgtrigger.Insert, declare=[("found", "text")]),
            unchanged(
                "ac_07_original_unaltered",
                [
                    "case_id",
                    "number",
                    "kind",
                    "file_id",
                    "file_name",
                    "derived_from_id",
                    "derivation",
                    "origin_kind",
                    "origin",
                    "obtained_at",
                    "clip_time_code",
                    "clip_frame",
                    "clip_sha256",
                    "added_by_id",
                    "added_at",
                ],
                "AC-07",
                "The original and where it came from cannot be altered; add a derivative or a note.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def get_absolute_url(self) -> str:
        """The exhibit's page."""
        return reverse("cases:evidence-detail", args=[self.case.case_number, self.number])

    @property
    def label(self) -> str:
        """The exhibit's number as people say it: E-03."""
        return f"E-{self.number:02d}"

    @property
    def is_still_image(self) -> bool:
        """Whether it may be a probe by its kind (FR-03)."""
        return self.kind in self.STILL_IMAGES and self.file_id is not None and self.withdrawn_at is None


OF_THE_EXHIBIT = "SELECT e.case_id FROM cases_evidence e WHERE e.id = NEW.evidence_id"


class CustodyEntry(Ledger):
    """One link of the chain: who handed what to whom, when and why."""

    class Action(models.TextChoices):
        """What happened to it."""

        COLLECTED = "collected", "Collected"
        RECEIVED = "received", "Received"
        TRANSFERRED = "transferred", "Handed over"
        CHECKED_OUT = "checked_out", "Checked out"
        CHECKED_IN = "checked_in", "Checked in"
        SEALED = "sealed", "Sealed"
        EXAMINED = "examined", "Examined"
        OTHER = "other", "Other"

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="custody")
    at = models.DateTimeField()
    action = models.CharField(max_length=12, choices=Action.choices)
    from_party = models.CharField("from", max_length=200, blank=True)
    to_party = models.CharField("to", max_length=200)
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["id"]
        verbose_name_plural = "custody entries"
        triggers = [
            *Ledger.Meta.triggers,
            in_case(OF_THE_EXHIBIT, on=pgtrigger.Insert),
            recorded_now("fr_13_handed_now", "recorded_at"),
            by_name("recorded_by_id", case=OF_THE_EXHIBIT),
            adds("recorded_by_id", case=OF_THE_EXHIBIT),
            guard(
                "ac_07_custody_unbroken",
                CHAIN_IS_WHOLE,
                on=pgtrigger.Insert,
                declare=[("last_to", "text"), ("last_at", "timestamptz")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.from_party} to {self.to_party}"
