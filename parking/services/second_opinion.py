"""A second opinion on pictures: asked for where the reader was not sure, and for what an alert rests on; never a fact.

The rows say what waits: asked, here, and without an answer. The worker takes one picture at a time, so that a face
search waits behind one picture at most. See parking.plates for how plates are read.
"""

from functools import cache

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ecpd.queue import enqueue
from parking import store
from parking.models import PlateImage
from parking.plates.errors import UnreadablePicture
from parking.plates.opinion import SURE_DEVICE, second_opinion
from parking.plates.reading import PlateReader, PlateReading

UNSURE = Q(read__plate="") | Q(read__confidence__lt=SURE_DEVICE)
WAITING = Q(asked_at__isnull=False, opinion__isnull=True, state=PlateImage.State.STORED)


def ask(images: QuerySet[PlateImage]) -> None:
    """Ask for an opinion on these pictures, once each; what is announced only is read when it comes."""
    if images.filter(asked_at=None).update(asked_at=timezone.now()):
        wake_reader()


def wake_reader() -> None:
    """Tell a worker that pictures wait."""
    enqueue("parking.tasks.read_picture")


def read_next() -> bool:
    """Read the picture that waits longest; False when none does. Two workers never take the same one."""
    with transaction.atomic():
        waiting = PlateImage.objects.filter(WAITING).order_by("asked_at", "pk")
        image = waiting.select_for_update(of=("self",), skip_locked=True).select_related("read").first()
        if image is None:
            return False
        image.opinion = _opinion(image)
        image.save(update_fields=["opinion"])
    return True


def _opinion(image: PlateImage) -> dict:
    read = image.read
    try:
        readings = _reader().read(store.read(image.sha256), state_hint=read.plate_state)
    except (UnreadablePicture, store.FileGone) as error:
        return _as_json(None, "", f"The picture cannot be read: {error}", [])
    said = second_opinion(read.plate, read.confidence, readings)
    return _as_json(said.agrees, said.text, said.words, readings[:1])


def _as_json(agrees: bool | None, text: str, words: str, best: list[PlateReading]) -> dict:
    place = {"box": list(best[0].box), "confidence": round(best[0].confidence, 3)} if best else {}
    return {"agrees": agrees, "text": text, "words": words, "at": timezone.now().isoformat()} | place


@cache
def _reader() -> PlateReader:
    return PlateReader()
