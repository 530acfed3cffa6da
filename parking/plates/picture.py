"""A picture sent by a device as pixels, or a refusal by name. Knows no Django.

Devices are strangers: what they send is bounded in bytes and in pixels before a single pixel is decoded.
"""

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageOps

from parking.plates.errors import UnreadablePicture

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MIN_SIDE = 12
LONGEST_SIDE = 2000  # larger pictures are shrunk: plates are then still more than 100 pixels wide in any sensible shot
CROP_SIDE = 400
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "MPO")


@dataclass(frozen=True)
class Picture:
    """`pixels` BGR uint8, height x width x 3, upright, at most LONGEST_SIDE long.

    Each stands for `scale` pixels as sent; a `margin` of so many was added to every side.
    """

    pixels: np.ndarray
    scale: float
    margin: int = 0

    def as_sent(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """A box left, top, width, height in the pixels of the picture as it was sent, turned upright."""
        left, top, width, height = box
        left, top = max(0, left - self.margin), max(0, top - self.margin)
        return round(left * self.scale), round(top * self.scale), round(width * self.scale), round(height * self.scale)


def open_picture(picture: bytes | np.ndarray) -> Picture:
    """Take a file's bytes, or BGR or grey uint8 pixels.

    Raises UnreadablePicture with code empty, not_a_picture, too_large, too_small or damaged.
    """
    if isinstance(picture, np.ndarray):
        pixels = _checked(picture)
        return _fitted(pixels, sent=max(pixels.shape[:2]))
    image = _opened(bytes(picture))
    sent = max(image.size)
    return _fitted(_load(image), sent=sent)


def _opened(data: bytes) -> Image.Image:
    if not data:
        raise UnreadablePicture("empty", "The picture is empty.")
    if len(data) > MAX_BYTES:
        raise UnreadablePicture("too_large", f"The picture has {len(data) / 1e6:.0f} MB; at most 20 MB are read.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Exception:  # decoders raise whatever they like on strange bytes
        raise UnreadablePicture("not_a_picture", "The bytes are no picture of a known kind.") from None
    _check_size(image.width, image.height)
    return image


def _load(image: Image.Image) -> np.ndarray:
    try:
        image.draft(
            "RGB", (LONGEST_SIDE, LONGEST_SIDE)
        )  # a large JPEG is decoded at half its size where that is enough
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except Exception as error:  # decoders raise whatever they like on damaged bytes
        raise UnreadablePicture("damaged", f"The picture is damaged ({type(error).__name__}).") from error
    return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1])


def _checked(pixels: np.ndarray) -> np.ndarray:
    if pixels.size == 0:
        raise UnreadablePicture("empty", "The picture is empty.")
    if pixels.dtype != np.uint8 or pixels.ndim not in {2, 3} or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise UnreadablePicture("not_a_picture", "Pixels must be grey or BGR with 8 bits.")
    _check_size(pixels.shape[1], pixels.shape[0])
    return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR) if pixels.ndim == 2 else pixels


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < MIN_SIDE:
        raise UnreadablePicture("too_small", f"The picture is {width} x {height} pixels: too small for a plate.")


def _too_many_pixels() -> UnreadablePicture:
    return UnreadablePicture(
        "too_large", f"The picture has too many pixels; at most {MAX_PIXELS / 1e6:.0f} million are read."
    )


def _fitted(pixels: np.ndarray, *, sent: int) -> Picture:
    """A large picture is shrunk; a small one is a plate's crop and gets the surroundings that a detector wants."""
    height, width = pixels.shape[:2]
    longest = max(height, width)
    if longest > LONGEST_SIDE:
        size = (max(1, width * LONGEST_SIDE // longest), max(1, height * LONGEST_SIDE // longest))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    scale = sent / max(pixels.shape[:2])
    margin = longest // 6 if longest <= CROP_SIDE else 0
    if margin:
        pixels = cv2.copyMakeBorder(pixels, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    return Picture(pixels, scale, margin)
