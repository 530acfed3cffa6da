"""A picture that takes long to decode never holds a web thread: its header tells, a worker prepares it."""

import ast
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image, ImageFile

from cases import display, heavy, tasks
from ecpd import queue
from tests.factories.cases import exhibit, picture
from tests.signing_in import sign_in

ROOT = Path(__file__).resolve().parents[2]


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG of this size, and no pixel of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def saved(kind: str, width: int, height: int, **save) -> bytes:
    """A picture of noise."""
    out = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)
    Image.fromarray(noise).save(out, kind, **save)
    return out.getvalue()


@pytest.fixture
def undecoded(monkeypatch):
    """No pixel is decoded."""

    def decoded(*args, **kwargs):
        raise AssertionError("A picture was decoded.")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)


@pytest.mark.parametrize("size", [(9_950, 9_950), (100_000, 130), (2**31 - 1, 2**31 - 1)])
def test_a_small_file_of_many_pixels_is_heavy(undecoded, size):
    data = png_header(*size)
    assert len(data) < 200 and heavy.cost_of(data) > heavy.LIGHT_PIXELS


def test_a_phone_s_photo_and_a_small_still_of_each_kind_are_not():
    assert heavy.cost_of(png_header(4032, 3024)) <= heavy.LIGHT_PIXELS
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"):
        assert 0 < heavy.cost_of(saved(kind, 200, 100)) <= heavy.LIGHT_PIXELS, kind


def test_a_jpeg_that_goes_over_its_pixels_a_thousand_times_is_heavy(undecoded):
    plain = saved("JPEG", 400, 400, progressive=True)
    assert heavy.cost_of(plain) <= heavy.LIGHT_PIXELS
    assert heavy.cost_of(plain[:-2] + heavy.SCAN * 1000 + plain[-2:]) > heavy.LIGHT_PIXELS


def test_a_kind_with_pictures_to_count_is_heavy_when_its_file_is_not_small():
    frames = [Image.new("P", (8, 8), shade % 256) for shade in range(5_000)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    assert len(out.getvalue()) > heavy.LIGHT_SLOW_BYTES
    assert heavy.cost_of(out.getvalue()) > heavy.LIGHT_PIXELS


def test_what_is_no_picture_costs_nothing():
    assert heavy.cost_of(b"") == heavy.cost_of(b"MZ" * 40) == 0


@pytest.fixture
def asked(monkeypatch) -> list:
    """What workers are asked to do."""
    sent: list = []
    monkeypatch.setattr(queue.outbox, "put", sent.append)
    return sent


@pytest.mark.django_db
def test_the_page_of_a_large_exhibit_waits_for_a_worker(client, case, okafor, asked, monkeypatch,
                                                        django_capture_on_commit_callbacks):  # fmt: skip
    monkeypatch.setattr(heavy, "LIGHT_PIXELS", 1000)
    still = exhibit(case, okafor, file=picture(size=(60, 40)))
    sign_in(client, okafor)
    at = reverse("cases:evidence-picture", args=[case.case_number, still.number])
    with monkeypatch.context() as patch:
        patch.setattr(ImageFile.ImageFile, "load", None)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.get(at)
    assert (answer.status_code, answer["Content-Type"]) == (202, "image/svg+xml")
    assert asked == [("cases.tasks.prepare_picture", (still.file.sha256,))]
    tasks.prepare_picture(still.file.sha256)
    answer = client.get(at)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")


@pytest.mark.django_db
def test_a_large_one_that_cannot_be_shown_is_tried_once(client, case, okafor, asked):
    still = exhibit(case, okafor, file=png_header(9_950, 9_950), file_name="large.png")
    with pytest.raises(display.PictureNotReady):
        display.picture_of(still.file)
    tasks.prepare_picture(still.file.sha256)
    assert display.picture_of(still.file) is None


def test_pictures_are_decoded_in_few_places_and_each_is_known():
    """A new one says here why it never runs in a web thread with somebody's large file."""
    decoders = {"read_image", "Image.open", "cv2.imdecode", "cv2.imread", "iio.imread"}
    found = {
        str(path.relative_to(ROOT))
        for app in ("cases", "leads", "parking", "ecpd")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _name(node.func) in decoders
    }
    assert found == {
        "cases/display.py",  # asks is_heavy first, or is a worker
        "cases/heavy.py",  # headers only
        "cases/likeness.py",  # asks is_heavy first, or is a worker
        "leads/demo/gallery.py",  # pictures of installed packages
        "leads/demo/probe.py",
        "leads/gallery/reading.py",  # imports: a worker or a command
        "leads/pictures.py",  # asks is_heavy first, or is a worker
        "leads/recognition/intake.py",  # the decoder itself
        "leads/recognition/people.py",  # folders of people, for measuring: a command
        "leads/services/engine.py",  # searches and probes: a worker
        "parking/plates/picture.py",  # the second reader: a worker
        "parking/plates/synthetic.py",  # the demo's own drawings
    }


def _name(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return f"{_name(func.value)}.{func.attr}" if isinstance(func.value, ast.Name) else func.attr
    return func.id if isinstance(func, ast.Name) else ""
