"""Reads of permit classes and their rules."""

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from parking.models import PermitClass, PermitTerms


def terms_in_force(day: date | None = None) -> list[PermitTerms]:
    """The rules under which each class can be applied for on a day (today): the newest that began."""
    rows = (
        PermitTerms.objects.filter(
            effective_on__lte=day or timezone.localdate(), permit_class__withdrawn_at__isnull=True
        )
        .order_by("permit_class_id", "-effective_on", "-id")
        .distinct("permit_class_id")
        .select_related("permit_class")
        .prefetch_related("areas")
    )
    return sorted(rows, key=lambda terms: (terms.permit_class.kind, terms.permit_class.name))


def terms_of(code: str) -> PermitTerms | None:
    """The rules in force today of the class with this code; None when it cannot be applied for."""
    return next((terms for terms in terms_in_force() if terms.permit_class.code == code), None)


def classes_listed() -> QuerySet[PermitClass]:
    """Every class with its rules, the newest first, and how many permits are live."""
    live = Q(terms__permits__ended_at__isnull=True, terms__permits__ends__gt=timezone.now())
    return PermitClass.objects.annotate(live=Count("terms__permits", filter=live, distinct=True)).prefetch_related(
        Prefetch("terms", PermitTerms.objects.select_related("entered_by").prefetch_related("areas"))
    )
