"""Genetec SharpV."""

from datetime import UTC, datetime

import pytest

from parking.ingest.canonical import Position, Vehicle
from parking.ingest.errors import BadBatch
from parking.ingest.parsed import DeviceSettings
from parking.ingest.sharpv import read_sharpv
from tests.parking.ingest.given import RECEIVED, sample

LOCAL = DeviceSettings(time_zone="America/Los_Angeles", camera_sides={"Lpr right": "R"})


def parse(payload, settings=LOCAL, received_at=RECEIVED):
    return read_sharpv(payload, received_at=received_at, settings=settings)


def test_an_event_is_a_read_with_its_facts_and_pictures():
    parsed = parse(sample("sharpv_local_time"))
    read = parsed.reads[0][1]
    assert (parsed.rejected, parsed.notes) == ([], [])
    assert read.device_seq == read.raw_id == "5b0d7f0e-2c57-4d17-9f2e-7a9d0c6f1e11"
    assert read.captured_at == datetime(2026, 11, 24, 17, 30, 0, 797000, tzinfo=UTC)
    assert (read.plate, read.state, read.confidence) == ("8ABC123", "US-CA", 0.91)
    assert read.observer == Position(37.91592, -122.31004)
    assert read.vehicle == Vehicle(type="Sedan")
    assert [image.kind for image in read.images] == ["plate", "scene"]
    assert (read.camera_side, read.source_format) == ("R", "sharpv")


def test_a_time_without_offset_is_refused_when_the_device_has_no_time_zone():
    parsed = parse(sample("sharpv_local_time"), settings=DeviceSettings())
    assert parsed.reads == []
    assert parsed.rejected[0].code == "naive_time"
    assert parsed.rejected[0].device_seq == "5b0d7f0e-2c57-4d17-9f2e-7a9d0c6f1e11"


def test_a_dash_zero_coordinates_and_a_negative_score_mean_unknown():
    parsed = parse(sample("sharpv_unknown"), settings=DeviceSettings())
    read = parsed.reads[0][1]
    assert (read.state, read.confidence, read.observer, read.vehicle) == ("", None, None, Vehicle())
    assert parsed.notes == []
    assert read.captured_at == datetime(2026, 11, 24, 17, 30, 4, 862762, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "captured"),
    [
        (datetime(2026, 11, 1, 8, 40, tzinfo=UTC), datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),  # still summer time
        (datetime(2026, 11, 1, 9, 40, tzinfo=UTC), datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),  # the hour's repetition
    ],
)
def test_in_the_hour_that_comes_twice_the_latest_possible_moment_is_meant(received, captured):
    event = sample("sharpv_local_time") | {"Timestamp": "2026-11-01T01:30:00"}
    assert parse(event, received_at=received).reads[0][1].captured_at == captured


def test_an_event_without_id_gets_one_that_stays():
    event = {key: value for key, value in sample("sharpv_local_time").items() if key != "Id"}
    first, second = (parse(event).reads[0][1].device_seq for _ in range(2))
    assert first == second
    assert first.startswith("made-")


def test_a_plate_of_a_dash_is_a_read_only_with_its_picture():
    event = sample("sharpv_local_time") | {"PlateRead": "-"}
    assert parse(event).reads[0][1].plate == ""
    assert parse(event | {"PlateImage": "", "ContextImage": ""}).rejected[0].code == "nothing_seen"


def test_optional_parts_may_all_be_missing():
    read = parse({"PlateRead": "7LMN456", "Timestamp": "2026-11-24T17:30:00Z"}).reads[0][1]
    assert (read.plate, read.images, read.camera_side) == ("7LMN456", (), "")


def test_several_events_may_come_in_a_list():
    parsed = parse([sample("sharpv_local_time"), 7, sample("sharpv_unknown")])
    assert [index for index, _ in parsed.reads] == [0, 2]
    assert [(one.index, one.code) for one in parsed.rejected] == [(1, "wrong_type")]


@pytest.mark.parametrize("payload", [None, "x", 7, {}, {"Plate": "8ABC123"}])
def test_what_is_no_event_is_refused_whole(payload):
    with pytest.raises(BadBatch):
        parse(payload)
