"""The engine with the default package, and two public photographs that installed packages bring."""

import io
from pathlib import Path

import insightface
import numpy as np
import pytest
import skimage.data
from django.conf import settings
from PIL import Image

from leads.recognition.engine import Engine, load
from leads.recognition.intake import DecodedImage, read_image

GROUP_PHOTO = Path(insightface.__file__).parent / "data" / "images" / "t1.jpg"


def saved(image: Image.Image, kind: str, **options) -> bytes:
    """The file of an image."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def as_image(pixels: np.ndarray) -> DecodedImage:
    """BGR pixels as a picture that was read."""
    return DecodedImage(np.ascontiguousarray(pixels), "PNG", "0" * 64)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine, loaded once."""
    return load(settings.MODEL_DIR)


@pytest.fixture(scope="session")
def group_photo() -> DecodedImage:
    """Six people, of insightface."""
    return read_image(GROUP_PHOTO)


@pytest.fixture(scope="session")
def astronaut() -> DecodedImage:
    """One person, upright and well lit, of scikit-image."""
    return as_image(skimage.data.astronaut()[:, :, ::-1])
