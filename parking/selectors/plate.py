"""What is known of one plate. Whoever calls records the access first (PK-06)."""

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from parking.models import Alert, PlateImage, Read, Stay
from parking.plates.likeness import normalise


def reads_of(plate: str, plate_state: str = "") -> QuerySet[Read]:
    """Reads with exactly these letters, newest first; of one state where it is given, unknown ones included."""
    reads = Read.objects.filter(plate=normalise(plate)).select_related("zone", "device")
    return (reads.filter(plate_state__in=["", plate_state]) if plate_state else reads).order_by("-captured_at")


def pictures_of(plate: str) -> QuerySet[PlateImage]:
    """Pictures without the reader's text on which the second reader sees these letters, newest first: never a fact."""
    seen = PlateImage.objects.alias(second=KT("opinion__text")).filter(opinion__isnull=False, second=normalise(plate))
    return seen.filter(read__plate="").select_related("read__zone", "read__device").order_by("-read__captured_at")


def stays_of(plate: str) -> QuerySet[Stay]:
    """Stays of this plate, newest first."""
    return Stay.objects.filter(plate=normalise(plate)).select_related("zone").order_by("-last_at")


def alerts_of(plate: str) -> QuerySet[Alert]:
    """Alerts on this plate, newest first."""
    return Alert.objects.filter(plate=normalise(plate)).select_related("zone", "answer__officer").order_by("-raised_at")
