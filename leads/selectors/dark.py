"""Reads of lists that are kept from who may compare their faces first: without score, rank, name or source (FR-08)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, TypeVar

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from cases.selectors import cases_visible_to
from ecpd.policy.models import Decision
from leads.models import Candidate, Examination, ExculpatoryEntry, Lead, SearchRequest
from leads.selectors.after import News
from leads.selectors.history import matter_of
from leads.selectors.lot import uncompared

OPENS = "candidates.open"
Told = TypeVar("Told", ExculpatoryEntry, News)


def dark_searches(user) -> QuerySet[SearchRequest]:
    """The searches whose list is kept from a person.

    From whoever may examine, while a listed candidate is compared by nobody; not from who opened the list on the record, and
    examines nothing of it any more. Where nobody reaches the bar there is nothing to send on, and the list is told at once.
    What is veiled is closed by that (FR-02).
    """
    if not user.may("review.conclude"):
        return SearchRequest.objects.none()
    done = SearchRequest.objects.filter(state=SearchRequest.State.DONE, veil=None)
    return done.filter(_left(), ~Exists(_opened(user)))


def _left() -> Q:
    above = Candidate.objects.filter(search=OuterRef("pk"), match_score__gte=OuterRef("threshold"))
    return Q(Exists(uncompared().filter(search=OuterRef("pk"))), Exists(above))


def _opened(user) -> QuerySet[Decision]:
    opened = Decision.objects.filter(actor=user, action=OPENS, outcome=Decision.Outcome.ALLOWED)
    return opened.filter(
        subject_type=SearchRequest._meta.label_lower, subject_id=Cast(OuterRef("pk"), output_field=CharField())
    )


def is_dark(search: SearchRequest, user) -> bool:
    """Whether the list of a search is kept from a person."""
    return search.state == SearchRequest.State.DONE and dark_searches(user).filter(pk=search.pk).exists()


def dark_among(searches: Iterable[SearchRequest], user) -> set[int]:
    """The keys of those of these searches whose list is kept from a person."""
    return set(dark_searches(user).filter(pk__in=[one.pk for one in searches]).values_list("pk", flat=True))


def opened_the_list(search: SearchRequest, user) -> bool:
    """Whether a person opened the list of a search before its faces were compared."""
    return SearchRequest.objects.filter(Exists(_opened(user)), pk=search.pk).exists()


def in_his_order(search: SearchRequest, user) -> list[Candidate]:
    """The list of a search in the order in which a person compares it: at random, and always the same.

    By a digest of search, person and face, so that an expert finds the order again, and nothing of the rank is in it.
    """
    listed = search.candidates.select_related("face__photo__file").prefetch_related("examinations")

    def place(candidate: Candidate) -> bytes:
        return sha256(f"{search.pk}:{user.pk}:{candidate.face_id}".encode()).digest()

    return sorted(listed, key=place)


def dark_in_view(user) -> QuerySet[SearchRequest]:
    """The searches, in cases this person may see, whose list is kept from him."""
    return dark_searches(user).filter(case__in=cases_visible_to(user).values("pk"))


def dark_in_the_matter(lead: Lead, user) -> list[str]:
    """The numbers of those of a lead's matter."""
    if not user.may("review.conclude"):
        return []
    dark = dark_in_view(user).filter(case__in=matter_of(lead.case_id))
    return list(dark.order_by("pk").values_list("number", flat=True))


def kept_records(entries: Iterable[ExculpatoryEntry | News], user) -> set[str]:
    """The records (`ExculpatoryEntry.origin`) behind these entries of registers that tell of lists kept from a person."""
    return _of_lists(entries, dark_in_view(user)) if user.may("review.conclude") else set()


def told_and_kept(entries: Iterable[Told], user) -> tuple[list[Told], list[Told]]:
    """What a person is told of a register, and what tells of lists kept from him.

    The latter is shown as one: how much it is says how many reached the bar.
    """
    entries = list(entries)
    kept = kept_records(entries, user)
    return [one for one in entries if one.origin not in kept], [one for one in entries if one.origin in kept]


def news_for(news: Iterable[News], user) -> list[News]:
    """What came in after approval as this person reads it."""
    told, kept = told_and_kept(news, user)
    return told + [News(KEPT, one.at) for one in kept[:1]]


def is_of_an_open_list(entry: ExculpatoryEntry) -> bool:
    """Whether an entry tells of a list that is kept from those who may compare its faces, whoever they are."""
    return bool(_of_lists([entry], SearchRequest.objects.filter(_left(), state=SearchRequest.State.DONE)))


def _of_lists(entries: Iterable[ExculpatoryEntry | News], searches: QuerySet[SearchRequest]) -> set[str]:
    """The origins of these entries that are records of these searches."""
    entries = list(entries)
    keys: dict[str, list[int]] = {kind: [] for kind in IN_A_LIST}
    for entry in entries:
        kind, _, key = entry.origin.partition(" ")
        if kind in keys and (of := key.partition(".")[0]).isdigit():
            keys[kind].append(int(of))
    rows = [
        model.objects.filter(pk__in=keys[kind])
        .filter(**{f"{to_search}__in": searches.values("pk")})
        .order_by()
        .annotate(kind=Value(kind))
        .values_list("kind", "pk")
        for kind, (model, to_search) in IN_A_LIST.items()
        if keys[kind]
    ]
    kept = {f"{kind} {key}" for kind, key in rows[0].union(*rows[1:])} if rows else set()
    return {entry.origin for entry in entries if entry.origin.partition(".")[0] in kept}


# What the software enters in a register from a list: the kind of its origin, the model, and the way to the search.
IN_A_LIST: dict[str, tuple[Any, str]] = {
    "candidate": (Candidate, "search"),
    "elsewhere": (Examination, "candidate__search"),
    "examination": (Examination, "candidate__search"),  # and which part of it, after a point
    "search": (SearchRequest, "pk"),
}
KEPT = "Another search of this matter says something. It is kept from you until its faces are compared (FR-08)."
