"""Reads of leads, their evidence for and against."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import CharField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Cast

from cases.access import permissions_of, remember
from cases.models import Case, Evidence
from cases.selectors import cases_visible_to
from ecpd.policy.models import Decision
from leads.corroboration import IS_ANOTHER_KIND
from leads.models import (
    Corroboration,
    Examination,
    ExculpatoryAnswer,
    ExculpatoryEntry,
    Lead,
    LeadSignoff,
    WarrantApplication,
    WarrantDecision,
)
from leads.models.counts_as_v5 import MAY_BE
from leads.models.kin import counts_as as counts_as_sql
from leads.selectors.review import blind_cases
from leads.selectors.standing import standings_of, with_standings

CAN_BE_MARKED = "Can be marked"
REJECTED_FOR_THE_FACE = (
    "SELECT r.evidence_id FROM public.leads_corroboration r JOIN public.leads_corroborationverification w "
    "ON w.corroboration_id = r.id AND NOT w.verified WHERE r.lead_id IN (SELECT public.ecpd_leads_of_the_face(%s))"
)
PICTURES = (
    "candidate__search__probe__file",
    "candidate__search__probe__derived_from__file",
    "candidate__search__requested_by",
    "candidate__search__offense",
    "candidate__search__model_card",
)


def leads_visible_to(user, *, listed: bool = True) -> QuerySet[Lead]:
    """Leads of the cases a person may look at.

    `listed`: without those of cases of which this person examines something blindly; whoever asks for one is told why.
    """
    visible = Lead.objects.filter(case__in=cases_visible_to(user))
    return (visible.exclude(case__in=blind_cases(user)) if listed else visible).select_related(
        "case", "case__offense", "person", "created_by", "candidate__search", "candidate__face__photo"
    )


def lead_alone(user) -> QuerySet[Lead]:
    """Leads for who acts on one: what its page shows besides is read where a form shows it."""
    return leads_visible_to(user, listed=False).select_related("case__captain")


def lead_in_full(user, **which) -> Lead:
    """The one lead with all its page shows. Raises Lead.DoesNotExist when there is none, or none for this person."""
    items = Corroboration.objects.select_related(
        "evidence", "linked_by", "verification", "verification__verifier", "withdrawn_by"
    )
    answers = ExculpatoryAnswer.objects.select_related("answered_by")
    against = ExculpatoryEntry.objects.select_related("evidence__withdrawn_by", "entered_by").prefetch_related(
        Prefetch("answers", queryset=answers)
    )
    examinations = Examination.objects.select_related("examiner", "certificate")
    decisions = Prefetch("decisions", queryset=WarrantDecision.objects.select_related("captain"))
    applications = WarrantApplication.objects.select_related("applicant", "packet").prefetch_related(decisions)
    lead = (
        with_standings(leads_visible_to(user, listed=False))
        .select_related(*PICTURES, "marked_by", "cleared_by", "case__captain", "signoff__supervisor")
        .annotate(permissions=permissions_of(user, "case"), manual_number=with_manual(), bar=with_bar())
        .prefetch_related(
            Prefetch("corroborations", queryset=items),
            Prefetch("exculpatory", queryset=against),
            Prefetch("candidate__examinations", queryset=examinations),
            Prefetch("applications", queryset=applications),
        )
        .get(**which)
    )
    remember(user, lead.case, lead.permissions)
    lead.candidate.search.case = lead.case
    for application in lead.applications.all():
        application.lead = lead
    return lead


def counting_items(lead: Lead, *, lineup_counts_alone: bool) -> list[Corroboration]:
    """What counts as corroboration (FR-10): verified by another, not withdrawn or rejected, not resting on the face.

    A line-up counts only beside another item (FR-11), unless the manual says otherwise.
    """
    standings = standings_of(lead)
    counting = [item for item in items_of(lead) if (found := standings.get(item.pk)) and found.counts]
    if not lineup_counts_alone and all(standings[item.pk].is_lineup for item in counting):
        return []
    return counting


def counts_as(item: Corroboration) -> str:
    """The kind that an item about to be linked counts as: its exhibit says it, not the label of its link (FR-10, FR-11).

    OF_SEARCH: it is the probe or the gallery's photo, by whatever name; NOT_COMPARED: a picture that may be.
    """
    if "counts_as" in item.__dict__:  # said with it
        return item.__dict__["counts_as"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counts_as_sql('%s::text', '%s::jsonb', '%s::bigint', '%s::bigint')}",
            [item.kind, json.dumps(item.details), item.evidence_id, item.lead_id],
        )
        return cursor.fetchone()[0]


def why_another_kind(exhibit: Evidence) -> str:
    """Why an exhibit is not linked as this, and as what it is."""
    labels = MAY_BE.get(exhibit.kind, ((), ()))[0]
    as_what = " or ".join(f"“{Corroboration.Kind(label).label}”" for label in labels) or "nothing"
    return f"{IS_ANOTHER_KIND} This one was entered as “{exhibit.get_kind_display()}”, which is linked as {as_what}."


def is_lineup(item: Corroboration) -> bool:
    """Whether an item about to be linked is a photo line-up (FR-11)."""
    return counts_as(item) == Corroboration.Kind.LINEUP


def rejected_exhibits(lead: Lead) -> set[int]:
    """The exhibits that somebody rejected for a lead to this lead's face, with their copies and what was made of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public.ecpd_kin(ARRAY({REJECTED_FOR_THE_FACE % '%s'}))", [lead.pk])
        return {key for (key,) in cursor.fetchall()}


