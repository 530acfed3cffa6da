"""Faces as pictures for a page: cut out, bounded, without metadata (no EXIF place or date leaves the vault).

A page cuts from what is decoded in a moment; what takes longer a worker cuts, and the page says so (cases.heavy).
"""

from collections.abc import Sequence

from django.core.cache import cache
from django.http import HttpResponse

from cases import vault
from cases.display import PictureNotReady, keep_copy, kept_copy, waiting
from cases.heavy import is_heavy
from cases.models import StoredFile
from ecpd.queue import enqueue
from leads.recognition.engine import crop
from leads.recognition.errors import UnreadableImage
from leads.recognition.intake import as_jpeg, read_image

FACE_SIDE = 900  # pixels: enough to compare two faces at 400 % zoom
PICTURE_SIDE = 1600
ROOM = 0.45  # around a face, a part of its size
KEEP_SECONDS = 15 * 60
NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 400"><rect width="320" height="400" fill="#dfe1e2"/>'
    '<g fill="#71767a"><circle cx="160" cy="160" r="72"/><path d="M40 400a120 130 0 0 1 240 0z"/></g></svg>'
)


def face_picture(stored: StoredFile | None, face: dict) -> HttpResponse:
    """One face with some room around it. A drawn outline where no file is kept (synthetic gallery entries).

    Raises UnreadableImage or FileNotFoundError when the vault's file is not usable.
    """
    if stored is None:
        return HttpResponse(NO_PICTURE, content_type="image/svg+xml")
    return _shown(stored, face["box"], ROOM, FACE_SIDE)


def whole_picture(stored: StoredFile) -> HttpResponse:
    """The whole picture, upright, at most PICTURE_SIDE pixels long."""
    return _shown(stored, [], 0.0, PICTURE_SIDE)


def cut_out(stored: StoredFile, box: Sequence[float], *, room: float, side: int) -> bytes:
    """A part of a picture as JPEG, all of it for an empty box. Raises PictureNotReady, UnreadableImage."""
    name = name_of(stored.sha256, box, room, side)
    if (kept := kept_copy(name)) is not None:
        return _usable(kept)
    if is_heavy(vault.path_of(stored.sha256)):
        enqueue("leads.tasks.cut_picture", stored.sha256, ",".join(map(str, box)), str(room), side)
        raise PictureNotReady
    return cut(stored.sha256, box, room, side)


def cut(sha256: str, box: Sequence[float], room: float, side: int) -> bytes:
    """Cut now, whatever it costs. Raises UnreadableImage, FileMissing."""
    try:
        image = read_image(vault.path_of(sha256))
    except FileNotFoundError as error:
        raise vault.FileMissing("The vault does not hold this file. Tell the administrator at once.") from error
    return as_jpeg(crop(image, box, margin=room) if len(box) else image.pixels, max_side=side)


def cut_and_keep(sha256: str, box: Sequence[float], room: float, side: int) -> None:
    """A worker's part: cut, and keep it for pages; nothing at all when the file is not usable."""
    name = name_of(sha256, box, room, side)
    if kept_copy(name) is not None:
        return
    try:
        keep_copy(name, cut(sha256, box, room, side))
    except UnreadableImage:
        keep_copy(name, b"")


def name_of(sha256: str, box: Sequence[float], room: float, side: int) -> str:
    """What a part is kept under."""
    return f"{sha256}-{'-'.join(str(round(value)) for value in box) or 'whole'}-{room}-{side}"


def _shown(stored: StoredFile, box: Sequence[float], room: float, side: int) -> HttpResponse:
    key = f"cut:{name_of(stored.sha256, box, room, side)}"
    data = cache.get(key)
    if data is None:
        try:
            data = cut_out(stored, box, room=room, side=side)
        except PictureNotReady:
            return waiting()
        cache.set(key, data, KEEP_SECONDS)
    return HttpResponse(data, content_type="image/jpeg")


def _usable(kept: bytes) -> bytes:
    if not kept:
        raise UnreadableImage("truncated", "The picture cannot be read.")
    return kept
