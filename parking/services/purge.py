"""Letting plate data go when its time is over, with proof (PK-05). The database refuses what is not due by itself."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from parking import store
from parking.models import Finding, IngestBatch, PlateHold, PlateImage, PlatePurge, Read, ReadKeep, Stay, Track

CHUNK = 5_000
LOCK = 0x9B05


@dataclass
class _Tally:
    """What left so far, and the running digest of it."""

    reads: int = 0
    images: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


def purge_by_hand(*, actor: User) -> PlatePurge:
    """Delete what is due now. Raises PolicyDenied without a council resolution."""
    policy.authorize(actor, "plate.purge")
    return _purge(actor)


def purge_nightly() -> PlatePurge | None:
    """The same, every night; nothing while no resolution is entered."""
    if not str(policy.parameter("plate_retention_resolution")).strip():
        return None
    return _purge(None)


def due(before: datetime) -> QuerySet[Read]:
    """Reads captured before a moment that are no evidence and not held."""
    held = PlateHold.objects.filter(
        Q(plate_state="") | Q(plate_state=OuterRef("plate_state")),
        Q(since__isnull=True) | Q(since__lte=OuterRef("captured_at")),
        Q(until__isnull=True) | Q(until__gte=OuterRef("captured_at")),
        plate=OuterRef("plate"),
        released_at__isnull=True,
    )
    kept = ReadKeep.objects.filter(read=OuterRef("pk"))
    return Read.objects.filter(captured_at__lt=before).exclude(Exists(kept)).exclude(Exists(held)).order_by("pk")


def _purge(actor: User | None) -> PlatePurge:
    days = int(policy.parameter("plate_retention_days"))
    before = timezone.now() - timedelta(days=days)
    tally = _Tally()
    while _delete_chunk(before, tally):
        pass
    with transaction.atomic():
        stays = Stay.objects.filter(last_at__lt=before).delete()[1].get("parking.Stay", 0)
        Track.objects.filter(last_at__lt=before).delete()
        Finding.objects.filter(found_at__lt=before).exclude(state=Finding.State.RAISED).delete()
        IngestBatch.objects.filter(received_at__lt=before, raw__isnull=False).update(raw=None)
        batches = IngestBatch.objects.filter(received_at__lt=before, reads__isnull=True).delete()[0]
        made = PlatePurge.objects.create(
            before=before,
            retention_days=days,
            resolution=str(policy.parameter("plate_retention_resolution")),
            reads=tally.reads,
            images=tally.images,
            stays=stays,
            batches=batches,
            kept=Read.objects.filter(captured_at__lt=before).count(),
            digest=tally.digest.hexdigest(),
            left_over=due(before).count(),
        )
        record(actor=actor, action="plate.purge", subject=made, reads=made.reads, images=made.images,
               kept=made.kept, before=before.isoformat(), digest=made.digest)  # fmt: skip
    return made


def _delete_chunk(before: datetime, tally: _Tally) -> int:
    """Delete some reads with their pictures, in one transaction; files go once that is committed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        rows = list(due(before).values_list("pk", "device_id", "device_seq", "captured_at")[:CHUNK])
        keys = [row[0] for row in rows]
        pictures = set(PlateImage.objects.filter(read__in=keys).values_list("sha256", flat=True))
        images = PlateImage.objects.filter(read__in=keys).delete()[0]
        Read.objects.filter(pk__in=keys).delete()
        transaction.on_commit(lambda: _remove_files(pictures))
    for row in rows:
        tally.digest.update("|".join(map(str, row)).encode() + b"\n")
    tally.reads += len(keys)
    tally.images += images
    return len(keys)


def _remove_files(pictures: set[str]) -> None:
    """Files that no other read shows. A crash may leave one behind, which names nothing any more."""
    for sha256 in pictures:
        store.remove(sha256, unless=PlateImage.objects.filter(sha256=sha256).exists)
