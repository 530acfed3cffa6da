"""Reads of notices."""

from django.db.models import Q, QuerySet

from parking.models import CitationNotice
from parking.models.notice import MAILED


def notices_to_mail() -> QuerySet[CitationNotice]:
    """Notices that wait to be mailed, the oldest first: an owner's clock starts with the mailing.

    A citation whose vehicle drove off before it could be attached goes out by mail as well (40202(d)).
    """
    drove_off = Q(kind=CitationNotice.Kind.LETTER, citation__delivery__how="drove_off", citation__state="issued")
    waiting = CitationNotice.objects.filter(Q(kind__in=MAILED) | drove_off, mailing__isnull=True)
    return waiting.select_related("citation").order_by("issued_at", "id")
