"""Reads of readers."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from parking.models import Device, IngestBatch


def device_list() -> QuerySet[Device]:
    """Readers, those in use first, with what they sent in the last day."""
    day = Q(reads__received_at__gte=timezone.now() - timedelta(days=1))
    return (
        Device.objects.select_related("registered_by")
        .annotate(reads_today=Count("reads", filter=day))
        .order_by("retired_at", "name")
    )


def batches_of(device: Device) -> QuerySet[IngestBatch]:
    """Deliveries, newest first, without the bodies."""
    return device.batches.defer("raw").order_by("-id")
