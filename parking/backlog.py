"""What of parking waits for a worker (ecpd.backlog)."""

from datetime import datetime

from django.db.models import Min

from ecpd import backlog
from parking.models import Finding, PlateImage, Read
from parking.services.second_opinion import WAITING


def register() -> None:
    """Reads, alerts and pictures, each with a worker of its own."""
    backlog.register("reads", oldest_read)
    backlog.register("alerts", oldest_finding)
    backlog.register("pictures", oldest_picture)


def oldest_read() -> datetime | None:
    """When the oldest read came in that nobody has looked at."""
    return Read.objects.filter(state=Read.State.RECEIVED).aggregate(at=Min("received_at"))["at"]


def oldest_finding() -> datetime | None:
    """When the oldest breach was found that is not yet an alert."""
    return Finding.objects.filter(state=Finding.State.FOUND).aggregate(at=Min("found_at"))["at"]


def oldest_picture() -> datetime | None:
    """When the picture that waits longest for a second opinion was asked about."""
    return PlateImage.objects.filter(WAITING).aggregate(at=Min("asked_at"))["at"]
