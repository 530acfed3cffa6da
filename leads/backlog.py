"""What of leads waits for a worker (ecpd.backlog)."""

from datetime import datetime

from ecpd import backlog
from leads.models import ProbeFaces, SearchRequest


def register() -> None:
    """Searches, and exhibits whose faces are looked for."""
    backlog.register("searches", oldest_search)
    backlog.register("exhibits", oldest_exhibit)


def oldest_search() -> datetime | None:
    """When the oldest search without an end was requested."""
    waiting = SearchRequest.objects.exclude(state__in=SearchRequest.ENDS).order_by("requested_at")
    return waiting.values_list("requested_at", flat=True).first()


def oldest_exhibit() -> datetime | None:
    """When the oldest exhibit was queued whose faces nobody has looked for."""
    waiting = ProbeFaces.objects.filter(state=ProbeFaces.State.QUEUED).order_by("queued_at")
    return waiting.values_list("queued_at", flat=True).first()
