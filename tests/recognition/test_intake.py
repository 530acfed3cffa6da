"""Any file is read as one upright 8-bit BGR picture, or refused by a named code."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from leads.recognition import intake
from leads.recognition.errors import UnreadableImage
from leads.recognition.intake import as_jpeg, read_image
from tests.recognition.conftest import GROUP_PHOTO, saved

RED, GREEN, BLUE, GRAY = (200, 30, 40), (30, 180, 60), (40, 50, 210), (128, 128, 128)
ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F

# How a camera's sensor holds an upright picture under each EXIF orientation (Exif 2.32, table 6).
AS_STORED = {
    1: lambda upright: upright,
    2: np.fliplr,
    3: lambda upright: np.rot90(upright, 2),
    4: np.flipud,
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright.transpose(1, 0, 2), 2),
    8: lambda upright: np.rot90(upright, -1),
}


def upright_rgb() -> np.ndarray:
    """64 x 96, another color in each quarter: no turn and no mirror image of it is the same."""
    pixels = np.zeros((64, 96, 3), dtype=np.uint8)
    pixels[:32, :48], pixels[:32, 48:], pixels[32:, :48], pixels[32:, 48:] = RED, GREEN, BLUE, GRAY
    return pixels


def refused(data: bytes, code: str) -> UnreadableImage:
    """The file is refused under this code, with a sentence."""
    with pytest.raises(UnreadableImage) as refusal:
        read_image(data)
    assert refusal.value.code == code
    assert refusal.value.message.endswith((".", ")", "?")) and len(refusal.value.message) > 15
    return refusal.value


def assert_close(data: bytes, rgb: np.ndarray, *, within: int) -> None:
    """The file reads as these pixels, leaving out the seams between the quarters."""
    read = read_image(data).pixels[:, :, ::-1].astype(int)
    assert read.shape == rgb.shape
    far = np.abs(read - rgb).max(axis=2) > within
    far[24:40], far[:, 40:56] = False, False
    assert not far.any()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "PPM"])
def test_a_lossless_picture_is_read_to_the_pixel(kind):
    read = read_image(saved(Image.fromarray(upright_rgb()), kind))
    assert read.pixels.dtype == np.uint8
    assert read.pixels.flags.c_contiguous
    np.testing.assert_array_equal(read.pixels[:, :, ::-1], upright_rgb())
    assert (read.width, read.height, read.format) == (96, 64, kind)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "HEIF", "JPEG2000"])
def test_a_lossy_picture_is_read_nearly_so(kind):
    assert_close(saved(Image.fromarray(upright_rgb()), kind), upright_rgb(), within=16)


def test_the_hash_is_of_the_file_and_a_path_reads_as_its_bytes(tmp_path):
    import hashlib

    data = saved(Image.fromarray(upright_rgb()), "PNG")
    path = tmp_path / "still.png"
    path.write_bytes(data)
    assert read_image(path).sha256 == read_image(data).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("orientation", AS_STORED)
@pytest.mark.parametrize(("kind", "within"), [("PNG", 0), ("TIFF", 0), ("WEBP", 24), ("JPEG", 16), ("HEIF", 24)])
def test_every_exif_orientation_is_turned_upright(orientation, kind, within):
    stored = Image.fromarray(np.ascontiguousarray(AS_STORED[orientation](upright_rgb())))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    if kind == "HEIF":  # its writer turns this into the format's own rotation, which is the one that counts
        stored.info["exif"] = exif.tobytes()
        assert_close(saved(stored, kind), upright_rgb(), within=within)
    else:
        assert_close(saved(stored, kind, exif=exif), upright_rgb(), within=within)


@pytest.mark.parametrize("orientation", [2, 3, 4, 5, 6, 7, 8])
def test_turning_is_noted(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert read_image(saved(Image.new("RGB", (40, 40)), "JPEG", exif=exif)).notes == [
        "Turned upright as its EXIF data says."
    ]


def test_an_orientation_that_does_not_exist_turns_nothing():
    exif = Image.Exif()
    exif[ORIENTATION] = 9
    assert_close(saved(Image.fromarray(upright_rgb()), "PNG", exif=exif), upright_rgb(), within=0)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_the_colors_it_prints(kind):
    ink = Image.fromarray(upright_rgb()).convert("CMYK")
    assert_close(saved(ink, kind), np.asarray(ink.convert("RGB")), within=24)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_gray_keeps_its_highest_eight_bits(kind):
    deep = np.linspace(0, 65535, 64 * 64, dtype=np.uint16).reshape(64, 64)
    read = read_image(saved(Image.fromarray(deep), kind)).pixels
    assert (read[:, :, 0] == read[:, :, 1]).all() and (read[:, :, 1] == read[:, :, 2]).all()
    assert np.abs(read[:, :, 0].astype(int) - deep / 257.0).max() <= 1


def test_sixteen_bit_color_keeps_its_highest_eight_bits():
    rows = upright_rgb().astype(">u2") * 257
    body = b"".join(b"\x00" + row.tobytes() for row in rows)
    np.testing.assert_array_equal(read_image(png(96, 64, 16, 2, body)).pixels[:, :, ::-1], upright_rgb())


@pytest.mark.parametrize(("mode", "kind"), [("L", "PNG"), ("L", "JPEG"), ("1", "PNG"), ("1", "TIFF"), ("F", "TIFF")])
def test_gray_has_three_equal_channels(mode, kind):
    half = Image.new("L", (64, 64), 255)
    half.paste(0, (0, 0, 32, 64))
    read = read_image(saved(half.convert(mode), kind)).pixels
    assert read.shape == (64, 64, 3)
    assert (read.max(axis=2) - read.min(axis=2)).max() == 0
    assert read[:, :28].max() <= 2 and read[:, 36:].min() >= 253


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_what_is_transparent_shows_white_paper(kind):
    glass = Image.new("RGBA", (64, 64), (*RED, 255))
    glass.paste((*BLUE, 0), (0, 0, 64, 32))
    read = read_image(saved(glass, kind, **({"lossless": True} if kind == "WEBP" else {}))).pixels[:, :, ::-1]
    assert (read[:32] == 255).all() and (read[32:] == RED).all()


def test_gray_with_alpha_shows_white_paper():
    glass = Image.new("LA", (64, 64), (10, 255))
    glass.paste((10, 0), (0, 0, 64, 32))
    read = read_image(saved(glass, "PNG")).pixels
    assert (read[:32] == 255).all() and (read[32:] == 10).all()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "BMP"])
def test_a_palette_becomes_its_colors(kind):
    colors = Image.fromarray(upright_rgb()).convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    assert_close(saved(colors, kind), upright_rgb(), within=2)


def test_a_transparent_palette_entry_shows_white_paper():
    colors = Image.fromarray(upright_rgb()).convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    read = read_image(saved(colors, "PNG", transparency=colors.getpixel((5, 5)))).pixels[:, :, ::-1]
    assert (read[:32, :48] == 255).all() and np.abs(read[:32, 48:].astype(int) - GREEN).max() <= 2


def test_a_heic_photo_is_read_as_its_jpeg_is():
    photo = Image.open(GROUP_PHOTO).convert("RGB").resize((640, 444))
    read = read_image(saved(photo, "HEIF", quality=90))
    assert read.format == "HEIF"
    assert np.abs(read.pixels[:, :, ::-1].astype(int) - np.asarray(photo)).mean() < 4


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_what_moves_is_no_still(kind):
    frames = [Image.new("RGB", (48, 48), color) for color in (RED, GREEN, BLUE)]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert "FR-03" in refused(moving, "animated").message


def test_of_many_pages_the_first_is_used_and_that_is_noted():
    pages = [Image.new("RGB", (48, 48), color) for color in (RED, GREEN)]
    read = read_image(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert (read.pixels[:, :, ::-1] == RED).all()
    assert read.notes == ["The file holds 2 pictures; the first one is used."]


@pytest.mark.parametrize("name", ["still.png", "still.txt", "still"])
def test_the_extension_does_not_matter(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(saved(Image.fromarray(upright_rgb()), "JPEG"))
    assert read_image(path).format == "JPEG"


def test_nothing_is_empty():
    refused(b"", "empty")


@pytest.mark.parametrize(
    "data", [b"Just a note.\n" * 40, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04" + b"\0" * 60, b"\0"]
)
def test_what_is_no_picture_is_refused(data):
    refused(data, "not_an_image")


def test_a_kind_that_nobody_photographs_in_is_refused_by_name():
    assert "TGA" in refused(saved(Image.new("RGB", (64, 64)), "TGA"), "unsupported").message


@pytest.mark.parametrize("size", [(1, 1), (23, 400), (400, 23)])
def test_a_picture_too_small_for_a_face_is_refused(size):
    refused(saved(Image.new("RGB", size), "PNG"), "too_small")


def test_the_least_side_is_read():
    assert read_image(saved(Image.new("RGB", (24, 24)), "PNG")).width == 24


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_a_file_cut_short_is_truncated(kind, part):
    photo = Image.open(GROUP_PHOTO).resize((320, 222))
    whole = saved(photo, kind)
    refused(whole[: int(len(whole) * part)], "truncated")


def test_a_damaged_second_page_is_refused_although_the_first_is_whole():
    pages = [Image.new("RGB", (48, 48), color) for color in (RED, GREEN)]
    data = bytearray(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    first = struct.unpack_from("<I", data, 4)[0]
    second = struct.unpack_from("<I", data, first + 2 + 12 * struct.unpack_from("<H", data, first)[0])[0]
    struct.pack_into("<H", data, second, 0)
    refused(bytes(data), "truncated")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_heic_cut_short_is_refused_by_a_code(part):
    whole = saved(Image.open(GROUP_PHOTO).resize((320, 222)), "HEIF")
    with pytest.raises(UnreadableImage) as refusal:
        read_image(whole[: int(len(whole) * part)])
    assert refusal.value.code in {"truncated", "not_an_image"}


def png(width: int, height: int, depth: int, color: int, body: bytes) -> bytes:
    """A PNG with this header, whatever its body."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body, 9))
        + chunk(b"IEND", b"")
    )  # fmt: skip


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 24), (10_001, 10_000)])
def test_a_decompression_bomb_is_refused_before_a_pixel_is_decoded(size, monkeypatch):
    def explode(*args, **kwargs):
        raise AssertionError("pixels of a bomb were decoded")

    bomb = png(*size, 8, 2, b"\0" * 3_000_000)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", explode)
    assert len(bomb) < 10_000
    assert "million pixels" in refused(bomb, "too_large").message


