"""A canonical batch: what is kept, what is refused and under which code."""

import base64
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from parking.ingest.batch import read_batch
from parking.ingest.canonical import PlateCandidate, Position, ReadImage, Vehicle
from parking.ingest.errors import BadBatch
from parking.ingest.parsed import Limits
from tests.parking.ingest.given import JPEG, RECEIVED, item, sample


def parse(*items, **more):
    return read_batch({"reads": list(items), **more}, received_at=RECEIVED)


def only(one):
    """The read of the one item, which must have been taken."""
    parsed = parse(one)
    assert parsed.rejected == []
    return parsed.reads[0][1], [note.code for note in parsed.notes]


def refusal(**changes):
    """The code under which an item so changed is refused."""
    parsed = parse(item(**changes))
    assert parsed.reads == []
    return parsed.rejected[0].code


def test_a_whole_item_arrives_with_all_its_parts():
    read = read_batch(sample("canonical_batch"), received_at=RECEIVED).reads[0][1]
    assert read.device_seq == "car7-000141"
    assert read.captured_at == datetime(2026, 11, 24, 17, 30, 0, 120000, tzinfo=UTC)
    assert read.captured_at.tzinfo is UTC
    assert (read.plate, read.state, read.confidence) == ("8ABC123", "US-CA", 0.934)
    assert read.candidates == (PlateCandidate("BABC123", 0.41),)
    assert read.char_confidences[0] == 0.71
    assert read.observer == Position(37.9158, -122.3101, 4.2)
    assert (read.heading, read.speed_mps, read.camera_side) == (181.2, 8.3, "R")
    assert read.vehicle == Vehicle("Toyota", "Corolla", "silver", "sedan")
    assert read.images[0] == ReadImage("plate", "a" * 64)
    assert read.images[1].sha256 == sha256(read.images[1].content).hexdigest()


def test_bad_items_are_refused_one_by_one_and_the_others_kept():
    parsed = read_batch(sample("canonical_batch"), received_at=RECEIVED)
    assert [(index, read.device_seq) for index, read in parsed.reads] == [
        (0, "car7-000141"),
        (1, "142"),
        (4, "car7-000144"),
    ]
    assert [(one.index, one.device_seq, one.code) for one in parsed.rejected] == [
        (2, "car7-000143", "naive_time"),
        (3, "", "missing"),
    ]
    assert all(one.reason for one in parsed.rejected)


def test_a_list_alone_is_a_batch_whose_clock_is_unknown():
    parsed = read_batch([item()], received_at=RECEIVED)
    assert len(parsed.reads) == 1
    assert parsed.skew is None


@pytest.mark.parametrize("body", [None, 1, "[]", {}, {"reads": {}}, {"reads": None}, {"items": []}])
def test_what_is_no_batch_at_all_is_refused_whole(body):
    with pytest.raises(BadBatch):
        read_batch(body, received_at=RECEIVED)


def test_a_batch_of_five_hundred_is_taken_and_one_more_refused():
    items = [item(device_seq=n) for n in range(501)]
    assert len(read_batch(items[:500], received_at=RECEIVED).reads) == 500
    with pytest.raises(BadBatch) as refused:
        read_batch(items, received_at=RECEIVED)
    assert refused.value.code == "too_many"


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-24T09:30:00-08:00",
        "2026-11-24t17:30:00z",
        "2026-11-24 17:30:00+00:00",
        "2026-11-24T17:30:00.0000000Z",
        "2026-11-24T23:00:00+05:30",
    ],
)
def test_any_rfc_3339_time_with_its_offset_is_understood(written):
    assert only(item(captured_at=written))[0].captured_at == datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-11-24T09:30:00", "naive_time"),
        ("2026-11-24", "bad_time"),
        ("2026-W48-2T09:30:00Z", "bad_time"),
        ("20261124T093000Z", "bad_time"),
        ("2026-13-24T09:30:00Z", "bad_time"),
        ("2026-11-24T25:30:00Z", "bad_time"),
        ("٢٠٢٦-11-24T09:30:00Z", "bad_time"),
        ("0001-01-01T00:00:00+14:00", "bad_time"),
        ("0001-01-01T00:00:00Z", "too_old"),
        ("9999-12-31T23:59:59Z", "in_future"),
        (1795628400, "wrong_type"),
        (None, "missing"),
    ],
)
def test_a_time_that_names_no_one_moment_is_refused(written, code):
    assert refusal(captured_at=written) == code


def test_a_read_of_the_future_is_refused_and_one_within_tolerance_kept():
    ahead = RECEIVED + timedelta(seconds=100)
    assert only(item(captured_at=ahead.isoformat()))[0].captured_at == ahead
    assert refusal(captured_at=(RECEIVED + timedelta(seconds=130)).isoformat()) == "in_future"


