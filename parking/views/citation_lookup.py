"""Finding citations for pages, and recording that plate data was shown (PK-06)."""

from typing import Any

from django.http import Http404, HttpRequest

from ecpd.web.asking import look, person
from parking.citations.number import read_number
from parking.models import Citation, CitationDraft, PlateQuery
from parking.selectors.citation import citation_alone, with_its_lists
from parking.services.access import note_work


def the_citation(request: HttpRequest, number: str, *, noted: bool = False) -> Any:
    """The citation of this number with all its page shows, read once this person may see it. Raises Http404, PolicyDenied.

    `noted`: the page shows plate data, so the look is recorded.
    """
    try:
        citation = citation_alone(number=read_number(number) or "")
    except Citation.DoesNotExist:
        raise Http404 from None
    look(request, "citation.view", citation)
    if noted:
        note(request, f"Citation {citation.number}", {"citation": citation.number})
    return with_its_lists(citation)


def the_draft(request: HttpRequest, pk: int) -> CitationDraft:
    """One's own draft. Raises Http404."""
    found = (
        CitationDraft.objects.select_related("alert__answer__officer").filter(pk=pk, officer=person(request)).first()
    )
    if found is None or not person(request).may("citation.issue"):
        raise Http404
    return found


def note(request: HttpRequest, reason: str, terms: dict[str, Any], results: int = 1) -> None:
    """Record that this page showed plates of citations."""
    note_work(user=person(request), purpose=PlateQuery.Purpose.CITATION, reason=reason, terms=terms, results=results)