def with_standing(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Leads with what `standing_of` reads: three more queries for a whole list."""
    items = Corroboration.objects.select_related("evidence", "verification")
    entries = ExculpatoryEntry.objects.select_related("evidence").prefetch_related("answers")
    answers = Prefetch("exculpatory", queryset=entries)
    return (
        with_standings(leads)
        .select_related("signoff")
        .prefetch_related(Prefetch("corroborations", queryset=items), answers)
    )


def standing_of(lead: Lead, settings: Mapping[str, Any]) -> str:
    """Where a lead stands, in words; one that needs nothing more before it is marked says so. For display only."""
    if lead.state != Lead.State.OPEN or lead.case.status == Case.Status.CLOSED:
        return lead.get_state_display()
    counting = counting_items(lead, lineup_counts_alone=bool(settings["lineup_counts_alone"]))
    if len(counting) < settings["corroboration_min"]:
        return lead.get_state_display()
    if unanswered(lead):
        return "Needs an answer"
    if settings["lead_supervisor_signoff"] and signoff_of(lead) is None:
        return "Needs a signature"
    return CAN_BE_MARKED


def signoff_of(lead: Lead) -> LeadSignoff | None:
    """The third person's signature on a lead, or None (FR-08)."""
    if "signoff" in lead._state.fields_cache:  # read with it
        return getattr(lead, "signoff", None)
    return LeadSignoff.objects.filter(lead=lead).select_related("supervisor").first()


def _made_by() -> QuerySet[Decision]:
    """The decisions that made each lead, the last one first (AU-03)."""
    return Decision.objects.filter(
        action="lead.promote",
        outcome=Decision.Outcome.ALLOWED,
        subject_type="leads.candidate",
        subject_id=Cast(OuterRef("candidate_id"), CharField()),
        at__lte=OuterRef("created_at"),
    ).order_by("-id")


def with_manual() -> Subquery:
    """The number of the manual under which each lead was made: that of the decision which made it (AU-03)."""
    return Subquery(_made_by().values("manual_version__number")[:1])


def with_bar() -> Subquery:
    """The least match score that each lead needed when it was made, as that decision read it (FR-07)."""
    return Subquery(_made_by().values("parameters__match_score_min")[:1])


def manual_of(lead: Lead) -> str:
    """The number of the manual's version under which a lead was made, empty when that was not kept yet."""
    if "manual_number" in lead.__dict__:  # read with it
        return lead.__dict__["manual_number"] or ""
    found = Lead.objects.filter(pk=lead.pk).annotate(manual_number=with_manual())
    return found.values_list("manual_number", flat=True).get() or ""


def bar_of(lead: Lead) -> float | None:
    """The least match score that a lead needed when it was made; None where its decision did not keep it."""
    if "bar" in lead.__dict__:  # read with it
        return lead.__dict__["bar"]
    return Lead.objects.filter(pk=lead.pk).annotate(bar=with_bar()).values_list("bar", flat=True).get()


def made_under(lead: Lead) -> str:
    """The same in words; what a later version asks was not asked then."""
    number = manual_of(lead)
    return f"under version {number} of the manual" if number else "before versions of the manual were kept"


def unanswered(lead: Lead) -> list[ExculpatoryEntry]:
    """Entries of the exculpatory register without an answer, or whose exhibit was withdrawn after it."""
    return [entry for entry in entries_of(lead) if not is_answered(entry)]


def is_answered(entry: ExculpatoryEntry) -> bool:
    """Whether an entry has an answer; where its exhibit was withdrawn, one since then (FR-18)."""
    gone = entry.evidence.withdrawn_at if entry.evidence is not None else None
    return any(gone is None or answer.answered_at > gone for answer in entry.answers.all())


def items_of(lead: Lead) -> list[Corroboration]:
    """What is linked, as the lead was read with it, or read now."""
    if read_with(lead, "corroborations"):
        return list(lead.corroborations.all())
    return list(lead.corroborations.select_related("evidence", "verification__verifier", "linked_by"))


def entries_of(lead: Lead) -> list[ExculpatoryEntry]:
    """What speaks against it with its answers, as the lead was read with it, or read now."""
    if read_with(lead, "exculpatory"):
        return list(lead.exculpatory.all())
    answers = Prefetch("answers", queryset=ExculpatoryAnswer.objects.select_related("answered_by"))
    return list(lead.exculpatory.select_related("evidence__withdrawn_by", "entered_by").prefetch_related(answers))


def read_with(lead: Lead, relation: str) -> bool:
    """Whether these rows were read with the lead (`lead_in_full`)."""
    return relation in getattr(lead, "_prefetched_objects_cache", {})
