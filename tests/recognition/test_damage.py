"""Random bytes and random damage: a file is read, or refused with UnreadableImage, never anything else."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from leads.recognition.errors import UnreadableImage
from leads.recognition.intake import read_image
from tests.recognition.conftest import GROUP_PHOTO, saved

CODES = {"empty", "not_an_image", "unsupported", "animated", "too_large", "too_small", "truncated"}


def real_jpeg(side: int = 160) -> bytes:
    """A photograph of people, small enough to be damaged many times, with EXIF data of a camera."""
    image = Image.open(GROUP_PHOTO)
    image.thumbnail((side, side))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"  # orientation, make
    return saved(image, "JPEG", quality=85, exif=exif)


def only_reads_or_refuses(data: bytes) -> None:
    """Whatever it is: pixels, or UnreadableImage with a known code."""
    try:
        read = read_image(data)
    except UnreadableImage as refusal:
        assert refusal.code in CODES
    else:
        assert read.pixels.ndim == 3 and read.pixels.shape[2] == 3 and read.pixels.dtype == np.uint8


SIGNATURES = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"MM\0*", b"RIFF\0\0\0\0WEBP", b"BM",
              b"\0\0\0\x18ftypheic", b"\0\0\0\x1cftypavif", b"\0\0\0\x0cjP  \r\n\x87\n", b"P6 30 30 255\n", b"8BPS"]  # fmt: skip


@given(st.sampled_from(SIGNATURES), st.binary(max_size=600))
@settings(max_examples=400, deadline=None)
@example(b"GIF89a", b"\x20\x00\x20\x00\x00\x00\x00")
def test_random_bytes_are_read_or_refused(signature, tail):
    only_reads_or_refuses(signature + tail)


DAMAGE = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["change", "cut", "insert", "zero"]),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def damaged(data: bytes, damage) -> bytes:
    """The file after each accident, at a place that is a part of its length."""
    for place, accident, piece in damage:
        at = int(place * len(data))
        if accident == "change":
            data = data[:at] + piece + data[at + len(piece) :]
        elif accident == "cut":
            data = data[:at] + data[at + len(piece) * 8 :]
        elif accident == "insert":
            data = data[:at] + piece + data[at:]
        else:
            data = data[:at] + bytes(len(piece) * 4) + data[at + len(piece) * 4 :]
    return data


def whole_files() -> dict[str, bytes]:
    """One good file of each kind."""
    photo = Image.open(io.BytesIO(real_jpeg(64))).convert("RGB")
    pages = {"save_all": True, "append_images": [photo.rotate(9)]}
    return {
        "JPEG": real_jpeg(), "PNG": saved(photo, "PNG"), "GIF": saved(photo, "GIF", **pages),
        "TIFF": saved(photo, "TIFF", **pages), "WEBP": saved(photo, "WEBP"), "BMP": saved(photo, "BMP"),
        "HEIF": saved(photo, "HEIF"), "MPO": saved(photo, "MPO", **pages), "JPEG2000": saved(photo, "JPEG2000"),
    }  # fmt: skip


WHOLE = whole_files()


@given(DAMAGE)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
def test_a_damaged_jpeg_is_read_or_refused(damage):
    only_reads_or_refuses(damaged(WHOLE["JPEG"], damage))


@pytest.mark.parametrize("kind", sorted(set(WHOLE) - {"JPEG"}))
@given(damage=DAMAGE)
@settings(max_examples=120, deadline=None)
def test_a_damaged_file_of_any_kind_is_read_or_refused(kind, damage):
    only_reads_or_refuses(damaged(WHOLE[kind], damage))


@given(st.floats(0, 1, exclude_max=True))
@settings(max_examples=60, deadline=None)
def test_a_jpeg_cut_anywhere_is_never_half_a_picture(part):
    data = WHOLE["JPEG"]
    with pytest.raises(UnreadableImage):
        read_image(data[: int(len(data) * part * 0.98)])
