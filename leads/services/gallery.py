"""Gallery sources, imports and opt-outs."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cases import vault
from cases.models import StoredFile
from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.queue import enqueue
from leads.gallery.reading import Item, Reading, digest_of, items_of, read_item
from leads.models import (
    FaceVector,
    GalleryFace,
    GalleryPhoto,
    GallerySource,
    GallerySubject,
    ImportBatch,
    ImportReject,
    OptOut,
)  # fmt: skip
from leads.services.engine import engine, quality_limits

NEAR_COPY_BITS = 4


def add_source(*, actor: User, name: str, kind: str, owner: str, terms: str, provenance: str) -> GallerySource:
    """Add a source; booking, DMV and private ones are refused, and the refusal recorded. Raises ValidationError."""
    source = GallerySource(name=name, kind=kind, owner=owner, terms=terms, provenance=provenance, added_by=actor)
    with policy.door(actor, "gallery.add_source", source, kind=kind):
        source.full_clean()
        source.save()
    return source


def withdraw_source(*, source: GallerySource, actor: User, reason: str) -> GallerySource:
    """Take a source out of use: none of its photos is searched any more. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError("Say why the source is withdrawn.")
    with policy.door(actor, "gallery.add_source", source, justification=reason):
        source.withdrawn_at, source.withdrawn_by, source.withdrawn_reason = timezone.now(), actor, reason
        source.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        FaceVector.objects.filter(source=source).update(active=False)
    return source


def record_opt_out(
    *,
    actor: User,
    sha256: str,
    received_on: date,
    reason: str = "",
    source: GallerySource | None = None,
    vendor_confirmation: str = "",
) -> OptOut:
    """Record an opt-out: the photo and its near copies in the same source are never returned again (FR-06)."""
    photo = GalleryPhoto.objects.filter(sha256=sha256).first()
    source = source or (photo.source if photo else None)
    opt_out = OptOut(
        sha256=sha256,
        phash=photo.phash if photo else None,
        source=source,
        reason=reason,
        received_on=received_on,
        vendor_confirmation=vendor_confirmation,
        recorded_by=actor,
    )
    with policy.door(actor, "gallery.opt_out", opt_out):
        opt_out.full_clean()
        opt_out.save()
        photos = [
            p for p in GalleryPhoto.objects.filter(active=True).filter(_could_be(opt_out)) if _is_near(p, opt_out)
        ]
        ids = [p.pk for p in photos]
        FaceVector.objects.filter(face__photo__in=ids).update(active=False)
        GalleryPhoto.objects.filter(pk__in=ids).update(active=False)
        record(actor=actor, action="gallery.opted_out", subject=opt_out, photos=len(ids))
    return opt_out


def _could_be(opt_out: OptOut):
    from django.db.models import Q

    same = Q(sha256=opt_out.sha256)
    return same | Q(source=opt_out.source, phash__isnull=False) if opt_out.source_id and opt_out.phash else same


def _is_near(photo: GalleryPhoto, opt_out: OptOut) -> bool:
    if photo.sha256 == opt_out.sha256:
        return True
    if opt_out.phash is None or photo.phash is None:
        return False
    return ((photo.phash ^ opt_out.phash) & (2**64 - 1)).bit_count() <= NEAR_COPY_BITS


def request_import(*, source: GallerySource, actor: User, label: str, archive: StoredFile | None = None) -> ImportBatch:
    """Begin an import; with an archive from the browser a worker does it, else the caller goes on with `run_items`."""
    with policy.door(actor, "gallery.import", source):
        batch = ImportBatch.objects.create(source=source, label=label[:300], archive=archive, requested_by=actor)
        if archive is not None:
            enqueue("leads.tasks.run_import", batch.pk)
    return batch


def run_batch(pk: int) -> ImportBatch:
    """Import the archive of a batch, in this process; what is there already is passed over (idempotent)."""
    batch = ImportBatch.objects.select_related("source", "archive", "requested_by").get(pk=pk)
    if batch.state in (ImportBatch.State.DONE, ImportBatch.State.FAILED):
        return batch
    try:
        items = list(items_of(vault.path_of(batch.archive.sha256)))
    except (ValueError, OSError) as error:
        batch.state, batch.error, batch.finished_at = ImportBatch.State.FAILED, str(error), timezone.now()
        batch.save()
        return batch
    for _ in run_items(batch, items, workers=1):
        pass
    return batch


