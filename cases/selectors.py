"""Every read of cases, scoped to the person."""

import re
from collections.abc import Iterable

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramWordSimilarity
from django.db import connection
from django.db.models import BigIntegerField, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models import Case as CaseWhen
from django.db.models.functions import Cast, Concat, Replace
from guardian.models import UserObjectPermission

from cases.models import (
    Case,
    CaseAssignment,
    CaseLink,
    CaseNote,
    CustodyEntry,
    Evidence,
    IncidentNumber,
    NotSamePerson,
    Person,
    PersonMerge,
    TimelineEntry,
)
from cases.withheld import without_withheld
from ecpd.accounts.roles import READS_ALL_CASES, READS_SEALED_CASES
from ecpd.audit.models import AuditEvent
from ecpd.policy.models import Decision

# "26-000123 E-03", or the exhibit's number alone
EXHIBIT = re.compile(r"(?:(\d\d-\d{6})[\s,/]+)?E-?0*(\d{1,6})", re.IGNORECASE)


def cases_visible_to(user) -> QuerySet[Case]:
    """The cases a person may look at; sealed ones only by name, or to the auditor (AC-04, AC-09)."""
    if user.role_names & READS_SEALED_CASES:
        return Case.objects.all()
    named = Q(pk__in=_named_on(user))
    if user.role_names & READS_ALL_CASES:
        return Case.objects.filter(Q(sealed=False) | named)
    return Case.objects.filter(named)


