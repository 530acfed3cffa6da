"""Reads of notices."""

from django.db.models import QuerySet

from parking.models import CitationNotice
from parking.models.notice import MAILED


def notices_to_mail() -> QuerySet[CitationNotice]:
    """Notices that wait to be mailed, the oldest first: an owner's clock starts with the mailing."""
    waiting = CitationNotice.objects.filter(kind__in=MAILED, mailing__isnull=True)
    return waiting.select_related("citation").order_by("issued_at", "id")