def run_items(batch: ImportBatch, items: list[Item], *, workers: int) -> Iterator[Reading]:
    """Import items one transaction each, yielding what was read; begun anew, it goes on where it was left."""
    batch.state, batch.total, batch.attempts = ImportBatch.State.RUNNING, len(items), batch.attempts + 1
    batch.imported = batch.photos.count()
    batch.rejected, batch.duplicates = batch.rejects.count(), 0
    batch.save()
    for reading in _readings(_left(batch, items), workers):
        keep(batch, reading)
        yield reading
    batch.state, batch.finished_at = ImportBatch.State.DONE, timezone.now()
    batch.save()
    record(
        actor=batch.requested_by,
        action="gallery.imported",
        subject=batch,
        imported=batch.imported,
        duplicates=batch.duplicates,
        rejected=batch.rejected,
    )


def _left(batch: ImportBatch, items: list[Item]) -> list[Item]:
    """The items that an interrupted import has not dealt with: neither rejected nor imported by it."""
    rejected = set(batch.rejects.values_list("name", flat=True))
    items = [item for item in items if item.name not in rejected]
    imported = set(batch.photos.values_list("sha256", flat=True))
    if not imported:
        return items
    left = []
    for item in items:
        digest = digest_of(item)
        if digest in imported:
            imported.discard(digest)  # a second file with the same content is a duplicate, now as then
        else:
            left.append(item)
    return left


def dry_run(items: list[Item], source: GallerySource, *, workers: int) -> Iterator[tuple[Reading, str]]:
    """What an import would do with each item: "import", "duplicate", or the reason for rejecting it."""
    for reading in _readings(items, workers):
        if reading.code:
            yield reading, reading.reason
        elif GalleryPhoto.objects.filter(source=source, sha256=reading.sha256).exists():
            yield reading, "duplicate"
        else:
            yield reading, _opted_out(reading, source) or "import"


def _readings(items: list[Item], workers: int) -> Iterable[Reading]:
    tasks = [(item, settings.MODEL_DIR, quality_limits()) for item in items]
    if workers <= 1:
        yield from map(read_item, tasks)
        return
    with ProcessPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(read_item, tasks, chunksize=4)


@transaction.atomic
def keep(batch: ImportBatch, reading: Reading) -> None:
    """Keep one photo with its faces and templates, or the reason why not; the batch's figures follow."""
    if not reading.code and (reason := _opted_out(reading, batch.source)):
        reading = Reading(reading.item, code="opted_out", reason=reason)
    if reading.code:
        ImportReject.objects.get_or_create(
            batch=batch, name=reading.item.name[:500], defaults={"code": reading.code, "reason": reading.reason[:300]}
        )
        batch.rejected += 1
    elif GalleryPhoto.objects.filter(source=batch.source, sha256=reading.sha256).exists():
        batch.duplicates += 1
    else:
        _add_photo(batch, reading)
        batch.imported += 1
    batch.heartbeat_at = timezone.now()
    batch.save(update_fields=["imported", "duplicates", "rejected", "heartbeat_at"])


def _opted_out(reading: Reading, source: GallerySource) -> str:
    from django.db.models import Q

    for opt_out in OptOut.objects.filter(withdrawn_at__isnull=True).filter(Q(sha256=reading.sha256) | Q(source=source)):
        same = opt_out.sha256 == reading.sha256
        near = opt_out.phash is not None and ((opt_out.phash ^ reading.phash) & (2**64 - 1)).bit_count() <= 4
        if same or near:
            return "The person in this photo opted out (FR-06)."
    return ""


def _add_photo(batch: ImportBatch, reading: Reading) -> GalleryPhoto:
    item = reading.item
    subject = None
    if item.subject:
        subject, _ = GallerySubject.objects.get_or_create(
            source=batch.source, published_name=item.subject[:200], external_id=item.external_id[:200]
        )
    photo = GalleryPhoto.objects.create(
        source=batch.source,
        subject=subject,
        file=vault.store(reading.data),
        sha256=reading.sha256,
        batch=batch,
        phash=reading.phash,
        source_url=item.source_url[:500],
        caption=item.caption[:500],
        width=reading.width,
        height=reading.height,
        captured_on=date.fromisoformat(item.captured_on) if item.captured_on else None,
    )
    model_id = engine().model_id
    for face, measures, template in reading.faces:
        kept = GalleryFace.objects.create(
            photo=photo,
            ordinal=face.ordinal,
            box=list(face.box),
            landmarks=[list(p) for p in face.landmarks],
            score=face.score,
            quality=measures,
            model_id=model_id,
        )
        FaceVector.objects.create(face=kept, model_id=model_id, source=batch.source, embedding=template)
    return photo


def import_folder(*, source: GallerySource, actor: User, path: Path, workers: int) -> tuple[ImportBatch, list[Item]]:
    """Begin an import from the command line, or go on with the one that was left unfinished."""
    items = list(items_of(path))
    unfinished = ImportBatch.objects.filter(source=source, label=str(path)[:300], state="running").first()
    return unfinished or request_import(source=source, actor=actor, label=str(path)), items