def test_a_read_older_than_the_retention_is_refused():
    old = RECEIVED - timedelta(days=30, seconds=1)
    assert refusal(captured_at=old.isoformat()) == "too_old"
    longer = Limits(retention=timedelta(days=60))
    assert read_batch([item(captured_at=old.isoformat())], received_at=RECEIVED, limits=longer).reads


def test_a_clock_that_runs_ahead_is_measured_and_excuses_its_times_but_changes_none():
    ten_minutes = timedelta(minutes=10)
    captured = RECEIVED + ten_minutes - timedelta(seconds=5)
    parsed = parse(item(captured_at=captured.isoformat()), sent_at=(RECEIVED + ten_minutes).isoformat())
    assert parsed.skew == 600.0
    assert parsed.sent_at == RECEIVED + ten_minutes
    assert parsed.reads[0][1].captured_at == captured
    assert [note.code for note in parsed.notes] == ["clock_skew"]


def test_a_clock_within_tolerance_is_no_warning():
    parsed = parse(item(), sent_at=(RECEIVED - timedelta(seconds=12)).isoformat())
    assert parsed.skew == -12.0
    assert parsed.notes == []


def test_a_clock_that_is_years_off_excuses_nothing():
    off = RECEIVED + timedelta(days=400)
    parsed = parse(item(captured_at=off.isoformat()), sent_at=off.isoformat())
    assert [one.code for one in parsed.rejected] == ["in_future"]


def test_an_unreadable_sent_at_costs_the_measure_of_the_clock_and_no_read():
    parsed = parse(item(), sent_at="just now")
    assert parsed.skew is None
    assert len(parsed.reads) == 1
    assert [(note.index, note.code) for note in parsed.notes] == [(-1, "bad_time")]


@pytest.mark.parametrize(
    ("written", "plate"),
    [("8abc123", "8ABC123"), (" 8ABC-123 ", "8ABC123"), ("LV♥DOGS", "LVDOGS"), ("８ＡＢＣ１２３", "8ABC123")],
)
def test_a_plate_is_upper_case_letters_and_digits(written, plate):
    assert only(item(plate=written))[0].plate == plate


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"plate": "8АВС123"}, "bad_plate"),  # Cyrillic letters: leaving them out would make another plate
        ({"plate": "٨ABC123"}, "bad_plate"),
        ({"plate": "8ABC\x00123"}, "control_characters"),
        ({"plate": "8ABC\ud800"}, "control_characters"),
        ({"plate": "ABCDEFGHIJKLM"}, "too_long"),
        ({"plate": 8123456}, "wrong_type"),
        ({"plate": ""}, "nothing_seen"),
        ({"plate": "-"}, "nothing_seen"),
        ({"plate": None}, "nothing_seen"),
        ({"device_seq": ""}, "missing"),
        ({"device_seq": None}, "missing"),
        ({"device_seq": "x" * 81}, "too_long"),
        ({"device_seq": "a\nb"}, "control_characters"),
        ({"device_seq": 1.5}, "wrong_type"),
        ({"device_seq": True}, "wrong_type"),
        ({"device_seq": 10**5000}, "wrong_type"),
        ({"confidence": 93}, "out_of_range"),
        ({"confidence": "0.93"}, "wrong_type"),
        ({"confidence": True}, "wrong_type"),
        ({"confidence": float("nan")}, "not_finite"),
        ({"confidence": float("inf")}, "not_finite"),
        ({"confidence": 10**400}, "not_finite"),
        ({"state": "x" * 41}, "too_long"),
        ({"state": ["US-CA"]}, "wrong_type"),
        ({"observer": [37.9, -122.3]}, "wrong_type"),
        ({"observer": {"lat": "37.9", "lon": -122.3}}, "wrong_type"),
        ({"observer": {"lat": float("nan"), "lon": -122.3}}, "not_finite"),
        ({"camera_side": "up"}, "too_long"),
        ({"camera_side": "U"}, "bad_camera_side"),
        ({"candidates": {"plate": "8ABC123"}}, "wrong_type"),
        ({"candidates": ["8ABC123"]}, "wrong_type"),
        ({"candidates": [{"plate": "8ABC123", "confidence": 2}]}, "out_of_range"),
        ({"char_confidences": [0.5] * 13}, "too_long"),
        ({"vehicle": {"make": "T" * 41}}, "too_long"),
        ({"vehicle": {"color": "sil\x1bver"}}, "control_characters"),
        ({"vehicle": "Toyota"}, "wrong_type"),
        ({"images": {"kind": "plate"}}, "wrong_type"),
        ({"source_format": "x" * 21}, "too_long"),
        ({"raw_id": 7}, "wrong_type"),
    ],
)
def test_an_item_with_a_wrong_part_is_refused_under_its_code(changes, code):
    assert refusal(**changes) == code


