"""Which pictures a page may decode itself, by their header alone; every other one is for a worker.

A PNG of 97 KB can hold 99 million pixels and a web thread for seconds, with eight of them the whole site. What a
picture costs is told by its header, before any pixel is decoded.
"""

import io
import warnings
from pathlib import Path

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF", "PPM", "JPEG2000")  # MPO opens as JPEG
COSTS = {"JPEG": 1, "PNG": 1, "WEBP": 3}  # beside each other, measured with 16 million pixels
SLOW = 8  # every other kind
LIGHT_PIXELS = 12_500_000  # of a PNG or a plain JPEG: a phone's photo, 0.2 s of a web thread
LIGHT_BYTES, LIGHT_SLOW_BYTES = 20 * 2**20, 2**18  # more bytes can hold thousands of pictures to count
SCAN = b"\xff\xda"  # where a JPEG begins another scan over all its pixels, a third of the work of a plain one


def is_heavy(path: Path) -> bool:
    """Whether decoding takes more than a moment. Decodes nothing; what cannot be opened at all is not heavy."""
    try:
        if path.stat().st_size > LIGHT_BYTES:
            return True
        data = path.read_bytes()
    except OSError:
        return False
    return cost_of(data) > LIGHT_PIXELS


def cost_of(data: bytes) -> int:
    """What decoding costs, in pixels of a PNG; 0 for what is no picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                pixels, kind = image.width * image.height, image.format or ""
    except Exception:  # damaged: a decoder gets no further than this either
        return 0
    if kind not in COSTS and len(data) > LIGHT_SLOW_BYTES:
        return LIGHT_PIXELS + 1
    scans = data.count(SCAN) if kind == "JPEG" else 1
    return pixels * COSTS.get(kind, SLOW) * max(3, scans) // 3
