"""Reads of leads, their evidence for and against."""

from django.db.models import Prefetch, QuerySet

from cases.selectors import cases_visible_to
from leads.models import Corroboration, ExculpatoryAnswer, ExculpatoryEntry, Lead


def leads_visible_to(user) -> QuerySet[Lead]:
    """Leads of the cases a person may look at."""
    return Lead.objects.filter(case__in=cases_visible_to(user)).select_related(
        "case", "case__offense", "person", "created_by", "candidate__search", "candidate__face__photo"
    )


def lead_in_full(user, number: str) -> Lead:
    """One lead with all its page shows. Raises Lead.DoesNotExist when there is none, or none for this person."""
    items = Corroboration.objects.select_related(
        "evidence", "linked_by", "verification", "verification__verifier", "withdrawn_by"
    )
    answers = ExculpatoryAnswer.objects.select_related("answered_by")
    against = ExculpatoryEntry.objects.select_related("evidence", "entered_by").prefetch_related(
        Prefetch("answers", queryset=answers)
    )
    return (
        leads_visible_to(user)
        .select_related("candidate__search__probe", "candidate__search__requested_by", "marked_by", "case__captain")
        .prefetch_related(
            Prefetch("corroborations", queryset=items),
            Prefetch("exculpatory", queryset=against),
            "candidate__examinations__examiner",
            "applications__decisions__captain",
        )
        .get(number=number)
    )


def counting_items(lead: Lead, *, lineup_counts_alone: bool) -> list[Corroboration]:
    """What counts as corroboration (FR-10): verified by another, not withdrawn, would exist without the search.

    A line-up counts only beside another item (FR-11), unless the manual says otherwise.
    """
    items = list(
        lead.corroborations.filter(
            withdrawn_at__isnull=True,
            comes_from_lead="no",
            verification__verified=True,
            evidence__withdrawn_at__isnull=True,
        ).select_related("evidence")
    )
    if not lineup_counts_alone and all(item.kind == Corroboration.Kind.LINEUP for item in items):
        return []
    return items


def unanswered(lead: Lead) -> list[ExculpatoryEntry]:
    """Entries of the exculpatory register without an answer."""
    return list(lead.exculpatory.filter(answers__isnull=True).distinct())
