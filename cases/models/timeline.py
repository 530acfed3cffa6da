"""TimelineEntry: what happened in a case, from every app, in one order."""

from django.conf import settings
from django.db import models

from cases.models.case import Case
from ecpd.audit.records import Ledger


class TimelineEntry(Ledger):
    """One line of the timeline; written by services through `cases.services.timeline.add`."""

    class Kind(models.TextChoices):
        """What it is about; the timeline filters by it."""

        CASE = "case", "Case"
        NOTE = "note", "Notes"
        EVIDENCE = "evidence", "Evidence"
        CUSTODY = "custody", "Custody"
        PERSON = "person", "People"
        SEARCH = "search", "Searches"
        EXAMINATION = "examination", "Examinations"
        LEAD = "lead", "Leads"
        CORROBORATION = "corroboration", "Evidence for and against"
        WARRANT = "warrant", "Warrants"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=15, choices=Kind.choices)
    headline = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    url = models.CharField(max_length=200, blank=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["case", "-at", "-id"], name="timeline_of_case")]
        verbose_name_plural = "timeline entries"

    def __str__(self) -> str:
        return self.headline
