"""Finding real faces, telling people apart, and the quality measures moving the right way."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from leads.recognition.engine import DetectedFace, aligned, crop
from leads.recognition.quality import JUST, NOT, QualityLimits, exposure, geometry, measure, sharpness
from tests.recognition.conftest import as_image


def the_face(engine, image) -> DetectedFace:
    """The one face of a picture."""
    (face,) = engine.detect(image)
    return face


def value(report, name: str) -> float:
    """A measure's figure."""
    return next(item.value for item in report.measures if item.name == name)


def verdict(report, name: str) -> str:
    """A measure's verdict."""
    return next(item.verdict for item in report.measures if item.name == name)


def blurred(image, sigma: float):
    """Out of focus."""
    return as_image(cv2.GaussianBlur(image.pixels, (0, 0), sigma))


def lit(image, factor: float = 1.0, offset: int = 0):
    """Darker, brighter."""
    return as_image(np.clip(image.pixels.astype(float) * factor + offset, 0, 255).astype(np.uint8))


def shrunk(image, factor: float):
    """From farther away."""
    return as_image(cv2.resize(image.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


def poor_jpeg(image):
    """Saved as a web site would."""
    import io

    from leads.recognition.intake import read_image

    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image.pixels[:, :, ::-1])).save(out, "JPEG", quality=25)
    return read_image(out.getvalue())


def test_six_people_are_found_and_lettered_by_size(engine, group_photo):
    faces = engine.detect(group_photo)
    assert [face.letter for face in faces] == list("ABCDEF")
    areas = [face.box[2] * face.box[3] for face in faces]
    assert areas == sorted(areas, reverse=True)
    assert all(face.score > 0.9 for face in faces)


def test_landmarks_lie_in_their_face(engine, group_photo):
    for face in engine.detect(group_photo):
        x, y, width, height = face.box
        left_eye, right_eye, _, mouth_left, mouth_right = face.landmarks
        assert all(x - 0.1 * width <= px <= x + 1.1 * width and y <= py <= y + height for px, py in face.landmarks)
        assert left_eye[0] < right_eye[0] and max(left_eye[1], right_eye[1]) < min(mouth_left[1], mouth_right[1])


def test_a_picture_of_nobody_has_no_faces(engine):
    noise = np.random.default_rng(5).integers(0, 255, (400, 600, 3), dtype=np.uint8)
    assert engine.detect(as_image(noise)) == []
    assert engine.detect(as_image(np.full((24, 24, 3), 128, np.uint8))) == []


def test_a_small_face_in_a_large_picture_is_found(engine, astronaut):
    field = np.full((3000, 4000, 3), 90, np.uint8)
    field[2200:2712, 3100:3612] = astronaut.pixels
    face = the_face(engine, as_image(field))
    alone = the_face(engine, astronaut)
    assert face.box == pytest.approx((alone.box[0] + 3100, alone.box[1] + 2200, *alone.box[2:]), abs=8)


def test_a_face_survives_being_kept_in_a_row(engine, group_photo):
    import json

    for face in engine.detect(group_photo):
        again = DetectedFace.from_json(json.loads(json.dumps(face.as_json())))
        assert (again.ordinal, again.letter) == (face.ordinal, face.letter)
        assert np.allclose(again.landmarks, face.landmarks, atol=0.006) and np.allclose(again.box, face.box, atol=0.06)
        assert float(engine.embed(group_photo, again) @ engine.embed(group_photo, face)) > 0.999


