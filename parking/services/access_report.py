"""The month's accesses to plate data, in numbers (PK-17)."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from ecpd.audit.services import record
from parking.models import AccessReport, PlatePurge, PlateQuery, PlateShare, Read

FEW = 5  # smaller counts by person would point at somebody


def report_last_month(*, today: date | None = None) -> AccessReport | None:
    """Make the report of the month that is over; None when it is made already. Safe to run twice."""
    first = (today or timezone.localdate()).replace(day=1)
    month = (first - timedelta(days=1)).replace(day=1)
    if AccessReport.objects.filter(month=month).exists():
        return None
    made, fresh = AccessReport.objects.get_or_create(month=month, defaults={"figures": figures(month, first)})
    if fresh:
        record(actor=None, action="plate.access_report", subject=made, accesses=made.figures["accesses"])
    return made


def figures(begin: date, end: date) -> dict:
    """Accesses from `begin` to before `end`, by purpose and channel, and how unevenly they fall on people."""
    span = (_midnight(begin), _midnight(end))
    queries = PlateQuery.objects.filter(at__gte=span[0], at__lt=span[1])
    by_person = sorted((row["n"] for row in queries.order_by().values("user").annotate(n=Count("pk"))), reverse=True)
    shares = PlateShare.objects.filter(at__gte=span[0], at__lt=span[1])
    purges = PlatePurge.objects.filter(at__gte=span[0], at__lt=span[1])
    return {
        "accesses": queries.count(),
        "by_purpose": _counts(queries, "purpose", dict(PlateQuery.Purpose.choices)),
        "by_channel": _counts(queries, "channel", dict(PlateQuery.Channel.choices)),
        "people": len(by_person),
        "most_by_one_person": by_person[0] if by_person and by_person[0] > FEW else None,
        "shares_granted": shares.filter(outcome="granted").count(),
        "shares_refused": shares.filter(outcome="refused").count(),
        "reads": Read.objects.filter(captured_at__gte=span[0], captured_at__lt=span[1]).count(),
        "reads_deleted": sum(purges.values_list("reads", flat=True)),
    }


def _counts(queries, name: str, words: dict) -> dict[str, int]:
    rows = queries.order_by().values(name).annotate(n=Count("pk"))
    return {str(words.get(row[name], row[name])): row["n"] for row in rows}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