def test_the_limit_is_on_pixels_and_includes_itself(monkeypatch):
    picture = saved(Image.new("RGB", (100, 100)), "PNG")
    monkeypatch.setattr(intake, "MAX_PIXELS", 10_000)
    assert read_image(picture).width == 100
    monkeypatch.setattr(intake, "MAX_PIXELS", 9_999)
    refused(picture, "too_large")


def test_a_compressed_text_chunk_that_explodes_is_refused_or_left_unread():
    bomb = b"Comment\0\0" + zlib.compress(b"\0" * 200_000_000, 9)
    chunk = struct.pack(">I", len(bomb)) + b"zTXt" + bomb + struct.pack(">I", zlib.crc32(b"zTXt" + bomb))
    whole = saved(Image.fromarray(upright_rgb()), "PNG")
    try:
        np.testing.assert_array_equal(read_image(whole[:33] + chunk + whole[33:]).pixels[:, :, ::-1], upright_rgb())
    except UnreadableImage as refusal:
        assert refusal.code == "truncated"


def test_a_photo_of_fifty_million_pixels_is_read():
    photo = Image.open(GROUP_PHOTO).resize((8660, 5774))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    read = read_image(saved(photo, "JPEG", quality=80, exif=exif))
    assert (read.width, read.height) == (5774, 8660)
    assert read.width * read.height > 50_000_000
    small = np.asarray(Image.fromarray(read.pixels[::20, ::20, ::-1]).resize((72, 108)), dtype=int)
    expected = np.asarray(Image.open(GROUP_PHOTO).rotate(-90, expand=True).resize((72, 108)), dtype=int)
    assert np.abs(small - expected).mean() < 12


