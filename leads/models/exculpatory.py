"""The exculpatory register: what speaks against a lead, and how it is answered (FR-18)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5

from cases.models import Evidence
from cases.models.by_name import by_name
from cases.models.one_case import one_case
from ecpd.audit.anchors import in_case
from ecpd.audit.records import Ledger, guard, recorded_now, refuse
from ecpd.checks.sql import says
from leads.models.lead import CASE_OF_LEAD, Lead

OF_ENTRY = "(SELECT x.lead_id FROM leads_exculpatoryentry x WHERE x.id = NEW.entry_id)"
FROM_ITS_RECORD = f"""
IF NEW.origin <> '' AND NOT EXISTS (
        SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_record_of(NEW.origin) r
        WHERE l.id = NEW.lead_id AND r.of_case IN (SELECT public.ecpd_matter(l.case_id))
          AND NEW.origin ~ '^[a-z]+ [0-9]+([.][0-9]+)?$') THEN
    {refuse("FR-18", "What the software enters names the record of this matter that it is from.")}
END IF;
"""


class ExculpatoryEntry(Ledger):
    """Something that points away from the person of a lead. It is never changed nor withdrawn, only answered."""

    class Kind(models.TextChoices):
        """What it is."""

        DESCRIPTION = "description", "A description that does not fit"
        ALIBI = "alibi", "An alibi"
        OTHER_CANDIDATE = "other_candidate", "Another candidate"
        FAILED_SEARCH = "failed_search", "A search that found nobody or others"
        EXAMINER_DOUBT = "examiner_doubt", "An examiner's doubt"
        BEFORE = "before", "What came before for this face"
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
            by_name("entered_by_id", case=CASE_OF_LEAD.format("NEW.lead_id")),
            guard("fr_18_from_its_record", FROM_ITS_RECORD, on=pgtrigger.Insert),
            recorded_now("fr_13_entered_now", "entered_at"),
        ]
        ordering = ["id"]
        verbose_name_plural = "exculpatory entries"
        constraints = [
            # By its words too: an entry that says something else never stands in the way of the true one.
            models.UniqueConstraint(
                "lead", "origin", "kind", MD5("what"), name="fr_18_entered_once", condition=~Q(origin="")
            ),
            models.CheckConstraint(
                name="fr_18_by_somebody_or_software",
                condition=Q(origin="", entered_by__isnull=False) | (~Q(origin="") & Q(entered_by__isnull=True)),
                violation_error_message="A person enters it, or the software does from a record (FR-18).",
            ),
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
                CASE_OF_LEAD.format(OF_ENTRY),
                on=pgtrigger.Insert,
            ),
            by_name("answered_by_id", case=CASE_OF_LEAD.format(OF_ENTRY)),
            recorded_now("fr_13_answered_now", "answered_at"),
        ]
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="fr_18_answer_in_words", condition=says("text"))]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.text[:60]}"
