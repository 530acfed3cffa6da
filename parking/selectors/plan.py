"""Reads of payment plans and what people ask for."""

from datetime import date
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from parking.models import LedgerEntry, PaymentPlan, PlanCitation, PlanRequest
from parking.selectors.ledger import MONEY_IN


def open_requests() -> QuerySet[PlanRequest]:
    """Requests that wait for an answer, the oldest first."""
    return PlanRequest.objects.filter(state=PlanRequest.State.OPEN).select_related("citation", "entered_by")


def paid_on(plan: PaymentPlan) -> int:
    """Cents paid on the plan's citations since it was granted."""
    covered = plan.citations.values("citation")
    since = LedgerEntry.objects.filter(citation__in=covered, kind__in=MONEY_IN, at__gte=plan.granted_at)
    return -(since.aggregate(total=Sum("amount_cents"))["total"] or 0)


def with_paid(covered: QuerySet[PlanCitation]) -> QuerySet[Any]:
    """Rows of plans with `paid_cents`: what `paid_on` gives for the plan of each, all in the one query."""
    since = LedgerEntry.objects.filter(
        citation__plans__plan=OuterRef("plan"), kind__in=MONEY_IN, at__gte=OuterRef("plan__granted_at")
    )
    summed = since.order_by().values("citation__plans__plan").annotate(total=Sum("amount_cents")).values("total")
    return covered.annotate(paid_cents=-Coalesce(Subquery(summed, output_field=IntegerField()), 0))


def due_so_far(plan: PaymentPlan, today: date | None = None) -> int:
    """Cents that should have been paid by today: a part on each month's day, no more than is owed."""
    day = today or timezone.localdate()
    if day < plan.first_due_on:
        return 0
    months = (day.year - plan.first_due_on.year) * 12 + day.month - plan.first_due_on.month
    parts = months + (day.day >= plan.first_due_on.day)
    return min(plan.owed_cents, max(1, parts) * plan.monthly_cents)
