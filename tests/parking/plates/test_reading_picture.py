"""What a device sends becomes pixels within limits, or is refused by name; nothing else ever escapes."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from parking.plates.errors import UnreadablePicture
from parking.plates.picture import LONGEST_SIDE, MAX_BYTES, open_picture


def file_of(size=(320, 200), kind="JPEG", mode="RGB", **options):
    noise = np.random.default_rng(3).integers(0, 255, (size[1], size[0], 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(out, kind, **options)
    return out.getvalue()


def png_claiming(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    packed = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def refusal(picture):
    with pytest.raises(UnreadablePicture) as refused:
        open_picture(picture)
    assert refused.value.message == str(refused.value)
    return refused.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_common_kinds_become_bgr_pixels(kind, mode):
    picture = open_picture(file_of(size=(500, 410), kind=kind, mode=mode))
    assert picture.pixels.shape == (410, 500, 3) and picture.pixels.dtype == np.uint8


def test_colors_come_out_as_blue_green_red():
    out = io.BytesIO()
    Image.new("RGB", (500, 500), (200, 100, 10)).save(out, "PNG")
    assert open_picture(out.getvalue()).pixels[0, 0].tolist() == [10, 100, 200]


def test_a_picture_taken_sideways_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert open_picture(file_of(size=(600, 420), exif=exif)).pixels.shape == (600, 420, 3)


def test_a_large_picture_is_shrunk_and_its_boxes_are_given_as_sent():
    picture = open_picture(file_of(size=(3000, 1500)))
    assert max(picture.pixels.shape) <= LONGEST_SIDE
    share = 3000 / picture.pixels.shape[1]
    assert picture.as_sent((100, 50, 200, 80)) == tuple(round(side * share) for side in (100, 50, 200, 80))


def test_a_crop_gets_a_margin_that_its_boxes_do_not_show():
    picture = open_picture(file_of(size=(120, 60)))
    assert picture.margin > 0 and picture.pixels.shape[1] == 120 + 2 * picture.margin
    assert picture.as_sent((picture.margin, picture.margin, 120, 60)) == (0, 0, 120, 60)


@pytest.mark.parametrize(
    "picture, code",
    [
        (b"", "empty"),
        (b"\x00" * 500, "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"\xff" * (MAX_BYTES + 1), "too_large"),
        (png_claiming(60_000, 60_000), "too_large"),
        (png_claiming(300, 200), "damaged"),
        (file_of(size=(40, 6)), "too_small"),
        (file_of()[:2000], "damaged"),
        (np.zeros((0, 10, 3), np.uint8), "empty"),
        (np.zeros((40, 40, 3), np.float32), "not_a_picture"),
        (np.zeros((40, 40, 4), np.uint8), "not_a_picture"),
        (np.zeros((40, 8, 3), np.uint8), "too_small"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_code(picture, code):
    assert refusal(picture) == code


@given(st.binary(max_size=400), st.sampled_from(["", "JPEG", "PNG", "WEBP", "BMP"]))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise_anything_but_a_refusal(tail, kind):
    head = file_of(size=(64, 48), kind=kind)[: len(tail) * 3] if kind else b""
    try:
        assert open_picture(head + tail).pixels.ndim == 3
    except UnreadablePicture as refused:
        assert refused.code in {"empty", "not_a_picture", "damaged", "too_large", "too_small"}
