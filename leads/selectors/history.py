"""What came before for a face (FR-24). The database says what is one face, one probe, one matter (`history_v1`)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from cases.models import Case
from ecpd.accounts.models import User
from ecpd.web.words import day
from leads.models import (
    Candidate,
    Corroboration,
    Examination,
    ExculpatoryAnswer,
    Lead,
    PurposeException,
    SearchRequest,
    WarrantApplication,
)


def or_sealed(record_case: Case, here: int, words: str) -> str:
    """The words of a record, or, of a sealed case that is not this one, only that it has something and who decides."""
    if record_case.pk == here or not record_case.sealed:
        return words
    captain = record_case.captain.display_name if record_case.captain else "the chief"
    return f"A sealed case holds something about this face; {captain} decides what is disclosed."


def _keys(function: str, key: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{function}(%s)", [key])
        return {found for (found,) in cursor.fetchall()}


def matter_of(case_id: int) -> set[int]:
    """The keys of the cases that are one matter with this one, itself among them."""
    return _keys("ecpd_matter", case_id)


def disclosed_cases(case: Case) -> QuerySet[Case]:
    """The cases of the matter whose records are told here: this one, and those that are not sealed."""
    return Case.objects.filter(pk__in=matter_of(case.pk)).filter(Q(pk=case.pk) | Q(sealed=False))


def cases_of_the_matter(case: Case) -> list[Case]:
    """The cases that are one matter with this one, itself among them, with their captains; the oldest first."""
    return list(Case.objects.filter(pk__in=matter_of(case.pk)).select_related("captain").order_by("pk"))


def sealed_among(cases: Iterable[Case], here: int) -> list[str]:
    """A sentence for each sealed case of a matter but this one: that it has something, and who decides."""
    return [or_sealed(other, here, "") for other in cases if other.sealed and other.pk != here]


def candidates_of_the_face(candidate: Candidate) -> set[int]:
    """The keys of all candidates of the matter that show the person whom this one shows, itself among them."""
    return _keys("ecpd_candidates_of_the_face", candidate.pk)


def searches_of_the_probe(search: SearchRequest) -> set[int]:
    """The keys of the searches of the matter for the face of this search's probe, itself among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id FROM public.ecpd_matter(%s) m(id) JOIN public.leads_searchrequest o ON o.case_id = m.id "
            "WHERE public.ecpd_one_probe(%s, o.id)",
            [search.case_id, search.pk],
        )
        return {key for (key,) in cursor.fetchall()}


def leads_of_the_face(lead: Lead) -> QuerySet[Lead]:
    """The leads of the matter to the face of this lead, or whose person was merged with its person; itself among them."""
    return (
        Lead.objects.filter(pk__in=_keys("ecpd_leads_of_the_face", lead.pk))
        .select_related("case__captain")
        .order_by("pk")
    )


def is_bound(lead: Lead) -> bool:
    """Whether a denial or a clearing of this face in the matter binds the lead: nothing is new since (FR-13, FR-24)."""
    return True in _keys("ecpd_bound", lead.pk)


def new_since(lead: Lead, *, wanted_by: User | None = None) -> list[str]:
    """What is new since this face was denied or cleared, in sentences; nothing else frees the lead (`ecpd_new_since`).

    `wanted_by`: who marks or applies, and whose own verification or answer frees nothing (`ecpd_bound_for`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_a, key FROM public.ecpd_new_since(%s) ORDER BY 1 DESC, 2", [lead.pk])
        found = cursor.fetchall()
    links = Corroboration.objects.select_related("evidence", "linked_by", "verification__verifier")
    answers = ExculpatoryAnswer.objects.select_related("entry", "answered_by")
    linked = links.in_bulk([key for is_a, key in found if is_a == "link"]) if found else {}
    answered = answers.in_bulk([key for is_a, key in found if is_a == "answer"]) if found else {}
    own = wanted_by.pk if wanted_by else None
    return [
        *(
            f"{one.evidence.label}, as {one.get_kind_display().lower()}, linked by {one.linked_by.short_name}, verified by "
            f"{one.verification.verifier.short_name} on {day(one.verification.at)}."
            for one in linked.values()
            if one.verification.verifier_id != own
        ),
        *(
            f"{one.answered_by.short_name} on {day(one.answered_at)}, to “{one.entry.what}”: {one.text}"
            for one in answered.values()
            if one.answered_by_id != own
        ),
    ]


def ends_of_the_face(lead: Lead) -> list[tuple[datetime, str]]:
    """When, how and by whom leads to this face ended, newest first: applications denied, people cleared."""
    found = leads_of_the_face(lead).select_related("case__captain", "cleared_by")
    denied = WarrantApplication.objects.filter(lead__in=found.order_by(), state="denied")
    denied = denied.select_related("lead__case__captain").prefetch_related("decisions__captain")
    ends = [
        (one.decided_at, one.case, f"{one.number} was denied{_by(_deniers(one))}{_on(one.decided_at)}")
        for one in denied
        if one.decided_at
    ]
    ends += [
        (one.cleared_at, one.case, f"{one.number} was cleared{_by([one.cleared_by])}{_on(one.cleared_at)}")
        for one in found
        if one.cleared_at
    ]
    return [
        (at, or_sealed(case, lead.case_id, words))
        for at, case, words in sorted(ends, key=lambda end: end[0], reverse=True)
    ]


def _deniers(application: WarrantApplication) -> list[User | None]:
    return [one.captain for one in application.decisions.all() if one.outcome == "deny"]


def _by(people: Iterable[User | None]) -> str:
    return "".join(f" by {person.short_name}" for person in people if person is not None)


def _on(moment: datetime) -> str:
    return f" on {day(moment)}"


def other_purposes(lead: Lead) -> QuerySet[SearchRequest]:
    """The searches of the matter for this face with another purpose than a suspect's (FR-12)."""
    found = SearchRequest.objects.filter(pk__in=_keys("ecpd_other_purposes", lead.pk))
    return found.select_related("case__captain").defer("probe_embedding").order_by("pk")


