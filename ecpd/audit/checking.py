"""Verifications that somebody asked for, made by the sealer's process."""

from django.db.models import QuerySet

from ecpd.audit.models import ChainCheck, CheckRequest, Sealer
from ecpd.audit.verification import keep, verify


def carry_out_requests() -> int:
    """Verify once for all who asked until now, and keep the result for each; returns how many asked."""
    asked = list(waiting_requests().select_related("requested_by"))
    if not asked:
        return 0
    Sealer.objects.filter(pk=1).update(checking=f"Since request {asked[-1].pk}")
    result = verify()
    for request in asked:
        keep(result, started_by=request.requested_by, request=request)
    Sealer.objects.filter(pk=1).update(checking="")
    return len(asked)


def waiting_requests() -> QuerySet[CheckRequest]:
    """Requests without a result, the oldest first."""
    done = ChainCheck.objects.filter(request__isnull=False).values("request_id")
    return CheckRequest.objects.exclude(pk__in=done).order_by("pk")
