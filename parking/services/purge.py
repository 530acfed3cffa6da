"""Letting plate data go when its time is over, with proof (PK-05). The database refuses what is not due by itself."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    Expression,
    F,
    Func,
    OuterRef,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from parking import store
from parking.models import Finding, IngestBatch, PlateImage, PlatePurge, Read, ReadKeep, Stay, Track

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


class Held(Func):
    """Whether a hold that stands may be of this: the database's own answer, which its guards ask too."""

    output_field = BooleanField()

    @classmethod
    def read(cls, key: str) -> "Held":
        """Of a read, by the name of its key."""
        return cls(key, function="ecpd_read_held")

    @classmethod
    def plate(cls, letters: Expression | F, keys: Expression | F, state: Expression | F, *when: F) -> "Held":
        """Of what was read of a vehicle between two moments; without them, whenever."""
        began, ended = when or (Value("-infinity"), Value("infinity"))
        return cls(
            Cast(letters, TextField()), Cast(keys, ArrayField(TextField())), Cast(state, TextField()),
            Cast(began, DateTimeField()), Cast(ended, DateTimeField()), function="ecpd_plate_held",
        )  # fmt: skip


def due(before: datetime) -> QuerySet[Read]:
    """Reads captured before a moment that are no evidence and not held."""
    kept = ReadKeep.objects.filter(read=OuterRef("pk"))
    old = Read.objects.filter(captured_at__lt=before).exclude(Exists(kept))
    return old.alias(held=Held.read("pk")).filter(held=False).order_by("pk")


def _derived(before: datetime) -> tuple[int, int]:
    """What was made of reads goes too, unless it may be of a vehicle under a hold. How many stays and deliveries."""
    held = Held.plate(F("plate"), F("keys"), F("plate_state"), F("first_at"), F("last_at"))
    tracks = Track.objects.filter(last_at__lt=before).alias(held=held).filter(held=False)
    of_a_stay = Held.plate(F("plate"), F("track__keys"), F("plate_state"), F("first_at"), F("last_at"))
    stays = Stay.objects.filter(last_at__lt=before).alias(held=of_a_stay).filter(held=False)
    letters = KT("content__plate")
    keys = Func(letters, function="ecpd_plate_keys", output_field=ArrayField(TextField()))
    found = Finding.objects.filter(found_at__lt=before).exclude(state=Finding.State.RAISED)
    gone = stays.delete()[1].get("parking.Stay", 0)
    tracks.delete()
    found.alias(held=Coalesce(Held.plate(letters, keys, KT("content__plate_state")), False)).filter(held=False).delete()
    of_a_hold = Read.objects.filter(batch=OuterRef("pk")).alias(held=Held.read("pk")).filter(held=True)
    old = IngestBatch.objects.filter(received_at__lt=before)
    old.filter(raw__isnull=False).exclude(Exists(of_a_hold)).update(raw=None)
    return gone, old.filter(reads__isnull=True).delete()[0]


def _purge(actor: User | None) -> PlatePurge:
    days = int(policy.parameter("plate_retention_days"))
    before = timezone.now() - timedelta(days=days)
    tally = _Tally()
    while _delete_chunk(before, tally):
        pass
    with transaction.atomic():
        stays, batches = _derived(before)
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
