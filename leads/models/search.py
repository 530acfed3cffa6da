"""SearchRequest: one face search, from the request to its result; the row is the truth, the broker a messenger."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from pgvector.django import HalfVectorField

from cases.models import Case, Evidence, NibrsOffense
from ecpd.audit.records import Record, guard, refuse, unchanged
from ecpd.policy.models import Decision, ManualVersion
from leads.models.card import ModelCard

REQUESTER = f"""
IF NOT ecpd_has_role(NEW.requested_by_id, 'investigator')
   OR NOT ecpd_has_certificate(NEW.requested_by_id, 'facial_recognition') THEN
    {refuse("FR-01", "Only an investigator with a current facial-recognition certificate may request a search.")}
END IF;
"""
GROUNDS = f"""
SELECT status INTO case_status FROM cases_case WHERE id = NEW.case_id;
IF case_status <> 'open' THEN {refuse("FR-02", "A search needs an open case.")} END IF;
IF NOT EXISTS (SELECT 1 FROM cases_caseassignment a
               WHERE a.case_id = NEW.case_id AND a.user_id = NEW.requested_by_id AND a.ended_at IS NULL) THEN
    {refuse("FR-02", "Only an investigator assigned to the case may request a search on it.")}
END IF;
IF length(trim(NEW.facts)) < ecpd_parameter_int('search_reason_min_chars') THEN
    {refuse("FR-02", "The facts that make the search likely to help are missing or too short.")}
END IF;
IF NEW.purpose = 'suspect' THEN
    SELECT crime_against INTO offense_class FROM cases_nibrsoffense WHERE code = NEW.offense_id;
    IF offense_class IS NULL OR NOT ecpd_parameter('fr_offence_classes') ? offense_class THEN
        {refuse("FR-02", "The offense is not of a class for which a suspect may be searched.")}
    END IF;
END IF;
"""
PROBE = f"""
IF NOT EXISTS (SELECT 1 FROM cases_evidence e
               WHERE e.id = NEW.probe_id AND e.case_id = NEW.case_id AND e.kind IN ('photo', 'still')
                 AND e.file_id IS NOT NULL AND e.origin <> '' AND e.withdrawn_at IS NULL) THEN
    {refuse("FR-03", "A probe is one still image, evidence of this case with origin, date and hash.")}
END IF;
"""
STEPS = f"""
IF OLD.state IN ('done', 'failed', 'cancelled') AND (NEW.state <> OLD.state
    OR NEW.gallery_size IS DISTINCT FROM OLD.gallery_size OR NEW.model_id IS DISTINCT FROM OLD.model_id
    OR NEW.above_bar IS DISTINCT FROM OLD.above_bar OR NEW.threshold IS DISTINCT FROM OLD.threshold
    OR NEW.finished_at IS DISTINCT FROM OLD.finished_at) THEN
    {refuse("FR-14", "The result of a search cannot be changed.")}
END IF;
"""


class SearchRequest(Record):
    """A search of the gallery for one face of one exhibit, with purpose, facts, progress and a replayable result."""

    class Purpose(models.TextChoices):
        """Why somebody may be searched for (FR-02). Only a suspect search can lead to a warrant (FR-12)."""

        SUSPECT = "suspect", "Identify a suspect"
        WITNESS = "witness", "Find a witness"
        VICTIM = "victim", "Identify a victim"
        MISSING = "missing", "Find a missing or at-risk person"
        DECEASED = "deceased", "Identify a deceased person"

    class State(models.TextChoices):
        """The stages, in order, and the three ends."""

        QUEUED = "queued", "Queued"
        DETECTING = "detecting", "Finding the face"
        EMBEDDING = "embedding", "Measuring the face"
        SEARCHING = "searching", "Comparing with the gallery"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    STAGES = ("queued", "detecting", "embedding", "searching", "done")
    ENDS = ("done", "failed", "cancelled")

    number = models.CharField(max_length=12, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="searches")
    probe = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="searches")
    face = models.JSONField(help_text="The face picked on the probe: ordinal, letter, box, landmarks, score.")
    quality = models.JSONField(default=dict)
    quality_passed = models.BooleanField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    offense = models.ForeignKey(NibrsOffense, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    facts = models.TextField()
    justification = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="searches")
    requested_at = models.DateTimeField(auto_now_add=True)
    rerun_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reruns")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    manual_version = models.ForeignKey(ManualVersion, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    stage_times = models.JSONField(default=dict, help_text="When each stage began, ISO 8601.")
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    gallery_size = models.PositiveIntegerField(null=True, blank=True)
    gallery_watermark = models.BigIntegerField(null=True, help_text="The newest face searched.")
    sources = models.JSONField(default=list)
    model_id = models.CharField(max_length=128, blank=True)
    model_card = models.ForeignKey(ModelCard, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, blank=True)
    parameters = models.JSONField(default=dict)
    timings = models.JSONField(default=dict, help_text="Milliseconds by stage.")
    threshold = models.FloatField(null=True, help_text="The minimum match score in force that day.")
    above_bar = models.PositiveIntegerField(null=True, blank=True)
    probe_embedding = HalfVectorField(dimensions=512, null=True)
    replayed_at = models.DateTimeField(null=True, blank=True)
    replay_same = models.BooleanField(null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="search_number_by_year", fields=["year", "serial"]),
            models.CheckConstraint(
                name="fr_02_purpose",
                condition=Q(purpose__in=["suspect", "witness", "victim", "missing", "deceased"]),
                violation_error_message="That is no purpose for which somebody may be searched (FR-02).",
            ),
            models.CheckConstraint(
                name="fr_04_quality_or_words",
                condition=Q(quality_passed=True) | ~Q(justification=""),
                violation_error_message="A probe that fails the quality gate needs a written justification (FR-04).",
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="search_of_case")]
        triggers = [
            *Record.Meta.triggers,
            guard("fr_01_certified_investigator", REQUESTER, on=pgtrigger.Insert),
            guard(
                "fr_02_grounds",
                GROUNDS,
                on=pgtrigger.Insert,
                declare=[("case_status", "text"), ("offense_class", "text")],
            ),
            guard("fr_03_probe_is_evidence", PROBE, on=pgtrigger.Insert),
            guard("fr_14_result_fixed", STEPS, on=pgtrigger.Update),
            unchanged(
                "fr_14_request_fixed",
                [
                    "number",
                    "case_id",
                    "probe_id",
                    "face",
                    "quality",
                    "quality_passed",
                    "purpose",
                    "offense_id",
                    "facts",
                    "justification",
                    "requested_by_id",
                    "requested_at",
                    "rerun_of_id",
                    "manual_version_id",
                ],
                "FR-14",
                "What was asked of a search cannot be changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Search {self.number}"

    def get_absolute_url(self) -> str:
        """The search's page."""
        return reverse("leads:search-detail", args=[self.number])

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in self.ENDS
