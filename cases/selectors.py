"""Every read of cases, scoped to the person."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Prefetch, Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from cases.models import Case, CaseAssignment, CustodyEntry, Evidence, Person, TimelineEntry
from ecpd.accounts.roles import READS_ALL_CASES, READS_SEALED_CASES


def cases_visible_to(user) -> QuerySet[Case]:
    """The cases a person may look at; sealed ones only by name, or to the auditor (AC-04, AC-09)."""
    if user.role_names & READS_SEALED_CASES:
        return Case.objects.all()
    named = get_objects_for_user(
        user, "cases.view_case", klass=Case, use_groups=False, with_superuser=False, accept_global_perms=False
    )
    if user.role_names & READS_ALL_CASES:
        return Case.objects.filter(Q(sealed=False) | Q(pk__in=named.values("pk")))
    return named


def case_list(user) -> QuerySet[Case]:
    """Visible cases with what a list shows, newest event first."""
    active = CaseAssignment.objects.filter(ended_at__isnull=True).select_related("user")
    return (
        cases_visible_to(user)
        .select_related("offense", "captain")
        .prefetch_related(Prefetch("assignments", queryset=active, to_attr="active_assignments"))
        .order_by("-last_event_at", "-id")
    )


def matching(cases: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Cases whose number, title, place or people contain the words, or whose text speaks of them."""
    words = words.strip()
    if not words:
        return cases
    people = Person.objects.filter(name__icontains=words, withdrawn_at__isnull=True).values("case_id")
    text = Case.objects.annotate(text=SearchVector("title", "summary", config="english")).filter(
        text=SearchQuery(words, config="english", search_type="websearch")
    )
    return cases.filter(
        Q(case_number__icontains=words)
        | Q(title__icontains=words)
        | Q(location__icontains=words)
        | Q(pk__in=people)
        | Q(pk__in=text.values("pk"))
    )


def evidence_of(case: Case) -> QuerySet[Evidence]:
    """The exhibits of a case with their files, originals and custody."""
    return (
        case.evidence.select_related("file", "derived_from", "added_by", "withdrawn_by")
        .prefetch_related(Prefetch("custody", queryset=CustodyEntry.objects.select_related("recorded_by")))
        .order_by("number")
    )


def people_of(case: Case) -> QuerySet[Person]:
    """The people of a case, without entries that were withdrawn or merged."""
    return case.people.filter(withdrawn_at__isnull=True, merged_into__isnull=True).annotate(copies=Count("merged"))


def timeline_of(case: Case, kind: str = "") -> QuerySet[TimelineEntry]:
    """The timeline, newest first, of one kind or all."""
    entries = case.timeline.select_related("actor")
    return entries.filter(kind=kind) if kind else entries


def working_on(case: Case) -> QuerySet[CaseAssignment]:
    """Who works on the case now."""
    return case.assignments.filter(ended_at__isnull=True).select_related("user")
