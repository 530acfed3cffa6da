"""Copies for showing: pictures without any metadata, so that no location leaves with them; the original keeps it."""

import io
import struct
from functools import lru_cache
from pathlib import Path

import pillow_heif
from django.conf import settings
from PIL import Image, ImageOps

from cases import vault
from cases.models import StoredFile

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


def picture_of(stored: StoredFile) -> bytes | None:
    """A JPEG of at most 1600 pixels without metadata, or None when the file is no picture that can be shown."""
    if not stored.media_type.startswith("image/"):
        return None
    cached = Path(settings.MEDIA_ROOT) / "shown" / f"{stored.sha256}.jpg"
    if not cached.exists():
        copy = _copy(vault.path_of(stored.sha256))
        if copy is None:
            return None
        cached.parent.mkdir(parents=True, exist_ok=True)
        fresh = cached.with_suffix(".new")
        fresh.write_bytes(copy)
        fresh.replace(cached)
    return cached.read_bytes()


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
