"""Reads of the plate usage policy."""

from django.db.models import QuerySet

from parking.models import PlatePolicy


def policy_in_force() -> PlatePolicy | None:
    """The newest published policy that is not withdrawn, or None: then no read is accepted (PK-09)."""
    published = PlatePolicy.objects.filter(published_at__isnull=False, withdrawn_at__isnull=True)
    return published.select_related("published_by").first()


def policy_versions() -> QuerySet[PlatePolicy]:
    """Every version, the newest first."""
    return PlatePolicy.objects.select_related("drafted_by", "published_by")
