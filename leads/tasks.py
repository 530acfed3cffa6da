"""Celery tasks of leads: thin, idempotent, by primary key."""

from datetime import timedelta

from celery.signals import worker_process_init
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from ecpd.celery import app
from ecpd.queue import enqueue
from leads.models import ImportBatch, ProbeFaces, SearchRequest

INFRASTRUCTURE = (OperationalError, InterfaceError, OSError)
LEFT_AFTER = timedelta(seconds=20)


@worker_process_init.connect
def warm_up(**kwargs) -> None:
    """Load models and libraries before the first search, so that nobody waits for them; only where searches run."""
    if "celery" not in app.amqp.queues.consume_from:
        return
    import numpy as np

    import leads.services.running  # noqa: F401 brings the statistics of the match score with it
    from leads.recognition.engine import DetectedFace
    from leads.recognition.errors import RecognitionError
    from leads.recognition.intake import DecodedImage
    from leads.services.engine import engine

    image = DecodedImage(np.full((320, 320, 3), 127, dtype=np.uint8), "warm-up", "")
    face = DetectedFace(0, (90, 80, 140, 180), ((125, 150), (195, 150), (160, 190), (130, 225), (190, 225)), 1.0)
    try:
        engine().detect(image)
        engine().embed(image, face)
    except RecognitionError:
        return  # each search says so itself, in its own row


@app.task(name="leads.tasks.run_search", bind=True, autoretry_for=INFRASTRUCTURE, retry_backoff=2, max_retries=5)
def run_search(self, pk: int) -> None:
    """Run a search; retried with a growing pause when the database or disk fails.

    A search that seems held by somebody is asked for again shortly: it may be a killed worker's session, which
    PostgreSQL ends only once it notices.
    """
    from leads.services.running import HELD, run

    if run(pk) == HELD:
        raise self.retry(countdown=1)


@app.task(name="leads.tasks.detect_faces", bind=True, autoretry_for=INFRASTRUCTURE, retry_backoff=2, max_retries=5)
def detect_faces(self, pk: int) -> None:
    """Find the faces on an exhibit; nothing when that is done."""
    from leads.services.probe import detect

    found = ProbeFaces.objects.select_related("evidence__file").get(pk=pk)
    if found.state == ProbeFaces.State.QUEUED:
        detect(found)


@app.task(name="leads.tasks.cut_picture")
def cut_picture(sha256: str, box: str, room: str, side: int) -> None:
    """Cut a face, or all for an empty box, from a picture that is too large for a page to decode."""
    from leads.pictures import cut_and_keep

    cut_and_keep(sha256, [float(value) for value in box.split(",") if value], float(room), side)


@app.task(name="leads.tasks.run_import", bind=True, autoretry_for=INFRASTRUCTURE, retry_backoff=2, max_retries=5)
def run_import(self, pk: int) -> None:
    """Import a batch from where it was left."""
    from leads.services.gallery import run_batch

    run_batch(pk)


@app.task(name="leads.tasks.sweep_searches")
def sweep_searches() -> None:
    """Send again what was left: the row is the truth, a message may be lost. Who holds a search is left alone."""
    left = SearchRequest.objects.exclude(state__in=SearchRequest.ENDS).filter(
        requested_at__lt=timezone.now() - LEFT_AFTER
    )
    for pk in left.values_list("pk", flat=True)[:100]:
        enqueue("leads.tasks.run_search", pk)
    for pk in ProbeFaces.objects.filter(state="queued", queued_at__lt=timezone.now() - LEFT_AFTER).values_list(
        "pk", flat=True
    )[:100]:
        enqueue("leads.tasks.detect_faces", pk)


@app.task(name="leads.tasks.sweep_examinations")
def sweep_examinations() -> None:
    """Draw others for second examiners who are late or may not examine any more (FR-08)."""
    from leads.services.lot import replace_who_cannot_examine

    replace_who_cannot_examine()


@app.task(name="leads.tasks.sweep_imports")
def sweep_imports() -> None:
    """Send again imports whose worker vanished."""
    stale = timezone.now() - timedelta(minutes=2)
    for batch in ImportBatch.objects.filter(state__in=["queued", "running"], requested_at__lt=stale):
        if batch.heartbeat_at is None or batch.heartbeat_at < stale:
            enqueue("leads.tasks.run_import", batch.pk)


@app.task(name="leads.tasks.tell_approved")
def tell_approved() -> None:
    """Enter what came to the records since into the registers of approved leads: those it concerns are told (FR-27)."""
    from leads.services import exculpatory

    exculpatory.tell_approved()


@app.task(name="leads.tasks.veil_results")
def veil_results() -> None:
    """Veil what was found in cases that their opener searched in and no captain accepted in time (FR-02)."""
    from leads.services.self_opened import veil_what_is_late

    veil_what_is_late()