@pytest.fixture
def photo_from_a_phone() -> bytes:
    """A JPEG that says where, when and with what it was taken."""
    exif = Image.Exif()
    exif[MAKE] = "Phone"
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 54.0, 57.0), 3: "W", 4: (122.0, 18.0, 6.0)})
    photo = Image.open(GROUP_PHOTO).resize((320, 222))
    return saved(photo, "JPEG", exif=exif, comment=b"37.9158 N, 122.3016 W")


def test_a_copy_for_showing_says_nothing_of_where_it_was_taken(photo_from_a_phone):
    assert Image.open(io.BytesIO(photo_from_a_phone)).getexif().get_ifd(GPS)[1] == "N"
    copy = as_jpeg(read_image(photo_from_a_phone).pixels)
    shown = Image.open(io.BytesIO(copy))
    assert len(shown.getexif()) == 0
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Exif" not in copy and b"122.3016" not in copy


@pytest.mark.django_db
def test_the_vault_keeps_the_original_with_all_it_says(photo_from_a_phone):
    from cases import vault

    kept = vault.read(vault.store(photo_from_a_phone))
    assert kept == photo_from_a_phone
    assert Image.open(io.BytesIO(kept)).getexif().get_ifd(GPS)[4] == (122.0, 18.0, 6.0)


def test_a_copy_has_the_pixels_and_keeps_its_proportions():
    pixels = np.ascontiguousarray(upright_rgb()[:, :, ::-1])
    assert_close(as_jpeg(pixels), upright_rgb(), within=16)
    small = Image.open(io.BytesIO(as_jpeg(np.kron(pixels, np.ones((4, 4, 1), np.uint8)), max_side=96)))
    assert small.size == (96, 64)
