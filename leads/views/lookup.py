"""Finding what an address names, and asking the door whether this person may look."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from cases.access import can
from cases.finding import nothing_there
from cases.models import Case, Evidence
from cases.views.lookup import the_case
from ecpd.policy import engine as policy
from ecpd.web.asking import allowed_role, look, person
from leads.models import SearchRequest
from leads.selectors.search import search_numbered

__all__ = ["allowed_role", "look", "person", "the_case", "the_probe", "the_search"]


def the_probe(case: Case, number: int | str) -> Evidence:
    """A still image of the case, or 404."""
    exhibits = case.evidence.select_related("file", "derived_from", "case")
    return get_object_or_404(exhibits.filter(file__isnull=False), number=number)


def the_search(request: HttpRequest, number: str, *, recorded: bool = False, result: bool = False) -> SearchRequest:
    """The search of this number, if the person may look at it. Raises Http404 or PolicyDenied.

    One of a case that is hidden from this person does not exist (AC-04); the attempt is recorded all the same.
    `recorded`: opening a page of candidates stands in the log; its pictures and live parts belong to that opening.
    `result`: what the search found is looked at, which may be veiled (FR-02).
    """
    user = person(request)
    allowed_role(request, "search.view")
    search = search_numbered(number).first()
    if search is None or not can(user, search.case, "view"):
        nothing_there(SearchRequest, user, "search.view", number=number)
    if recorded:
        policy.authorize(user, "search.view", search, result=result)
    else:
        look(request, "search.view", search, result=result)
    return search
