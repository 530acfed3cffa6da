"""GallerySource: where gallery photos come from. The public realm only (FR-05)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ecpd.audit.records import Record, marked_now, unchanged
from ecpd.checks.sql import says


class GallerySource(Record):
    """A source with its owner, terms and provenance. Booking, DMV and private photos are no choice of `kind`."""

    class Kind(models.TextChoices):
        """Public-realm kinds."""

        NEWS = "news", "News site"
        CITY_ARCHIVE = "city_archive", "City photo archive"
        PUBLIC_EVENT = "public_event", "Public event page"
        COMPANY_PAGE = "company_page", "Company page"
        UNIVERSITY_PAGE = "university_page", "University page"
        PUBLIC_SOCIAL = "public_social", "Public social-media page"
        OPEN_WEB = "open_web", "Other public web page"
        SYNTHETIC = "synthetic", "Synthetic, for demonstration"

    REFUSED_KINDS = {
        "booking": "Booking photos",
        "dmv": "DMV photos",
        "private": "Private source",
    }

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    owner = models.CharField("who publishes it", max_length=200)
    terms = models.TextField("on what terms it may be used")
    provenance = models.TextField("how the photos were obtained")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_at", "withdrawn_by_id", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="fr_05_public_realm_only",
                condition=Q(
                    kind__in=[
                        "news",
                        "city_archive",
                        "public_event",
                        "company_page",
                        "university_page",
                        "public_social",
                        "open_web",
                        "synthetic",
                    ]
                ),
                violation_error_message="Gallery sources are public-realm only (FR-05).",
            ),
            models.CheckConstraint(
                name="fr_05_source_withdrawn_reason",
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & says("withdrawn_reason")),
                violation_error_message="A source is withdrawn by somebody, for a reason (FR-05).",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            marked_now("fr_13_withdrawn_now", "withdrawn_at"),
            unchanged(
                "fr_05_source_fixed",
                ["name", "kind", "owner", "terms", "provenance", "added_by_id", "added_at"],
                "FR-05",
                "What a source is cannot be changed; withdraw it and add another.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
