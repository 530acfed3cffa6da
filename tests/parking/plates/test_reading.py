"""Reading plates: what a reader finds on drawn pictures, what it leaves alone, and that its networks load once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from parking.plates import networks
from parking.plates.errors import PlateModelsMissing, UnreadablePicture
from parking.plates.likeness import within_one_edit
from parking.plates.networks import Networks
from parking.plates.reading import PlateReader
from parking.plates.synthetic import CLEAR, Conditions, draw_plate, draw_scene

USABLE = 0.2


@pytest.fixture(scope="module")
def reader():
    return PlateReader(threads=1)


def scene(text, *, seed=7, plate=True, **how):
    conditions = Conditions("test", **how) if how else CLEAR
    return draw_scene(text, conditions=conditions, rng=np.random.default_rng(seed), plate=plate)


def as_jpeg(pixels):
    return cv2.imencode(".jpg", pixels)[1].tobytes()


@pytest.mark.parametrize("text", ["8ABC123", "123ABC4", "7X42391"])
def test_a_clear_plate_is_read_exactly(reader, text):
    assert reader.read(scene(text).pixels)[0].text == text


def test_a_file_and_its_pixels_read_alike(reader):
    data = as_jpeg(scene("6TRK418").pixels)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert reader.read(data)[0].text == reader.read(pixels)[0].text == "6TRK418"


def test_a_blurred_plate_is_read_within_one_character(reader):
    best = reader.read(scene("5KLM823", width=110, blur=2.0, noise=3.0).pixels)[0]
    assert within_one_edit(best.text, "5KLM823")


def test_a_slanting_plate_is_read_within_one_character(reader):
    best = reader.read(scene("4RVW265", width=150, yaw=30.0, roll=9.0).pixels)[0]
    assert within_one_edit(best.text, "4RVW265")


def test_the_box_of_a_reading_lies_on_the_plate(reader):
    photo = scene("8ABC123")
    left, top, width, height = reader.read(photo.pixels)[0].box
    plate_left, plate_top, plate_width, plate_height = photo.box
    assert plate_left <= left + width / 2 <= plate_left + plate_width
    assert plate_top <= top + height / 2 <= plate_top + plate_height


def test_a_box_is_given_in_pixels_of_the_picture_as_sent(reader):
    photo = scene("8ABC123")
    large = cv2.resize(photo.pixels, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    left, _, width, _ = reader.read(large)[0].box
    assert 3 * photo.box[0] <= left + width / 2 <= 3 * (photo.box[0] + photo.box[2])


def test_the_crop_of_a_plate_alone_is_read(reader):
    crop = cv2.resize(draw_plate("6TRK418"), (140, 70), interpolation=cv2.INTER_AREA)
    best = reader.read(crop)[0]
    left, top, width, height = best.box
    assert best.text == "6TRK418"
    assert 0 <= left < left + width <= 160 and 0 <= top < top + height <= 80


def test_every_character_has_a_confidence(reader):
    for each in reader.read(scene("5KLM823", width=90, blur=1.8, noise=4.0).pixels):
        assert len(each.char_confidences) == len(each.text)
        assert all(0.0 <= value <= 1.0 for value in (each.confidence, *each.char_confidences))


def test_a_text_is_listed_once(reader):
    texts = [each.text for each in reader.read(scene("5KLM823", width=100, blur=2.2, noise=4.0).pixels)]
    assert len(texts) == len(set(texts)) > 1


def test_a_wall_without_a_plate_reads_as_nothing(reader):
    assert reader.read(np.full((480, 640, 3), 127, np.uint8)) == []


def test_a_car_without_a_plate_gives_no_usable_reading(reader):
    assert all(each.confidence < USABLE for each in reader.read(scene("", plate=False).pixels))


def test_the_time_a_camera_writes_into_its_picture_is_not_taken_for_a_plate(reader):
    stamped = scene("8ABC123").pixels
    cv2.putText(stamped, "2026-11-24 09:41:07", (8, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 2)
    assert reader.read(stamped)[0].text == "8ABC123"


def test_bytes_that_are_no_picture_are_refused_by_name(reader):
    with pytest.raises(UnreadablePicture) as refused:
        reader.read(b"no picture at all")
    assert refused.value.code == "not_a_picture"


def test_networks_are_loaded_once_when_threads_start_together(monkeypatch):
    loads, together = [], threading.Barrier(4)
    load = Networks.load.__func__
    monkeypatch.setattr(Networks, "load", classmethod(lambda cls, **how: loads.append(how) or load(cls, **how)))
    shared = PlateReader(threads=1)
    photo = scene("8ABC123").pixels

    def read(_):
        together.wait(timeout=60)
        return shared.read(photo)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(read, range(4)))
    assert loads == [{"threads": 1}]
    assert all(result == results[0] for result in results)


def test_missing_models_are_an_error_with_a_name_and_nothing_is_fetched(monkeypatch, tmp_path):
    monkeypatch.setattr(networks, "MODELS", tmp_path)
    with pytest.raises(PlateModelsMissing) as missing:
        PlateReader().read(scene("8ABC123").pixels)
    assert missing.value.code == "models_missing"
    assert list(tmp_path.iterdir()) == []
