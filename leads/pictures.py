"""Faces as pictures for a page: cut out, bounded, without metadata (no EXIF place or date leaves the vault)."""

from django.core.cache import cache
from django.http import HttpResponse

from cases import vault
from cases.models import StoredFile
from leads.recognition.engine import crop
from leads.recognition.intake import as_jpeg, read_image

FACE_SIDE = 900  # pixels: enough to compare two faces at 400 % zoom
PICTURE_SIDE = 1600
KEEP_SECONDS = 15 * 60
NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 400"><rect width="320" height="400" fill="#dfe1e2"/>'
    '<g fill="#71767a"><circle cx="160" cy="160" r="72"/><path d="M40 400a120 130 0 0 1 240 0z"/></g></svg>'
)


def face_picture(stored: StoredFile | None, face: dict, *, margin: float = 0.45) -> HttpResponse:
    """One face with some room around it. A drawn outline where no file is kept (synthetic gallery entries).

    Raises UnreadableImage or FileNotFoundError when the vault's file is not usable.
    """
    if stored is None:
        return HttpResponse(NO_PICTURE.encode(), content_type="image/svg+xml")
    box = "-".join(str(round(value)) for value in face["box"])
    key = f"face:{stored.sha256}:{box}:{margin}"
    data = cache.get(key)
    if data is None:
        image = read_image(vault.path_of(stored.sha256))
        data = as_jpeg(crop(image, face["box"], margin=margin), max_side=FACE_SIDE)
        cache.set(key, data, KEEP_SECONDS)
    return HttpResponse(data, content_type="image/jpeg")


def whole_picture(stored: StoredFile) -> HttpResponse:
    """The whole picture, upright, at most PICTURE_SIDE pixels long."""
    key = f"picture:{stored.sha256}"
    data = cache.get(key)
    if data is None:
        data = as_jpeg(read_image(vault.path_of(stored.sha256)).pixels, max_side=PICTURE_SIDE)
        cache.set(key, data, KEEP_SECONDS)
    return HttpResponse(data, content_type="image/jpeg")
