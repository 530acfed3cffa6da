"""The exculpatory register: what speaks against a lead, and how it is answered (FR-18)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Evidence
from cases.models.one_case import one_case
from ecpd.audit.anchors import in_case
from ecpd.audit.records import Ledger, recorded_now
from ecpd.checks.sql import says
from leads.models.lead import CASE_OF_LEAD, Lead


class ExculpatoryEntry(Ledger):
    """Something that points away from the person of a lead. It is never changed nor withdrawn, only answered."""

    class Kind(models.TextChoices):
        """What it is."""

        DESCRIPTION = "description", "A description that does not fit"
        ALIBI = "alibi", "An alibi"
        OTHER_CANDIDATE = "other_candidate", "Another candidate"
        FAILED_SEARCH = "failed_search", "A search that found nobody or others"
        EXAMINER_DOUBT = "examiner_doubt", "An examiner's doubt"
        OTHER = "other", "Something else"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="exculpatory")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    what = models.TextField("what it shows")
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(max_length=80, blank=True, help_text="Set when the software entered it: from what.")
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        triggers = [
            *Ledger.Meta.triggers,
            in_case(CASE_OF_LEAD.format("NEW.lead_id"), on=pgtrigger.Insert),
            one_case({"evidence_id": "cases_evidence"}, case=CASE_OF_LEAD.format("NEW.lead_id")),
            recorded_now("fr_13_entered_now", "entered_at"),
        ]
        ordering = ["id"]
        verbose_name_plural = "exculpatory entries"
        constraints = [
            models.UniqueConstraint(name="exculpatory_origin_once", fields=["lead", "origin"], condition=~Q(origin="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what[:60]}"

    @property
    def case(self):
        """The lead's case."""
        return self.lead.case


class ExculpatoryAnswer(Ledger):
    """How an entry is explained, or why it stays open. The newest answer stands; all are kept."""

    class Outcome(models.TextChoices):
        """What became of it."""

        EXPLAINED = "explained", "Explained"
        OPEN = "open", "Stays open"

    entry = models.ForeignKey(ExculpatoryEntry, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.TextField("how, or why")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        triggers = [
            *Ledger.Meta.triggers,
            in_case(
                CASE_OF_LEAD.format("(SELECT x.lead_id FROM leads_exculpatoryentry x WHERE x.id = NEW.entry_id)"),
                on=pgtrigger.Insert,
            ),
            recorded_now("fr_13_answered_now", "answered_at"),
        ]
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="fr_18_answer_in_words", condition=says("text"))]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.text[:60]}"
