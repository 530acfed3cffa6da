"""What a picture looks like, as a number: near copies of one differ in a few of its 64 bits (FR-10)."""

import warnings
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image, ImageOps

from cases import vault
from cases.display import DAMAGE, MAX_PIXELS
from cases.heavy import FORMATS, is_heavy
from cases.models import Evidence
from ecpd.queue import enqueue

NO_PICTURE = ("video/", "audio/", "application/pdf", "application/zip")
DRAWN_AT = 512  # pixels to which a JPEG is decoded: the hash looks at 32 by 32
PLAIN = 2.0  # grey levels by which a picture's 32 by 32 points differ; under it there is nothing to compare


def likeness_of(path: Path, sha256: str) -> int | None:
    """The 64-bit perceptual hash of a file, as the signed integer that PostgreSQL keeps; None when it cannot be read.

    A picture with nothing on it is like its own file alone: its number comes from the file's SHA-256 (hex).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    return None
                image.draft("RGB", (DRAWN_AT, DRAWN_AT))
                upright = _on_white(ImageOps.exif_transpose(image))
        points = np.asarray(upright.convert("L").resize((32, 32), Image.Resampling.LANCZOS), dtype=float)
        if points.std() < PLAIN:
            return _signed(int(sha256[:16], 16))
        return perceptual_hash(upright)
    except DAMAGE:
        return None


def perceptual_hash(image: Image.Image) -> int:
    """The 64 bits of a picture's perceptual hash as the signed integer that PostgreSQL keeps."""
    return _signed(int("".join("1" if bit else "0" for bit in imagehash.phash(image).hash.flatten()), 2))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=float)
        return Image.fromarray((values * 255 / max(values.max(initial=0), 1.0)).clip(0, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def at_upload(incoming: vault.Incoming | None) -> int | None:
    """The likeness of a picture on its way into the vault; None for any other file, and for a picture that a worker reads."""
    if incoming is None or incoming.media_type.startswith(NO_PICTURE) or is_heavy(incoming.path):
        return None
    return likeness_of(incoming.path, incoming.sha256)


def is_unknown(evidence: Evidence) -> bool:
    """Whether an exhibit is a picture that nobody has compared with others yet."""
    return evidence.phash is None and evidence.file is not None and evidence.file.media_type.startswith("image/")


def make_sure(evidence: Evidence) -> None:
    """Compare a picture that nobody has yet: now, or by a worker where that takes more than a moment."""
    if not is_unknown(evidence):
        return
    if is_heavy(vault.path_of(evidence.file.sha256)):  # type: ignore[union-attr]  # a picture has its file
        enqueue("cases.tasks.compare_picture", evidence.pk)
    else:
        keep(evidence)


def keep(evidence: Evidence) -> bool:
    """Read a picture and keep what it looks like, once; False when the file is gone or cannot be read."""
    path = vault.path_of(evidence.file.sha256)  # type: ignore[union-attr]  # a picture has its file
    phash = likeness_of(path, evidence.file.sha256)  # type: ignore[union-attr]
    if phash is None:
        return False
    Evidence.objects.filter(pk=evidence.pk, phash__isnull=True).update(phash=phash)
    evidence.refresh_from_db(fields=["phash"])
    return True
