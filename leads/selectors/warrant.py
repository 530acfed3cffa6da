"""Reads of warrant applications."""

from collections import defaultdict
from datetime import datetime

from django.db.models import QuerySet

from cases.selectors import cases_visible_to
from leads.models import CorroborationVerification, ExculpatoryAnswer, ExculpatoryEntry, Lead, WarrantApplication


def applications_visible_to(user) -> QuerySet[WarrantApplication]:
    """Applications of the cases a person may look at."""
    return WarrantApplication.objects.filter(lead__case__in=cases_visible_to(user)).select_related(
        "lead__case__offense", "lead__person", "applicant", "lead__candidate__search"
    )


def last_denied(lead: Lead) -> WarrantApplication | None:
    """The newest application of a lead that a captain denied."""
    return lead.applications.filter(state=WarrantApplication.State.DENIED).order_by("-id").first()


def something_new_since(lead: Lead, moment: datetime) -> bool:
    """Whether an item was verified or rejected, or something that points away was entered or answered, since then."""
    return (
        CorroborationVerification.objects.filter(corroboration__lead=lead, at__gt=moment).exists()
        or ExculpatoryEntry.objects.filter(lead=lead, entered_at__gt=moment).exists()
        or ExculpatoryAnswer.objects.filter(entry__lead=lead, answered_at__gt=moment).exists()
    )


def people_with_a_part(application: WarrantApplication) -> dict[int, set[str]]:
    """Who had which part in what led to an application (FR-13): user id to words."""
    parts: dict[int, set[str]] = defaultdict(set)
    lead = application.lead
    parts[lead.candidate.search.requested_by_id].add("requested the search")
    parts[lead.created_by_id].add("made the lead")
    parts[application.applicant_id].add("applied")
    for examiner in lead.candidate.examinations.values_list("examiner_id", flat=True):
        parts[examiner].add("examined the faces")
    for linker, verifier in lead.corroborations.values_list("linked_by_id", "verification__verifier_id"):
        parts[linker].add("linked evidence")
        if verifier:
            parts[verifier].add("verified evidence")
    return dict(parts)
