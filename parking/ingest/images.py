"""Pictures inside a delivery: decoded within a size limit, and taken for a picture only by their first bytes."""

import binascii
from hashlib import sha256

from parking.ingest.canonical import ReadImage
from parking.ingest.errors import BadItem


def media_type(content: bytes) -> str:
    """The picture's media type by its signature (JPEG, PNG, WebP, BMP, TIFF), "" when it is none of them."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"BM") and len(content) > 26:
        return "image/bmp"
    return "image/tiff" if content.startswith((b"II*\x00", b"MM\x00*")) else ""


def decode(encoded: str, longest: int) -> bytes:
    """Base64 (with or without line breaks or a `data:` prefix) to the bytes of a picture of at most `longest` bytes.

    Raises BadItem: `image_too_large` (before decoding), `bad_base64`, `not_an_image`.
    """
    if encoded.startswith("data:"):
        encoded = encoded.partition(",")[2]
    if len(encoded) * 3 > (longest + 64) * 4 * 1.03:  # 3 %: line breaks
        raise BadItem("image_too_large", f"The picture is larger than {longest:,} bytes.")
    try:
        content = binascii.a2b_base64("".join(encoded.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        raise BadItem("bad_base64", "The picture is no base64.") from None
    return checked(content, longest)


def checked(content: bytes, longest: int) -> bytes:
    """The bytes themselves, when they are a picture of at most `longest` bytes. Raises as `decode` does."""
    if len(content) > longest:
        raise BadItem("image_too_large", f"The picture is larger than {longest:,} bytes.")
    if not media_type(content):
        raise BadItem("not_an_image", "The picture is no JPEG, PNG, WebP, BMP or TIFF file.")
    return content


def stored(kind: str, content: bytes) -> ReadImage:
    """A picture with its bytes and their hash."""
    return ReadImage(kind, sha256(content).hexdigest(), content)
