"""Plate Recognizer Stream."""

import json
from datetime import UTC, datetime

import pytest

from parking.ingest.canonical import PlateCandidate, Vehicle
from parking.ingest.errors import BadBatch
from parking.ingest.parsed import DeviceSettings
from parking.ingest.platerecognizer import read_platerecognizer
from tests.parking.ingest.given import JPEG, RECEIVED, sample


def parse(payload, files=None, **settings):
    received = RECEIVED.replace(minute=31, second=20)
    return read_platerecognizer(payload, files, received_at=received, settings=DeviceSettings(**settings))


def changed(name, **changes):
    payload = sample(name)
    return payload | {"data": payload["data"] | changes}


def test_every_result_of_a_frame_is_a_read():
    parsed = parse(sample("platerecognizer_plate"), camera_sides={"car-7-right": "R"})
    read = parsed.reads[0][1]
    assert (parsed.rejected, parsed.notes, len(parsed.reads)) == ([], [], 2)
    assert (read.plate, read.state, read.confidence) == ("8ABC123", "US-CA", 0.902)
    assert read.captured_at == datetime(2026, 11, 24, 17, 30, 0, 250000, tzinfo=UTC)
    assert read.candidates[1] == PlateCandidate("BABC123", 0.61)
    assert read.vehicle == Vehicle("Toyota", "Corolla", "silver", "sedan")
    assert (read.camera_side, read.source_format) == ("R", "platerecognizer")
    assert read.device_seq == "car-7-right_screenshots/26-11-24/17-30-00.250000.jpg#0"


def test_two_letters_alone_are_a_country_and_no_state():
    payload = sample("platerecognizer_plate")
    payload["data"]["results"][0]["region"]["code"] = "ca"
    assert [read.state for _, read in parse(payload).reads] == ["", "CA-ON"]


def test_vehicle_mode_has_its_plate_in_properties():
    parsed = parse(sample("platerecognizer_vehicle"), {"upload": JPEG})
    read, plateless = (read for _, read in parsed.reads)
    assert (read.plate, read.state, read.confidence) == ("9KJH441", "US-CA", 0.811)
    assert read.candidates == (PlateCandidate("9KJH44L", 0.52),)
    assert read.vehicle == Vehicle("Honda", "CR-V", "blue", "suv")
    assert (plateless.plate, plateless.vehicle.type) == ("", "sedan")


def test_a_vehicle_without_plate_and_without_picture_is_no_read():
    parsed = parse(sample("platerecognizer_vehicle"))
    assert [(one.index, one.code) for one in parsed.rejected] == [(1, "nothing_seen")]


def test_the_form_field_may_come_as_text_with_the_pictures_beside_it():
    payload = sample("platerecognizer_plate")
    payload["data"]["results"].pop()
    parsed = parse(json.dumps(payload), {"upload": JPEG, "plate_img": JPEG + b"2"})
    assert [(image.kind, image.content) for image in parsed.reads[0][1].images] == [
        ("scene", JPEG),
        ("plate", JPEG + b"2"),
    ]


def test_a_picture_of_one_plate_belongs_to_no_result_when_there_are_several():
    parsed = parse(sample("platerecognizer_plate"), {"upload": JPEG, "plate_img": JPEG})
    assert [[image.kind for image in read.images] for _, read in parsed.reads] == [["scene"], ["scene"]]


def test_a_file_that_is_no_picture_is_left_out_with_a_note():
    parsed = parse(sample("platerecognizer_plate"), {"upload": b"%PDF-1.7"})
    assert [note.code for note in parsed.notes] == ["not_an_image", "not_an_image"]
    assert len(parsed.reads) == 2


def test_the_local_time_with_its_offset_serves_when_the_other_is_missing():
    parsed = parse(changed("platerecognizer_plate", timestamp=None))
    assert parsed.reads[0][1].captured_at == datetime(2026, 11, 24, 17, 30, 0, 250000, tzinfo=UTC)


def test_a_time_without_offset_is_refused_unless_the_device_has_a_time_zone():
    payload = changed("platerecognizer_plate", timestamp="2026-11-24T09:30:00")
    assert [one.code for one in parse(payload).rejected] == ["naive_time", "naive_time"]
    parsed = parse(payload, time_zone="America/Los_Angeles")
    assert parsed.reads[0][1].captured_at == datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


def test_a_device_whose_time_zone_does_not_exist_says_so():
    payload = changed("platerecognizer_plate", timestamp="2026-11-24T09:30:00")
    assert parse(payload, time_zone="America/El_Cerrito").rejected[0].code == "time_zone"


def test_a_result_without_file_name_gets_an_id_that_stays():
    payload = changed("platerecognizer_plate", filename=None)
    first, second = ([read.device_seq for _, read in parse(payload).reads] for _ in range(2))
    assert first == second
    assert len(set(first)) == 2


def test_a_long_file_name_becomes_a_short_id_that_differs_by_result():
    parsed = parse(changed("platerecognizer_plate", filename="x" * 150))
    seqs = [read.device_seq for _, read in parsed.reads]
    assert len(set(seqs)) == 2
    assert all(len(seq) <= 80 for seq in seqs)


def test_another_event_than_recognition_is_a_sign_of_life():
    parsed = parse(sample("platerecognizer_heartbeat"))
    assert (parsed.reads, parsed.status.name) == ([], "car-7-right")


@pytest.mark.parametrize("payload", [None, [], "", "{", "7", {}, {"data": []}, {"data": {}}, {"data": {"results": {}}}])
def test_what_is_no_webhook_is_refused_whole(payload):
    with pytest.raises(BadBatch):
        parse(payload)


def test_results_that_are_no_objects_are_refused_alone():
    payload = sample("platerecognizer_plate")
    payload["data"]["results"].insert(0, "plate")
    parsed = parse(payload)
    assert [(one.index, one.code) for one in parsed.rejected] == [(0, "wrong_type")]
    assert [index for index, _ in parsed.reads] == [1, 2]
