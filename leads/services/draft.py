"""Drafts of search requests: kept while somebody writes, dropped when the request is sent."""

from collections.abc import Mapping

from cases.models import Evidence
from ecpd.accounts.models import User
from leads.models import SearchDraft, SearchRequest

FIELDS = ("face", "purpose", "offense", "facts", "justification", "no_forbidden_ground")
MOST = 5000  # characters of one answer


def keep(*, user: User, probe: Evidence, data: Mapping[str, str]) -> SearchDraft:
    """Keep what is filled in so far; one draft per person and probe."""
    answers = {field: str(data[field]).replace("\x00", "")[:MOST] for field in FIELDS if field in data}
    draft, _ = SearchDraft.objects.update_or_create(probe=probe, user=user, defaults={"data": answers})
    return draft


def drop(*, user: User, probe: Evidence) -> None:
    """Drop the draft once its request is sent."""
    SearchDraft.objects.filter(probe=probe, user=user).delete()


def from_search(search: SearchRequest) -> dict[str, str]:
    """The answers of an earlier search, to begin a new request with; the declaration is made anew."""
    return {
        "face": search.face["letter"],
        "purpose": search.purpose,
        "offense": search.offense_id or "",
        "facts": search.facts,
        "justification": search.justification,
    }
