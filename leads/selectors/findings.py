"""What a matter knows already about somebody whom a new search lists."""

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from cases.models import NotSamePerson
from leads.models import Candidate, Examination, Lead, SearchRequest
from leads.selectors.dark import dark_searches
from leads.selectors.history import matter_of, of_one_face, or_sealed


def findings_before(search: SearchRequest, candidates: list[Candidate], user) -> dict[int, list[str]]:
    """What people of the matter found out before about the person a candidate shows: pk to sentences.

    The same face, or another of the same person, in whatever search of the matter: excluded by an examiner, its lead
    cleared, or the person of its lead recorded as not the same as somebody else of the case. Nothing of a list that is kept
    from this person (FR-08).
    """
    found: dict[int, list[str]] = defaultdict(list)
    earlier = list(_spoken_of(search).exclude(search__in=dark_searches(user).values("pk")))
    apart = _told_apart(search.case_id) if any(hasattr(other, "lead") for other in earlier) else {}
    for candidate, others in of_one_face(candidates, earlier).items():
        for other in others:
            words = [or_sealed(other.search.case, search.case_id, one) for one in _findings(other, apart)]
            found[candidate] += [one for one in dict.fromkeys(words) if one not in found[candidate]]
    return dict(found)


def _spoken_of(search: SearchRequest) -> QuerySet[Candidate]:
    spoken_of = Q(examinations__conclusion=Examination.Conclusion.EXCLUDE) | Q(lead__isnull=False)
    excluded = Examination.objects.filter(conclusion=Examination.Conclusion.EXCLUDE)
    return (
        Candidate.objects.filter(spoken_of, search__case__in=matter_of(search.case_id))
        .exclude(search=search)
        .select_related("search__case__captain", "lead__person")
        .defer("search__probe_embedding")
        .prefetch_related(Prefetch("examinations", queryset=excluded, to_attr="exclusions"))
        .order_by("pk")
        .distinct()
    )


def _told_apart(case_id: int) -> dict[int, list[str]]:
    """Person of the case to sentences: who they are not."""
    apart: dict[int, list[str]] = defaultdict(list)
    for pair in NotSamePerson.objects.filter(case=case_id).select_related("person_a", "person_b", "recorded_by"):
        for person, other in ((pair.person_a, pair.person_b), (pair.person_b, pair.person_a)):
            apart[person.pk].append(f"not the same person as “{other}” ({pair.recorded_by.short_name}: {pair.reason})")
    return apart


def _findings(other: Any, apart: dict[int, list[str]]) -> list[str]:
    found = [f"Excluded by an examiner in {other.search.number}."] if other.exclusions else []
    if not hasattr(other, "lead"):
        return found
    if other.lead.state == Lead.State.CLEARED:
        found.append(f"Cleared as lead {other.lead.number}: {other.lead.cleared_reason}")
    return found + [f"Lead {other.lead.number} is {words}." for words in apart.get(other.lead.person_id, [])]
