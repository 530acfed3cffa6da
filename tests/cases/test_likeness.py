"""Near copies of a picture look the same by its 64 bits, other pictures do not (FR-10)."""

import hashlib
import importlib.util
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cases.likeness import likeness_of
from leads.models import kin_v2
from leads.near import NEAR_COPY_BITS, is_near


def shipped(name: str) -> Image.Image:
    """A picture that an installed package ships."""
    found = importlib.util.find_spec("skimage")
    return Image.open(Path(found.submodule_search_locations[0]) / "data" / name).convert("RGB")


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    return shipped("astronaut.png")


def saved(image: Image.Image, folder: Path, kind: str = "PNG", **options) -> int | None:
    """What it looks like, saved as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    path = folder / hashlib.sha256(out.getvalue()).hexdigest()
    path.write_bytes(out.getvalue())
    return likeness_of(path, path.name)


def noisy(image: Image.Image) -> Image.Image:
    noise = np.random.default_rng(7).integers(-6, 7, (image.height, image.width, 3))
    return Image.fromarray((np.asarray(image, dtype=int) + noise).clip(0, 255).astype(np.uint8))


NEAR = {
    "jpeg": lambda image: (image, "JPEG", {"quality": 60}), "webp": lambda image: (image, "WEBP", {"quality": 70}),
    "smaller": lambda image: (image.resize((200, 200)), "JPEG", {}), "grey": lambda image: (image.convert("L"), "PNG", {}),
    "noisy": lambda image: (noisy(image), "PNG", {}), "lossless": lambda image: (image, "JPEG2000", {}),
    "pixels": lambda image: (image, "PPM", {}),
}  # fmt: skip


@pytest.mark.parametrize("change", NEAR)
def test_a_picture_saved_anew_is_a_near_copy(astronaut, tmp_path, change):
    image, kind, options = NEAR[change](astronaut)
    assert is_near(saved(astronaut, tmp_path), saved(image, tmp_path, kind, **options))


def test_other_pictures_are_none(astronaut, tmp_path):
    others = [saved(shipped(name), tmp_path) for name in ("camera.png", "coffee.png", "rocket.jpg")]
    assert not any(is_near(saved(astronaut, tmp_path), other) for other in others)


def test_pictures_with_nothing_on_them_are_like_their_own_file_alone(tmp_path):
    plain = [saved(Image.new("RGB", (80, 80), (shade, 90, 60)), tmp_path) for shade in range(20)]
    assert all(plain)
    assert not any(is_near(one, other) for one in plain for other in plain if one != other)
    assert len(set(plain)) == 20


def test_what_cannot_be_read_has_no_likeness(tmp_path):
    path = tmp_path / "broken"
    path.write_bytes(b"\xff\xd8\xff" + b"no picture" * 9)
    assert likeness_of(path, "0" * 64) is None


def test_the_database_counts_with_the_same_number():
    assert kin_v2.NEAR_COPY_BITS == NEAR_COPY_BITS
