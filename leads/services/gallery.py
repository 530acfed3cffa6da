"""Gallery sources, imports and opt-outs."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from cases import vault
from cases.models import StoredFile
from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.checks.letters import says_something
from ecpd.files import all_or_nothing
from ecpd.locks import IMPORTS, held
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from ecpd.queue import enqueue
from leads.gallery.reading import NO_LIST, Item, Reading, digest_of, items_of, read_item
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
from leads.near import is_near
from leads.selectors.shown import of_photo, of_source
from leads.services.engine import engine, quality_limits


class RunningElsewhere(StaleState):
    """Another worker, or a person at the command line, is at this import."""


class SourceWithdrawn(StaleState):
    """The source was taken out of use while its photos were being imported."""

    def __init__(self) -> None:
        super().__init__("The source was withdrawn meanwhile. Nothing more is imported from it.")


def add_source(*, actor: User, name: str, kind: str, owner: str, terms: str, provenance: str) -> GallerySource:
    """Add a source; booking, DMV and private ones are refused, and the refusal recorded. Raises ValidationError."""
    source = GallerySource(name=name, kind=kind, owner=owner, terms=terms, provenance=provenance, added_by=actor)
    with policy.door(actor, "gallery.add_source", source, kind=kind):
        source.full_clean()
        source.save()
    return source


def withdraw_source(*, source: GallerySource, actor: User, reason: str, shown: str | None = None) -> GallerySource:
    """Take a source out of use: none of its photos is searched any more.

    Raises ValidationError without a reason, StaleState when it is withdrawn.
    """
    if not reason.strip():
        raise ValidationError("Say why the source is withdrawn.")
    facts: dict[str, Any] = {"shown": seen(shown, lambda: of_source(source))}
    with policy.door(actor, "gallery.add_source", source, justification=reason, **facts):
        if source.withdrawn_at is not None:
            raise StaleState("This source is withdrawn already.")
        source.withdrawn_at, source.withdrawn_by, source.withdrawn_reason = timezone.now(), actor, reason
        source.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        FaceVector.objects.filter(source=source).update(active=False)
    return source


def record_opt_out(
    *,
    actor: User,
    sha256: str,
    received_on: date,
    reason: str,
    source: GallerySource | None = None,
    vendor_confirmation: str = "",
    shown: str | None = None,
    by_file: bool = False,
) -> OptOut:
    """Record an opt-out: the photo and its near copies in the same source are never returned again (FR-06).

    `by_file`: the page asked for a file and showed no photo of the gallery, whether or not the gallery has it.
    Raises ValidationError for a reason that says nothing, PolicyDenied.
    """
    if not says_something(reason):
        raise ValidationError({"reason": "Say in words what was asked, and by whom."})
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
    facts: dict[str, Any] = {
        "shown": seen(shown, lambda: of_photo(GalleryPhoto.objects.get(pk=photo.pk) if photo and not by_file else None))
    }
    with policy.door(actor, "gallery.opt_out", opt_out, **facts):
        opt_out.full_clean()
        opt_out.save()
        photos = [
            p for p in GalleryPhoto.objects.filter(active=True).filter(_could_be(opt_out)) if _is_near(p, opt_out)
        ]
        ids = [p.pk for p in photos]
        FaceVector.objects.filter(face__photo__in=ids).update(active=False)
        GalleryPhoto.objects.filter(pk__in=ids).update(active=False)
        erased = _erase_templates(opt_out, ids)
        record(actor=actor, action="gallery.opted_out", subject=opt_out, photos=len(ids), templates_erased=erased)
    return opt_out


def _erase_templates(opt_out: OptOut, photos: list[int]) -> int:
    """Erase the templates of these photos, but for faces that a search record names: the case they stand in needs them."""
    left = FaceVector.objects.filter(face__photo__in=photos, face__candidates=None, embedding__isnull=False)
    faces = list(left.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.executemany("SELECT public.ecpd_erase_template(%s, %s)", [(opt_out.pk, face) for face in faces])
    return len(faces)


def _could_be(opt_out: OptOut):
    from django.db.models import Q

    same = Q(sha256=opt_out.sha256)
    return same | Q(source=opt_out.source, phash__isnull=False) if opt_out.source_id and opt_out.phash else same


def _is_near(photo: GalleryPhoto, opt_out: OptOut) -> bool:
    return photo.sha256 == opt_out.sha256 or is_near(photo.phash, opt_out.phash)


def request_import(
    *, source: GallerySource, actor: User, label: str, archive: vault.Incoming | StoredFile | None = None
) -> ImportBatch:
    """Begin an import; with an archive from the browser a worker does it, else the caller goes on with `run_items`."""
    with policy.door(actor, "gallery.import", source):
        kept = archive.keep() if isinstance(archive, vault.Incoming) else archive
        batch = ImportBatch.objects.create(source=source, label=label[:300], archive=kept, requested_by=actor)
        if archive is not None:
            enqueue("leads.tasks.run_import", batch.pk)
    return batch


def run_batch(pk: int) -> ImportBatch:
    """Import the archive of a batch, in this process; what is there already is passed over (idempotent).

    Nothing when another worker is at it, or a person imports at the command line.
    """
    batch = ImportBatch.objects.select_related("source", "archive", "requested_by").get(pk=pk)
    if batch.is_over or batch.archive is None:
        return batch
    try:
        for _ in run_items(batch, list(items_of(vault.path_of(batch.archive.sha256))), workers=1):
            pass
    except RunningElsewhere:
        batch.refresh_from_db()
    except NO_LIST as error:
        _fail(batch, str(error))
    except (PolicyDenied, SourceWithdrawn) as error:
        _fail(batch, error.message)
    return batch


def run_items(batch: ImportBatch, items: list[Item], *, workers: int) -> Iterator[Reading]:
    """Import items one transaction each, yielding what was read; begun anew, it goes on where it was left.

    The door is asked again: who asked for it may still import into this source. Raises PolicyDenied, SourceWithdrawn
    when the source is withdrawn meanwhile, RunningElsewhere when somebody else is at it.
    """
    with held(IMPORTS, batch.pk) as alone:
        if not alone:
            raise RunningElsewhere(f"{batch} is running already. Wait for it; nothing is lost.")
        batch.refresh_from_db()
        if batch.is_over:
            return
        if not policy.allows(batch.requested_by, "gallery.import", batch.source):
            policy.authorize(batch.requested_by, "gallery.import", batch.source)
        yield from _run(batch, items, workers)


def _run(batch: ImportBatch, items: list[Item], workers: int) -> Iterator[Reading]:
    begin(batch, total=len(items))
    for reading in _readings(_left(batch, items), workers):
        keep(batch, reading)
        yield reading
    finish(batch)


def begin(batch: ImportBatch, *, total: int) -> ImportBatch:
    """The import runs: from here on, photos of its source come with it. `total`: how many are to be looked at."""
    batch.state, batch.total, batch.attempts = ImportBatch.State.RUNNING, total, batch.attempts + 1
    batch.imported = batch.photos.count()
    batch.rejected, batch.duplicates = batch.rejects.count(), 0
    batch.save()
    return batch


def finish(batch: ImportBatch) -> None:
    """The import is over, with the figures that the batch has."""
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


def _fail(batch: ImportBatch, sentence: str) -> None:
    batch.state, batch.error, batch.finished_at = ImportBatch.State.FAILED, sentence, timezone.now()
    batch.save(update_fields=["state", "error", "finished_at"])
    record(actor=batch.requested_by, action="gallery.import_failed", subject=batch, reason=sentence)


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


def keep(batch: ImportBatch, reading: Reading) -> None:
    """Keep one photo with its faces and templates, or the reason why not; the batch's figures follow.

    Raises SourceWithdrawn: whoever withdraws a source and this one wait for each other.
    """
    with all_or_nothing(), transaction.atomic():
        if GallerySource.objects.select_for_update().get(pk=batch.source_id).withdrawn_at is not None:
            raise SourceWithdrawn
        _keep(batch, reading)


def _keep(batch: ImportBatch, reading: Reading) -> None:
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
        if opt_out.sha256 == reading.sha256 or is_near(reading.phash, opt_out.phash):
            return "The person in this photo opted out (FR-06)."
    return ""


def _add_photo(batch: ImportBatch, reading: Reading) -> GalleryPhoto:
    item = reading.item
    subject = None
    if says_something(item.subject):
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
