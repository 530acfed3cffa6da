"""TimelineEntry: what happened in a case, from every app, in one order."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from ecpd.audit.records import Ledger, guard, refuse

WITHIN = r"^/([^/\\]|$)"  # a page of this site, and no other's: "//" and "/\\" lead out
# What happened before the case was opened has one line, without an actor: the offense.
AS_IT_WAS_DONE = f"""
IF NEW.actor_id IS NOT NULL AND NOT public.ecpd_decided(NULL, NULL, NULL, NEW.actor_id) THEN
    {refuse("AC-07", "A line of the timeline is in the name of who acted, or in nobody's.")}
END IF;
IF NEW.actor_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.ecpd_decisions() m JOIN policy_decision d ON d.id = m
        JOIN cases_case k ON k.id = NEW.case_id
        WHERE d.actor_id = NEW.actor_id
          AND (d.case_number = k.case_number AND (d.subject_type <> 'cases.case' OR d.subject_id = k.id::text)
               OR d.action = 'case.create' AND d.subject_id = '' AND public.ecpd_noted('cases_case', k.id::text))) THEN
    {refuse("AC-07", "A line of the timeline is of who acted on this case, in the same transaction.")}
END IF;
IF NEW.at < ecpd_now() - interval '5 minutes' AND (NEW.actor_id IS NOT NULL OR NEW.at IS DISTINCT FROM (
        SELECT k.occurred_at FROM cases_case k WHERE k.id = NEW.case_id)) THEN
    {refuse("AC-07", "A line of the timeline is of now, or of when the offense happened.")}
END IF;
"""


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
        constraints = [
            models.CheckConstraint(name="ac_07_leads_within", condition=Q(url="") | Q(url__regex=WITHIN)),
        ]
        triggers = [*Ledger.Meta.triggers, guard("ac_07_as_it_was_done", AS_IT_WAS_DONE, on=pgtrigger.Insert)]

    def __str__(self) -> str:
        return self.headline
