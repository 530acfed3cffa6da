"""Finding the faces on an exhibit, in a worker, before anyone asks for a search."""

from django.db import transaction
from django.utils import timezone

from cases.models import Evidence
from ecpd.checks.plain import printable
from ecpd.queue import enqueue
from leads.models import ProbeFaces
from leads.recognition import quality
from leads.recognition.errors import RecognitionError
from leads.services.engine import engine, image_of, model_id, quality_limits


def look_for_faces(evidence: Evidence) -> ProbeFaces:
    """The faces found on an exhibit; when nobody has looked yet, a worker is sent (idempotent)."""
    known = ProbeFaces.objects.filter(evidence=evidence, model_id=model_id()).first()
    found = known or entry_for(evidence)
    if known is None or _was_left(found):
        enqueue("leads.tasks.detect_faces", found.pk)
    return found


def entry_for(evidence: Evidence) -> ProbeFaces:
    """The row for an exhibit's faces, made where there is none."""
    return ProbeFaces.objects.get_or_create(evidence=evidence, model_id=model_id())[0]


def judged_now(found: ProbeFaces | None) -> ProbeFaces | None:
    """The faces with their measures judged by the limits of the manual in force; what was measured stays (FR-04)."""
    if found is not None:
        limits = quality_limits()
        found.faces = [face | {"quality": quality.judged_anew(face["quality"], limits)} for face in found.faces]
    return found


def _was_left(found: ProbeFaces) -> bool:
    waiting = (timezone.now() - found.queued_at).total_seconds()
    return found.state == ProbeFaces.State.QUEUED and waiting > 30


def detect(found: ProbeFaces) -> ProbeFaces:
    """Look for faces now, measure each, keep what was found. What cannot be read is kept as a sentence."""
    try:
        image = image_of(found.evidence)
        limits = quality_limits()
        faces = engine().detect(image)
        found.faces = [face.as_json() | {"quality": quality.measure(image, face, limits).as_json()} for face in faces]
        found.width, found.height, found.notes = image.width, image.height, image.notes
        found.state = ProbeFaces.State.DONE
    except (RecognitionError, FileNotFoundError) as error:
        found.state, found.error = ProbeFaces.State.FAILED, printable(getattr(error, "message", str(error)))
    found.finished_at = timezone.now()
    with transaction.atomic():  # one of two workers that looked at the same time keeps what it found
        if ProbeFaces.objects.select_for_update().get(pk=found.pk).state == ProbeFaces.State.QUEUED:
            found.save()
    return found
