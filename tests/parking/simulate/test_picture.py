"""Drawn pictures: real JPEG files of the size a reader sends, the same for the same car, different for others."""

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from parking.ingest.images import media_type
from parking.simulate.cars import COLORS, MODELS, Car, draw_car
from parking.simulate.grid import grid
from parking.simulate.picture import plate_crop, scene
from parking.simulate.sign import sign_of

SIGN = "2 hour\nparking\n8 am-6 pm\nMon-Fri"


def car(plate="8ABC123", state="US-CA"):
    return draw_car(1, plate, state, "short", Random(1), 0.0)


@pytest.mark.parametrize("state", ["US-CA", "US-NV", "US-ID"])
def test_a_scene_is_a_jpeg_of_ordinary_size(state):
    content = scene(car(state=state), SIGN)
    assert media_type(content) == "image/jpeg"
    assert 12_000 < len(content) < 40_000
    assert Image.open(BytesIO(content)).size == (720, 460)


def test_a_plate_is_a_small_jpeg():
    content = plate_crop(car())
    assert media_type(content) == "image/jpeg"
    assert 2_000 < len(content) < 15_000


def test_the_same_car_is_drawn_the_same_and_another_take_differently():
    assert scene(car(), SIGN, take=1) == scene(car(), SIGN, take=1) != scene(car(), SIGN, take=2)


def test_another_plate_gives_another_picture():
    assert plate_crop(car()) != plate_crop(car("BABC123"))


@pytest.mark.parametrize("color", [name for name, _ in COLORS])
def test_every_kind_of_car_in_every_color_can_be_drawn(color):
    for make, model, kind, _ in MODELS:
        drawn = Car(1, "8ABC123", "US-CA", make, model, color, kind, "short")
        assert media_type(scene(drawn, SIGN)) == "image/jpeg"


def test_a_sign_says_limit_hours_days_and_who_is_exempt():
    words = {policy.name: sign_of([policy]) for policy in grid(4).policies}
    assert words["2 hours"] == "2 hour\nparking\n8 am-6 pm\nMon-Fri"
    assert words["4 hours except permit A"].endswith("except permit A")
    assert words["no limit"] == "Parking"