def searches_in_words(searches: Iterable[SearchRequest], here: int) -> str:
    """Searches of the matter by number and purpose, "" for none."""
    words = (or_sealed(one.case, here, f"{one.number}, {one.get_purpose_display().lower()}") for one in searches)
    return "; ".join(dict.fromkeys(words))


def exceptions_of(lead: Lead) -> list[PurposeException]:
    """Captains' reasons why this face has a way to a warrant all the same, the oldest first (FR-12)."""
    return list(PurposeException.objects.filter(lead=lead).select_related("captain").order_by("pk"))


def not_excepted(lead: Lead, others: Sequence[SearchRequest] | None = None) -> list[SearchRequest]:
    """The searches with another purpose than a suspect's (`others`, where they are read) that no captain's reason names."""
    others = list(other_purposes(lead)) if others is None else others
    reasons = exceptions_of(lead) if others else []
    return [one for one in others if not any(names(excepted, one) for excepted in reasons)]


def names(excepted: PurposeException, search: SearchRequest) -> bool:
    """Whether a captain's reason is about this search: it stood open then, and had ended.

    A reason of an older release names none: it is about those that ended before it.
    """
    stood_open = excepted.searches is None or search.pk in excepted.searches
    return stood_open and excepted.at > (search.finished_at or search.requested_at)


def waiting_for_the_face(lead: Lead) -> list[str]:
    """Other leads' applications to this face that wait for a captain, in sentences."""
    others = leads_of_the_face(lead).exclude(pk=lead.pk)
    waiting = WarrantApplication.objects.filter(lead__in=others, state="submitted").select_related(
        "lead__case__captain"
    )
    return [
        or_sealed(one.case, lead.case_id, f"{one.number} on {one.lead.number} waits for a decision.") for one in waiting
    ]


def not_thought_possible(candidate: Candidate) -> QuerySet[Examination]:
    """The examinations of the matter that found this face, for this probe, no possible match (FR-24)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM public.ecpd_candidates_of_the_face(%s) f(id) JOIN public.leads_candidate c ON c.id = f.id "
            "WHERE public.ecpd_one_probe(c.search_id, %s)",
            [candidate.pk, candidate.search_id],
        )
        keys = [key for (key,) in cursor.fetchall()]
    found = Examination.objects.filter(candidate__in=keys).exclude(conclusion=Examination.Conclusion.POSSIBLE_MATCH)
    return found.select_related("candidate__search__case__captain", "examiner").order_by("pk")


def knew_the_matter(candidates: Iterable[int]) -> QuerySet[Examination]:
    """The second examinations of these candidates whose examiner was not blind, as is known by now (FR-08)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT k.id FROM unnest(%s::bigint[]) f(id), public.ecpd_knew_the_matter(f.id) k(id)",
                       [list(candidates)])  # fmt: skip
        keys = [key for (key,) in cursor.fetchall()]
    found = Examination.objects.filter(pk__in=keys) if keys else Examination.objects.none()
    return found.select_related("candidate__search__case__captain", "examiner").order_by("pk")


def not_blind_in_words(examination: Examination, here: Case) -> str:
    """That a second examination does not count as blind, and why; where a sealed case of the matter may be the reason, only
    that one has something and who decides, so that nobody learns who works on it (AC-04)."""
    of = examination.candidate
    sealed = sealed_among(cases_of_the_matter(here), here.pk)
    which = f"The second examination of candidate {of.rank} of {of.search.number} does not count as blind"
    if sealed:
        return f"{which}. {sealed[0]}"
    knew = "knew another case of this matter, or this face"
    return f"{which}: {examination.examiner.display_name} {knew}, on {day(examination.recorded_at)}."


def of_one_face(candidates: Iterable[Candidate], others: Iterable[Candidate]) -> dict[int, list[Candidate]]:
    """Which of `others` show the person whom a candidate shows: a candidate's key to them."""
    by_key = {other.pk: other for other in others}
    found: dict[int, list[Candidate]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mine.id, other.id FROM public.leads_candidate mine, public.leads_candidate other "
            "WHERE mine.id = ANY (%s) AND other.id = ANY (%s) AND public.ecpd_one_face(mine.face_id, other.face_id)",
            [[candidate.pk for candidate in candidates], list(by_key)],
        )
        for mine, other in cursor.fetchall():
            found[mine].append(by_key[other])
    return dict(found)
