"""Copies for showing: pictures without any metadata, so that no location leaves with them; the original keeps it."""

import io
import os
import struct
import tempfile
from functools import lru_cache
from pathlib import Path

import pillow_heif
from django.conf import settings
from django.http import HttpResponse
from PIL import Image, ImageOps

from cases import vault
from cases.heavy import is_heavy
from cases.models import StoredFile
from ecpd.ownership import settle
from ecpd.problem import ProblemError
from ecpd.queue import enqueue

pillow_heif.register_heif_opener()
SIDE = 1600
MAX_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "HEIF", "AVIF")
DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    ArithmeticError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)
WAITING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480"><rect width="640" height="480" fill="#dfe1e2"/>'
    '<g fill="#1b1b1b" font-family="sans-serif" font-size="26" text-anchor="middle">'
    '<text x="320" y="225">This large picture is being prepared.</text>'
    '<text x="320" y="265">Load the page again in a few seconds.</text></g></svg>'
)


class PictureNotReady(ProblemError):
    """A large picture that a worker prepares: no page decodes it itself."""

    code = "picture_not_ready"
    title = "A large picture is being prepared"
    status = 503

    def __init__(self) -> None:
        super().__init__("A worker prepares it now. Try again in a few seconds.")


def picture_of(stored: StoredFile) -> bytes | None:
    """A JPEG of at most 1600 pixels without metadata, or None when the file is no picture that can be shown.

    Raises PictureNotReady for a large one that a worker has not prepared yet; it is asked to.
    """
    if not stored.media_type.startswith("image/"):
        return None
    kept = kept_copy(stored.sha256)
    if kept is not None:
        return kept or None
    if is_heavy(vault.path_of(stored.sha256)):
        enqueue("cases.tasks.prepare_picture", stored.sha256)
        raise PictureNotReady
    return prepare(stored.sha256) or None


def prepare(sha256: str) -> bytes:
    """Make the copy for showing and keep it; nothing at all for what cannot be shown."""
    path = vault.path_of(sha256)
    return keep_copy(sha256, _copy(path) or b"") if path.exists() else b""


def kept_copy(name: str) -> bytes | None:
    """A copy that was made before: empty when the file cannot be shown, None when nobody tried yet."""
    try:
        return _kept(name).read_bytes()
    except FileNotFoundError:
        return None


def keep_copy(name: str, content: bytes) -> bytes:
    """Keep a copy for showing under a name, in one step."""
    final = _kept(name)
    final.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=final.parent, prefix=".new-")
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(content)
    os.replace(fresh, final)
    settle(final, Path(settings.MEDIA_ROOT))
    return content


def _kept(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "shown" / f"{name}.jpg"


def waiting() -> HttpResponse:
    """What stands in for a large picture until it is prepared."""
    return HttpResponse(WAITING, content_type="image/svg+xml", status=202)


def _copy(path: Path) -> bytes | None:
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            image.draft("RGB", (SIDE * 2, SIDE * 2))
            upright = _rgb(ImageOps.exif_transpose(image))
            upright.thumbnail((SIDE, SIDE))
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=88)
    except DAMAGE:  # the page shows a grey picture instead; the original is kept as it is
        return None
    return out.getvalue()


def _rgb(image: Image.Image) -> Image.Image:
    """The pixels alone, in RGB: 16 bits brought to 8, transparency on white, no metadata."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain


@lru_cache(maxsize=1)
def placeholder() -> bytes:
    """A grey picture for what cannot be shown."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (223, 225, 226)).save(out, "JPEG")
    return out.getvalue()
