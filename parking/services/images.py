"""Pictures that come after their reads."""

import hashlib

from django.conf import settings
from django.db import transaction

from ecpd.files import all_or_nothing
from ecpd.problem import ProblemError
from parking import store
from parking.ingest.images import media_type as media_type_of
from parking.models import Device, PlateImage
from parking.services import second_opinion


class PictureRefused(ProblemError):
    """A picture that no read announced, or whose content is not what was announced."""

    code = "picture_refused"
    title = "That picture cannot be taken"


def receive_image(*, device: Device, sha256: str, content: bytes) -> int:
    """Keep a picture that this reader announced; returns for how many reads. Idempotent.

    Raises PictureRefused when nothing announced it, the hash differs, it is too large or no picture.
    """
    announced = PlateImage.objects.filter(read__device=device, sha256=sha256)
    if not announced.exists():
        raise PictureRefused("No read of this reader announced this picture. Send the read first.")
    if len(content) > settings.PARKING_IMAGE_BYTES:
        raise PictureRefused(f"The picture is larger than {settings.PARKING_IMAGE_BYTES // 2**20} MB.")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PictureRefused("The content does not have the hash in the address. Send it again.")
    media_type = media_type_of(content)
    if not media_type:
        raise PictureRefused("The content is no JPEG, PNG or WebP picture.")
    with all_or_nothing(), transaction.atomic():
        store.store(content)
        count = announced.update(state=PlateImage.State.STORED, size=len(content), media_type=media_type)
        second_opinion.ask(announced.filter(second_opinion.UNSURE))
    return count
