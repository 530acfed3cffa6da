"""Reads of the table of violations."""

from datetime import date

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from parking.models import Violation, ViolationAmount


def amount_on(violation: Violation, day: date) -> ViolationAmount | None:
    """The amount in force on a day: the one that began last; None before the first resolution (PK-16)."""
    return violation.amounts.filter(effective_on__lte=day).order_by("-effective_on", "-id").first()


def violations_in_force(day: date) -> QuerySet[Violation]:
    """Violations that can be cited on a day, each with `cents` and `late_cents`."""
    newest = ViolationAmount.objects.filter(violation=OuterRef("pk"), effective_on__lte=day).order_by(
        "-effective_on", "-id"
    )
    return Violation.objects.filter(withdrawn_at__isnull=True).annotate(
        cents=Subquery(newest.values("amount_cents")[:1]), late_cents=Subquery(newest.values("late_fee_cents")[:1]),
        resolution=Subquery(newest.values("resolution")[:1]),
    ).filter(cents__isnull=False)  # fmt: skip


def violation_table(day: date) -> QuerySet[Violation]:
    """Every violation, withdrawn ones last, with the amount of the day and how often it was cited."""
    newest = ViolationAmount.objects.filter(violation=OuterRef("pk"), effective_on__lte=day).order_by(
        "-effective_on", "-id"
    )
    return Violation.objects.annotate(
        cents=Subquery(newest.values("amount_cents")[:1]), late_cents=Subquery(newest.values("late_fee_cents")[:1]),
        resolution=Subquery(newest.values("resolution")[:1]), since=Subquery(newest.values("effective_on")[:1]),
        cited=Count("citations", filter=Q(citations__state="issued")),
    ).order_by("withdrawn_at", "order", "section")  # fmt: skip


def violation_in_full(code: str) -> Violation:
    """One violation with every amount. Raises Violation.DoesNotExist."""
    amounts = ViolationAmount.objects.select_related("entered_by")
    return Violation.objects.select_related("added_by").prefetch_related(Prefetch("amounts", amounts)).get(code=code)
