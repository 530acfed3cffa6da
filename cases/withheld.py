"""Kinds of timeline entries that a person does not see for a while: other apps register, cases know none of them."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from cases.models import TimelineEntry

Provider = Callable[..., QuerySet]
_providers: list[tuple[frozenset[str], Provider]] = []


def withhold(kinds: Iterable[str], cases: Provider) -> None:
    """Register, from an AppConfig.ready: `cases(user)` gives the ids of the cases whose entries of these kinds wait."""
    _providers.append((frozenset(kinds), cases))


def without_withheld(entries: QuerySet[TimelineEntry], user) -> QuerySet[TimelineEntry]:
    """The entries that this person may see now."""
    for kinds, cases in _providers:
        entries = entries.exclude(kind__in=kinds, case__in=cases(user))
    return entries
