"""Finding what an address names, and asking the door whether this person may look."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from cases.access import can
from cases.models import Case, Evidence
from cases.views.lookup import the_case
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import allowed_role, look, person
from leads.models import SearchRequest
from leads.selectors.search import search_numbered

__all__ = ["allowed_role", "look", "person", "the_case", "the_probe", "the_search"]


def the_probe(case: Case, number: int | str) -> Evidence:
    """A still image of the case, or 404."""
    exhibits = case.evidence.select_related("file", "derived_from", "case")
    return get_object_or_404(exhibits.filter(file__isnull=False), number=number)


def the_search(request: HttpRequest, number: str, *, recorded: bool = False) -> SearchRequest:
    """The search of this number, if the person may look at it. Raises Http404 or PolicyDenied.

    One of a sealed case does not exist for who is not named on it (AC-04); the attempt is recorded all the same.
    `recorded`: opening a page of candidates stands in the log; its pictures and live parts belong to that opening.
    """
    search = get_object_or_404(search_numbered(number))
    try:
        if recorded:
            policy.authorize(person(request), "search.view", search)
        else:
            look(request, "search.view", search)
    except PolicyDenied:
        if search.case.sealed and not can(person(request), search.case, "view"):
            raise Http404 from None
        raise
    return search
