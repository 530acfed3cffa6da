"""Reading any file as one still image, or refusing it by name."""

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from leads.recognition.errors import UnreadableImage

pillow_heif.register_heif_opener()

MAX_PIXELS = 100_000_000
MIN_SIDE = 24
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF", "MPO", "PPM", "JPEG2000")
MOVING = ("GIF", "WEBP", "PNG", "AVIF")  # with more than one picture these are films, not pages
Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before any pixel is decoded


@dataclass(frozen=True)
class DecodedImage:
    """One still image: `pixels` BGR uint8, height x width x 3, upright; `sha256` of the file it came from."""

    pixels: np.ndarray
    format: str
    sha256: str
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Pixels from left to right, after turning it upright."""
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        """Pixels from top to bottom, after turning it upright."""
        return self.pixels.shape[0]


def read_image(source: bytes | Path) -> DecodedImage:
    """Decode a file: EXIF rotation applied; CMYK, 16-bit, palette, grey and alpha turned into 8-bit BGR.

    Raises UnreadableImage with code empty, not_an_image, unsupported, animated, too_large, too_small or truncated.
    """
    data = source.read_bytes() if isinstance(source, Path) else bytes(source)
    if not data:
        raise UnreadableImage("empty", "The file is empty.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opened = _open(data)
        notes = _check(opened)
        pixels = _pixels(opened, notes)
    return DecodedImage(pixels, opened.format or "", hashlib.sha256(data).hexdigest(), notes)


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        raise UnreadableImage("not_an_image", "The file is not a picture of a known kind.") from None
    except Exception as error:
        raise UnreadableImage("truncated", f"The picture is damaged and cannot be opened ({error}).") from error


def _check(image: Image.Image) -> list[str]:
    notes = []
    if image.format not in FORMATS:
        raise UnreadableImage("unsupported", f"Pictures of the kind {image.format} cannot be used. Save it as PNG.")
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableImage(
            "too_large",
            f"The picture has {image.width * image.height / 1e6:.0f} million pixels; at most "
            f"{MAX_PIXELS / 1e6:.0f} million can be read. Save a smaller copy and keep this one as the original.",
        )
    if min(image.size) < MIN_SIDE:
        raise UnreadableImage(
            "too_small", f"The picture is {image.width} x {image.height} pixels: too small for a face."
        )
    frames = _frames(image)
    if frames > 1 and image.format in MOVING:
        raise UnreadableImage("animated", f"The file moves ({frames} pictures). Pick one still and add that (FR-03).")
    if frames > 1:
        notes.append(f"The file holds {frames} pictures; the first one is used.")
    return notes


def _frames(image: Image.Image) -> int:
    """How many pictures the file holds; counting them reads on in the file, and a damaged one stops anywhere."""
    try:
        return getattr(image, "n_frames", 1)
    except Exception as error:
        raise UnreadableImage("truncated", f"The picture is damaged ({type(error).__name__}).") from error


def _pixels(image: Image.Image, notes: list[str]) -> np.ndarray:
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.size != image.size or (upright is not image and image.getexif().get(0x0112, 1) != 1):
            notes.append("Turned upright as its EXIF data says.")
        rgb = np.asarray(_to_rgb(upright), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError, MemoryError, EOFError, IndexError, TypeError, ZeroDivisionError) as error:
        raise UnreadableImage(
            "truncated", f"The picture is damaged: only a part of it can be read ({error})."
        ) from error
    except Exception as error:
        raise UnreadableImage("truncated", f"The picture is damaged ({type(error).__name__}).") from error
    return np.ascontiguousarray(rgb[:, :, ::-1])


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in {"I", "I;16", "I;16B", "I;16L", "I;16N", "F"}:
        return _from_deep_grey(image)
    if image.mode in {"LA", "RGBA", "PA", "La", "RGBa"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGB", rgba.size, (255, 255, 255))
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    return image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    values = np.asarray(image, dtype=np.float64)
    top = 65535.0 if image.mode.startswith("I") and values.max(initial=0) > 255 else max(values.max(initial=0), 1.0)
    scaled = np.clip(values / top * 255.0, 0, 255).astype(np.uint8)
    return Image.fromarray(scaled).convert("RGB")


def as_jpeg(pixels: np.ndarray, *, max_side: int | None = None, quality: int = 90) -> bytes:
    """A JPEG of BGR pixels without any metadata, at most `max_side` pixels long."""
    image = Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1]))
    if max_side:
        image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