def decisions_of_visible_cases(user, decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Without the decisions on sealed cases that this person is not named on (AC-04)."""
    hidden = Case.objects.filter(sealed=True).exclude(pk__in=cases_visible_to(user).values("pk"))
    return decisions.exclude(case_number__in=hidden.values("case_number"))


def links_of(case: Case, user) -> list[tuple[CaseLink, Case | None]]:
    """The links of a case, of either side, each with the other case; None for one that this person may not see."""
    found = CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related(
        "case", "other", "entered_by", "withdrawn_by"
    )
    listed = [(link, link.other if link.case_id == case.pk else link.case) for link in found.order_by("pk")]
    seen = set(cases_visible_to(user).filter(pk__in=[other.pk for _, other in listed]).values_list("pk", flat=True))
    return [(link, other if other.pk in seen else None) for link, other in listed]


def sets_apart(tie: IncidentNumber | CaseLink) -> bool:
    """Whether the cases are no matter any more once this is taken back: only where one of them holds nothing else yet."""
    tied = [tie.case_id, tie.other_id] if isinstance(tie, CaseLink) else [tie.case_id]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(public.ecpd_still_empty(c, public.ecpd_now())) FROM unnest(%s::bigint[]) c", [tied]
        )
        return bool(cursor.fetchone()[0])


def numbers_in_words() -> Subquery:
    """The numbers of the incident of each case of a queryset, as “Dispatch 26-014233, Records 26-1044”, or None."""
    system = CaseWhen(
        *(When(system=value, then=Value(f"{label} ")) for value, label in IncidentNumber.System.choices),
        output_field=TextField(),
    )
    live = IncidentNumber.objects.filter(case=OuterRef("pk"), withdrawn_at=None).order_by().values("case")
    words = StringAgg(Concat(system, "number", output_field=TextField()), ", ", ordering="pk")
    return Subquery(live.annotate(words=words).values("words"))


def same_number(case: Case, user) -> tuple[list[Case], int]:
    """The other cases with a number of this one, and how many of them this person may not see."""
    live = IncidentNumber.objects.filter(withdrawn_at=None).annotate(plain=Replace("number", Value("-"), Value("")))
    numbers = live.filter(case=case).values("plain")
    found = Case.objects.filter(pk__in=live.filter(plain__in=numbers).values("case")).exclude(pk=case.pk)
    seen = list(cases_visible_to(user).filter(pk__in=found.values("pk")).order_by("pk"))
    return seen, found.count() - len(seen)


def _named_on(user) -> QuerySet:
    """Keys of the cases this person is named on, straight from guardian's table."""
    rows = UserObjectPermission.objects.filter(
        user=user,
        user__is_active=True,
        permission__codename="view_case",
        permission__content_type__app_label="cases",
        permission__content_type__model="case",
    )
    return rows.values(key=Cast("object_pk", BigIntegerField()))


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
    """Cases whose number, title, place or people contain the words, or whose text speaks of them; or with this exhibit."""
    words = words.strip()
    if not words:
        return cases
    people = Person.objects.filter(name__icontains=words, withdrawn_at__isnull=True).values("case_id")
    asked = EXHIBIT.fullmatch(words)
    number = int(asked[2]) if asked and not asked[1] else 0  # exhibits are counted from 1
    exhibits = Evidence.objects.filter(number=number).values("case_id")
    text = Case.objects.annotate(text=SearchVector("title", "summary", config="english")).filter(
        text=SearchQuery(words, config="english", search_type="websearch")
    )
    return cases.filter(
        Q(case_number__icontains=words)
        | Q(title__icontains=words)
        | Q(location__icontains=words)
        | Q(pk__in=people)
        | Q(pk__in=text.values("pk"))
        | Q(pk__in=exhibits)
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


def timeline_of(case: Case, user, kind: str = "") -> QuerySet[TimelineEntry]:
    """The timeline as this person may see it now, newest first, of one kind or all."""
    entries = without_withheld(case.timeline.select_related("actor"), user)
    return entries.filter(kind=kind) if kind else entries


def of_a_search(people: Iterable[Person], entries: Iterable[TimelineEntry]) -> bool:
    """Whether any of these people or lines of a timeline come from a face search: what shows them says what a lead is."""
    about = TimelineEntry.Kind
    kinds = {about.SEARCH, about.EXAMINATION, about.LEAD, about.CORROBORATION, about.WARRANT}
    return any(one.role == Person.Role.LEAD for one in people) or any(one.kind in kinds for one in entries)


def working_on(case: Case) -> QuerySet[CaseAssignment]:
    """Who works on the case now."""
    return case.assignments.filter(ended_at__isnull=True).select_related("user")


def worked_on(case: Case) -> QuerySet[CaseAssignment]:
    """Who worked on the case before, newest end first."""
    return case.assignments.filter(ended_at__isnull=False).select_related("user", "ended_by").order_by("-ended_at")


def closest(cases: QuerySet[Case], words: str) -> Case | None:
    """The case whose title is most like the words, when nothing contains them; None when nothing comes near."""
    likeness = TrigramWordSimilarity(words[:200], "title")
    return cases.annotate(likeness=likeness).filter(likeness__gte=0.3).order_by("-likeness", "-id").first()


def tab_counts(case: Case) -> dict[str, int]:
    """How many exhibits and people a case has, in one query."""
    exhibits = Evidence.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(count=Count("pk"))
    people = (
        Person.objects.filter(case=OuterRef("pk"), withdrawn_at__isnull=True, merged_into__isnull=True)
        .order_by()
        .values("case")
        .annotate(count=Count("pk"))
    )
    found = Case.objects.filter(pk=case.pk).values(
        evidence_count=Subquery(exhibits.values("count")), people_count=Subquery(people.values("count"))
    )[0]
    return {"evidence": found["evidence_count"] or 0, "people": found["people_count"] or 0}


def timeline_counts(case: Case) -> dict[str, int]:
    """How many entries of each kind the timeline has."""
    rows = case.timeline.order_by().values("kind").annotate(count=Count("pk"))
    return {row["kind"]: row["count"] for row in rows}


def notes_of(case: Case) -> QuerySet[CaseNote]:
    """Notes with their authors and corrections, newest first."""
    return case.notes.select_related("author", "corrects").prefetch_related("corrections").order_by("-id")


def merges_of(case: Case) -> QuerySet[PersonMerge]:
    """Proposals to merge, newest first."""
    return case.merges.select_related("keep", "duplicate", "proposed_by", "decided_by", "undone_by").order_by("-id")


def open_cases_of(user, *, limit: int = 8) -> QuerySet[Case]:
    """The open cases a person works on or commands, with the newest line of each timeline as `newest`."""
    entries = without_withheld(TimelineEntry.objects.filter(case=OuterRef("pk")), user)
    newest = entries.order_by("-at", "-id").values("headline")[:1]
    mine = user.case_assignments.filter(ended_at__isnull=True).values("case_id")
    return (
        cases_visible_to(user)
        .filter(Q(pk__in=mine) | Q(captain=user), status=Case.Status.OPEN)
        .select_related("offense")
        .annotate(newest=Subquery(newest))
        .order_by("-last_event_at", "-id")[:limit]
    )


def merges_waiting_for(user) -> QuerySet[PersonMerge]:
    """Merge proposals of others in cases this person leads or commands."""
    leads = user.case_assignments.filter(ended_at__isnull=True, lead=True).values("case_id")
    return (
        PersonMerge.objects.filter(Q(case__in=leads) | Q(case__captain=user), state=PersonMerge.State.PROPOSED)
        .filter(case__in=cases_visible_to(user))
        .exclude(proposed_by=user)
        .select_related("case", "keep", "duplicate", "proposed_by")
        .order_by("id")
    )


def distinctions_of(case: Case) -> QuerySet[NotSamePerson]:
    """Pairs of entries that somebody told apart."""
    return case.distinctions.select_related("person_a", "person_b", "recorded_by").order_by("-id")


def left_out_of(case: Case) -> QuerySet[Person]:
    """Entries that were withdrawn or merged into another."""
    gone = Q(withdrawn_at__isnull=False) | Q(merged_into__isnull=False)
    return case.people.filter(gone).select_related("withdrawn_by", "merged_into")


def last_check(evidence: Evidence) -> AuditEvent | None:
    """The newest time that the file of an exhibit was hashed again; `detail["same"]` is the answer."""
    checks = AuditEvent.objects.filter(
        subject_type="cases.evidence", subject_id=str(evidence.pk), action="evidence.check_hash"
    )
    return checks.order_by("-id").first()


def pictures_not_compared() -> QuerySet[Evidence]:
    """Exhibits with a picture of which nobody knows yet what it looks like, the oldest first (`cases.likeness`)."""
    unknown = Evidence.objects.filter(phash__isnull=True, file__media_type__startswith="image/")
    return unknown.select_related("case", "file").order_by("pk")
