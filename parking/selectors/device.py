"""Reads of readers."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from parking.models import Device, IngestBatch, PlateImage


def device_list() -> QuerySet[Device]:
    """Readers, those in use first, with what they sent in the last day."""
    day = Q(reads__received_at__gte=timezone.now() - timedelta(days=1))
    return (
        Device.objects.select_related("registered_by")
        .annotate(reads_today=Count("reads", filter=day))
        .order_by("retired_at", "name")
    )


def second_opinions(device: Device) -> dict[str, int]:
    """What pictures of the last 30 days said to this reader's reads: agreed, differed, without a word, without text."""
    given = PlateImage.objects.filter(
        read__device=device, opinion__isnull=False, asked_at__gte=timezone.now() - timedelta(days=30)
    )
    without = Q(read__plate="")
    return given.aggregate(
        agreed=Count("pk", filter=Q(opinion__agrees=True)),
        differed=Count("pk", filter=Q(opinion__agrees=False)),
        silent=Count("pk", filter=Q(opinion__agrees=None) & ~without),
        without=Count("pk", filter=without),
    )


def batches_of(device: Device) -> QuerySet[IngestBatch]:
    """Deliveries, newest first, without the bodies."""
    return device.batches.defer("raw").order_by("-id")
