"""Writing the timeline."""

from datetime import datetime

from django.utils import timezone

from cases.models import Case, TimelineEntry


def add(
    *, case: Case, kind: str, headline: str, detail: str = "", actor=None, url: str = "", at: datetime | None = None
) -> TimelineEntry:
    """Add a line; call it inside the door of what happened. The case moves up in lists."""
    entry = TimelineEntry.objects.create(
        case=case, kind=kind, headline=headline[:200], detail=detail, actor=actor, url=url, at=at or timezone.now()
    )
    Case.objects.filter(pk=case.pk).update(last_event_at=timezone.now())
    return entry