@pytest.mark.parametrize(
    "place",
    [{"lat": 0, "lon": 0}, {"lat": 91, "lon": 0}, {"lat": 37.9, "lon": 181}, {"lat": 37.9}, {"lon": -122.3}],
)
def test_an_implausible_position_is_left_out_with_a_note_and_the_read_kept(place):
    read, notes = only(item(observer={**place, "heading": 90}))
    assert read.observer is None
    assert read.heading == 90.0
    assert notes == ["position_dropped"]


def test_a_position_that_was_old_when_the_plate_was_read_is_left_out():
    read, notes = only(item(observer={"lat": 37.9, "lon": -122.3, "age_s": 60}))
    assert (read.observer, notes) == (None, ["position_dropped"])


def test_a_dilution_of_precision_becomes_metres_and_a_negative_heading_a_positive_one():
    read, notes = only(item(observer={"lat": 37.9, "lon": -122.3, "hdop": 0.9, "heading": -90, "speed_mps": 6}))
    assert read.observer.accuracy_m == pytest.approx(4.5)
    assert (read.heading, notes) == (270.0, [])


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"accuracy_m": 0}, "accuracy_dropped"),
        ({"accuracy_m": -4}, "accuracy_dropped"),
        ({"heading": 4000}, "heading_dropped"),
        ({"speed_mps": -1}, "speed_dropped"),
    ],
)
def test_an_implausible_measure_beside_a_position_is_left_out_alone(part, code):
    read, notes = only(item(observer={"lat": 37.9, "lon": -122.3, **part}))
    assert read.observer.latitude == 37.9
    assert notes == [code]


@pytest.mark.parametrize(
    ("written", "state"),
    [("us-ca", "US-CA"), ("CA", "US-CA"), ("california", "US-CA"), ("US_NV", "US-NV"), ("mx-bcn", "MX-BCN"), ("-", "")],
)
def test_a_state_is_understood_however_it_is_written(written, state):
    read, notes = only(item(state=written))
    assert (read.state, notes) == (state, [])


def test_a_state_that_does_not_exist_is_left_out_with_a_note():
    read, notes = only(item(state="US-ZZ"))
    assert (read.state, notes) == ("", ["state_unknown"])


def test_a_picture_inside_the_batch_is_decoded_and_hashed():
    encoded = base64.b64encode(JPEG).decode()
    read, notes = only(item(images=[{"kind": "scene", "base64": "data:image/jpeg;base64," + encoded}]))
    assert read.images == (ReadImage("scene", sha256(JPEG).hexdigest(), JPEG),)
    assert notes == []


def test_a_picture_without_plate_text_is_a_read():
    read, _ = only(item(plate="", images=[{"kind": "scene", "sha256": "A" * 64}]))
    assert (read.plate, read.images) == ("", (ReadImage("scene", "a" * 64),))


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        ({"kind": "scene", "base64": "!!!"}, "bad_base64"),
        ({"kind": "scene", "base64": "aGVsbG8="}, "not_an_image"),
        ({"kind": "scene", "base64": "A" * 2000}, "image_too_large"),
        ({"kind": "scene", "base64": 7}, "wrong_type"),
        ({"kind": "scene", "sha256": "abc"}, "bad_sha256"),
        ({"kind": "scene"}, "missing"),
        ({"kind": "roof", "sha256": "a" * 64}, "bad_image_kind"),
        ({"kind": "scene", "sha256": "a" * 64, "base64": base64.b64encode(JPEG).decode()}, "image_hash"),
        ("picture", "wrong_type"),
    ],
)
def test_a_damaged_picture_is_left_out_with_a_note_and_the_read_kept(picture, code):
    parsed = read_batch([item(images=[picture])], received_at=RECEIVED, limits=Limits(image_bytes=1000))
    assert parsed.reads[0][1].images == ()
    assert [note.code for note in parsed.notes] == [code]


def test_a_sequence_that_comes_twice_in_one_batch_is_reported_as_a_repeat():
    parsed = parse(item(), item(plate="7XYZ890"), item(device_seq="car7-2"))
    assert [index for index, _ in parsed.reads] == [0, 2]
    assert parsed.repeated == [(1, "car7-1")]


def test_what_a_batch_holds_can_be_sent_as_json_numbers_of_any_kind():
    body = json.loads('[{"device_seq": 7, "captured_at": "2026-11-24T17:30:00Z", "plate": "8ABC123", "confidence": 1}]')
    assert read_batch(body, received_at=RECEIVED).reads[0][1].confidence == 1.0