@pytest.mark.parametrize(("ordinal", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")])
def test_letters_go_on_after_z(ordinal, letter):
    assert DetectedFace(ordinal, (0, 0, 1, 1), (), 1.0).letter == letter


@pytest.fixture(scope="module")
def templates(engine, group_photo) -> np.ndarray:
    """Templates of the six people."""
    return np.array([engine.embed(group_photo, face) for face in engine.detect(group_photo)])


def test_a_template_has_512_values_and_length_1(templates):
    assert templates.shape == (6, 512) and templates.dtype == np.float32
    assert np.allclose(np.linalg.norm(templates, axis=1), 1, atol=1e-5)


def test_a_template_is_the_same_each_time(engine, group_photo, templates):
    again = engine.embed(group_photo, engine.detect(group_photo)[0])
    np.testing.assert_array_equal(again, templates[0])


CHANGES = {
    "cropped": lambda image: as_image(image.pixels[20:400, 60:420]),
    "blurred": lambda image: blurred(image, 1.5),
    "darkened": lambda image: lit(image, 0.4),
    "brightened": lambda image: lit(image, 1.0, 50),
    "from farther away": lambda image: shrunk(image, 0.5),
    "mirrored": lambda image: as_image(image.pixels[:, ::-1]),
    "a poor JPEG": poor_jpeg,
    "in gray": lambda image: as_image(cv2.cvtColor(cv2.cvtColor(image.pixels, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_one_person_stays_more_alike_than_any_two_people_are(engine, astronaut, templates, change):
    original = engine.embed(astronaut, the_face(engine, astronaut))
    changed = CHANGES[change](astronaut)
    same = float(engine.embed(changed, the_face(engine, changed)) @ original)
    everybody = np.vstack([templates, original])
    different = (everybody @ everybody.T)[~np.eye(7, dtype=bool)].max()
    assert same > different + 0.1


@pytest.mark.parametrize("number", range(6))
def test_each_of_the_group_is_found_again_in_a_worse_picture(engine, group_photo, templates, number):
    face = engine.detect(group_photo)[number]
    worse = lit(blurred(as_image(crop(group_photo, face.box)), 1.2), 0.7)
    seen = engine.embed(worse, engine.detect(worse)[0])
    assert int((templates @ seen).argmax()) == number


def test_blurring_lowers_the_sharpness_step_by_step(engine, astronaut):
    face = the_face(engine, astronaut)
    reports = [measure(astronaut, face), *[measure(blurred(astronaut, sigma), face) for sigma in (0.7, 1, 2, 3, 5)]]
    values = [value(report, "sharpness") for report in reports]
    assert values == sorted(values, reverse=True) and len(set(values)) == len(values)
    assert verdict(reports[0], "sharpness") != NOT and verdict(reports[-1], "sharpness") == NOT


def test_blurring_lowers_the_sharpness_of_everybody(engine, group_photo):
    soft = blurred(group_photo, 2)
    for face in engine.detect(group_photo):
        assert value(measure(soft, face), "sharpness") < value(measure(group_photo, face), "sharpness")


@pytest.mark.parametrize("worse", [(0.05, 0), (0.02, 0), (1.0, 200), (0.02, 245)])
def test_a_face_in_the_dark_or_burnt_out_fails_the_light(engine, astronaut, worse):
    face = the_face(engine, astronaut)
    assert verdict(measure(astronaut, face), "exposure") != NOT
    report = measure(lit(astronaut, *worse), face)
    assert verdict(report, "exposure") == NOT and not report.passed
    assert "exposure" in [failure.name for failure in report.failures]


def test_less_light_is_a_lower_figure_step_by_step(engine, astronaut):
    face = the_face(engine, astronaut)
    values = [value(measure(lit(astronaut, factor), face), "exposure") for factor in (1, 0.6, 0.3, 0.1, 0.03)]
    assert values == sorted(values, reverse=True)


def test_a_small_face_fails_the_distance_between_the_eyes(engine, astronaut):
    near = the_face(engine, astronaut)
    assert verdict(measure(astronaut, near), "eye_distance") != NOT
    for factor in (0.3, 0.2):
        far = shrunk(astronaut, factor)
        report = measure(far, the_face(engine, far))
        assert value(report, "eye_distance") == pytest.approx(geometry(near)[0] * factor, rel=0.15)
        assert verdict(report, "eye_distance") == NOT and not report.passed


def test_a_profile_fails_and_a_frontal_face_passes(engine, group_photo):
    turned = {face.letter: value(measure(group_photo, face), "yaw") for face in engine.detect(group_photo)}
    assert turned["B"] > 60
    assert all(turned[letter] < 40 for letter in "ACDEF")


LEVEL = ((30.0, 40.0), (70.0, 40.0), (50.0, 62.4), (34.0, 80.0), (66.0, 80.0))


def face_of(points) -> DetectedFace:
    """A face with these landmarks."""
    return DetectedFace(0, (0, 0, 100, 120), tuple(tuple(map(float, point)) for point in points), 1.0)


def moved_nose(sideways: float = 0, down: float = 0) -> DetectedFace:
    """The level face with its nose elsewhere."""
    return face_of([*LEVEL[:2], (LEVEL[2][0] + sideways, LEVEL[2][1] + down), *LEVEL[3:]])


def test_a_level_frontal_face_has_no_angles():
    distance, yaw, pitch = geometry(face_of(LEVEL))
    assert (distance, yaw) == (40, 0)
    assert pitch == pytest.approx(0, abs=0.01)


@given(st.floats(0, 20), st.floats(0, 20))
def test_a_nose_farther_to_a_side_is_a_face_turned_more(one, other):
    less, more = sorted((one, other))
    assert geometry(moved_nose(less))[1] <= geometry(moved_nose(more))[1] + 1e-9
    assert geometry(moved_nose(-more))[1] == pytest.approx(-geometry(moved_nose(more))[1])


@given(st.floats(-15, 15), st.floats(-15, 15))
def test_a_nose_farther_down_is_a_face_tilted_more(one, other):
    assert geometry(moved_nose(0, min(one, other)))[2] <= geometry(moved_nose(0, max(one, other)))[2] + 1e-9


@given(st.floats(-180, 180), st.floats(0.2, 20), st.floats(-500, 500), st.floats(-15, 15), st.floats(-15, 15))
@settings(max_examples=150)
def test_angles_do_not_depend_on_where_how_large_or_how_slanted_the_face_is(turn, scale, shift, sideways, down):
    face = moved_nose(sideways, down)
    angle = math.radians(turn)
    rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    moved = face_of(np.array(face.landmarks) @ rotation.T * scale + shift)
    distance, yaw, pitch = geometry(face)
    assert geometry(moved) == pytest.approx((distance * scale, yaw, pitch), abs=1e-4)


def test_eyes_in_one_point_are_measured_and_not_enough(astronaut):
    with np.errstate(all="ignore"):
        distance, yaw, pitch = geometry(face_of([(50, 40)] * 2 + [*LEVEL[2:]]))
    assert distance <= 1 and math.isfinite(yaw) and math.isfinite(pitch)


@given(st.integers(0, 255))
def test_a_plain_gray_square_has_neither_sharpness_nor_light(shade):
    plain = np.full((112, 112), shade, np.uint8)
    assert sharpness(plain) < 0.01 and exposure(plain) == 0


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_measures_of_light_and_sharpness_are_between_0_and_1(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (112, 112), dtype=np.uint8)
    assert 0 <= sharpness(noise) <= 1 and 0 <= exposure(noise) <= 1


def test_the_limits_decide_and_near_them_it_is_just_enough(engine, astronaut):
    face = the_face(engine, astronaut)
    sharp, limits = value(measure(astronaut, face), "sharpness"), QualityLimits()
    under, near = replace(limits, sharpness_min=sharp * 1.01), replace(limits, sharpness_min=sharp / 1.05)
    assert verdict(measure(astronaut, face, under), "sharpness") == NOT
    assert verdict(measure(astronaut, face, near), "sharpness") == JUST
    assert measure(astronaut, face, near).passed and not measure(astronaut, face, under).passed


def test_a_report_is_kept_with_its_words(engine, astronaut):
    report = measure(astronaut, the_face(engine, astronaut))
    kept = report.as_json()
    assert kept["passed"] is report.passed is True
    assert [m["name"] for m in kept["measures"]] == ["eye_distance", "sharpness", "yaw", "pitch", "exposure"]
    assert all(m["words"] and m["shown"] and m["needed"] for m in kept["measures"])


@pytest.mark.parametrize("turn", [0, 30, -75])
def test_an_aligned_face_has_its_eyes_where_the_recogniser_wants_them(turn):
    angle = math.radians(turn)
    rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    points = (np.array(LEVEL) - 50) @ rotation.T * 3 + 250
    canvas = np.zeros((500, 500, 3), np.uint8)
    for x, y in points[:2]:
        cv2.circle(canvas, (round(x), round(y)), 12, (255, 255, 255), -1)
    face = aligned(as_image(canvas), face_of(points))
    assert face.shape == (112, 112, 3)
    rows, columns = np.nonzero(face[:, :, 0] > 128)
    for half, eye in ((columns < 56, 38.3), (columns >= 56, 73.5)):  # ArcFace's template of a face
        assert columns[half].mean() == pytest.approx(eye, abs=5) and rows[half].mean() == pytest.approx(51.6, abs=5)


@given(st.tuples(st.floats(-300, 900), st.floats(-300, 900), st.floats(1, 400), st.floats(1, 400)))
@settings(max_examples=100)
def test_a_crop_is_never_empty_nor_larger_than_the_picture(box):
    image = as_image(np.zeros((300, 400, 3), np.uint8))
    height, width = crop(image, (min(box[0], 399), min(box[1], 299), *box[2:])).shape[:2]
    assert height <= 300 and width <= 400
