"""Rekor and OpenALPR agents."""

from datetime import UTC, datetime, timedelta

import pytest

from parking.ingest.canonical import PlateCandidate, Position, Vehicle
from parking.ingest.errors import BadBatch
from parking.ingest.parsed import Camera, DeviceSettings
from parking.ingest.rekor import read_rekor
from tests.parking.ingest.given import RECEIVED, sample

SETTINGS = DeviceSettings(camera_sides={"2": "R"})


def parse(payload):
    return read_rekor(payload, received_at=RECEIVED, settings=SETTINGS)


def test_a_group_is_one_read_with_its_best_plate_vehicle_and_pictures():
    parsed = parse(sample("rekor_group"))
    read = parsed.reads[0][1]
    assert (parsed.rejected, parsed.notes, len(parsed.reads)) == ([], [], 1)
    assert (read.plate, read.state, read.confidence) == ("8ABC123", "US-CA", pytest.approx(0.9341))
    assert read.device_seq == read.raw_id == sample("rekor_group")["best_uuid"]
    assert read.captured_at == datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    assert read.observer == Position(37.9158, -122.3101)
    assert read.vehicle == Vehicle("Toyota", "Corolla", "silver-gray", "sedan-compact")
    assert [image.kind for image in read.images] == ["plate", "scene"]
    assert read.candidates[1] == PlateCandidate("BABC123", pytest.approx(0.7102))
    assert (read.camera_side, read.source_format) == ("R", "rekor")


def test_the_direction_of_the_vehicle_in_the_picture_is_not_taken_for_the_heading_of_the_car():
    assert parse(sample("rekor_group")).reads[0][1].heading is None


def test_frames_of_one_car_within_ten_seconds_are_one_read_the_surest():
    frames = sample("rekor_results")
    parsed = parse(frames)
    assert [(index, read.plate, read.confidence) for index, read in parsed.reads] == [
        (3, "7XYZ890", pytest.approx(0.903)),
        (4, "7XYZ890", pytest.approx(0.855)),
    ]
    assert parsed.reads[0][1].state == "US-CA"
    assert parsed.reads[0][1].raw_id == f"{frames[0]['uuid']}-0"


def test_two_plates_in_one_frame_are_two_reads():
    frame = sample("rekor_results")[0]
    second = {**frame["results"][0], "plate": "6DEF456", "plate_index": 1}
    parsed = parse({**frame, "results": [*frame["results"], second]})
    assert [read.device_seq for _, read in parsed.reads] == [f"{frame['uuid']}-0", f"{frame['uuid']}-1"]


def test_frames_that_a_group_covers_are_not_reads_of_their_own():
    group, frame = sample("rekor_group"), sample("rekor_results")[0]
    parsed = parse([{**frame, "uuid": group["uuids"][0]}, group])
    assert [read.device_seq for _, read in parsed.reads] == [group["best_uuid"]]


def test_an_alert_brings_the_read_inside_under_the_same_id():
    assert parse(sample("rekor_alert")).reads[0][1].device_seq == sample("rekor_group")["best_uuid"]


def test_an_alert_without_its_group_still_is_a_read():
    alert = {key: value for key, value in sample("rekor_alert").items() if key != "group"}
    read = parse(alert).reads[0][1]
    assert read.plate == "8ABC123"
    assert read.device_seq.startswith("made-")


def test_a_heartbeat_gives_status_and_clock_and_no_read():
    parsed = parse(sample("rekor_heartbeat"))
    assert (parsed.reads, parsed.rejected) == ([], [])
    assert parsed.skew == -5.0
    assert (parsed.status.name, parsed.status.uptime_s) == ("CAR7AGENT", 5400.0)
    assert parsed.status.at == RECEIVED - timedelta(seconds=5)
    assert parsed.status.cameras == (Camera("1", "left", True, 14.0), Camera("2", "right", False, 15.0))


def test_a_group_without_id_gets_the_same_one_whenever_it_is_sent():
    group = {key: value for key, value in sample("rekor_group").items() if key != "best_uuid"}
    first, second = (parse(dict(group)).reads[0][1].device_seq for _ in range(2))
    other = parse({**group, "best_plate_number": "7XYZ890"}).reads[0][1].device_seq
    assert first == second != other
    assert len(first) <= 80


@pytest.mark.parametrize("place", [(-1, -1), (-1.0, -1.0), (0, 0), (None, None), ("", "")])
def test_the_makers_ways_of_saying_no_position_are_understood(place):
    parsed = parse(sample("rekor_group") | {"gps_latitude": place[0], "gps_longitude": place[1]})
    assert (parsed.reads[0][1].observer, parsed.notes) == (None, [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"epoch_start": None}, "missing"),
        ({"epoch_start": "1795541400000"}, "wrong_type"),
        ({"epoch_start": 10**30}, "bad_time"),
        ({"epoch_start": float("nan")}, "bad_time"),
        ({"epoch_start": 1}, "too_old"),
        ({"best_plate_number": "A" * 20}, "too_long"),
        ({"best_plate_number": "", "best_plate": None, "vehicle_crop_jpeg": ""}, "nothing_seen"),
    ],
)
def test_a_group_that_cannot_be_taken_is_refused_under_its_code(changes, code):
    parsed = parse(sample("rekor_group") | changes)
    assert parsed.reads == []
    assert [one.code for one in parsed.rejected] == [code]


@pytest.mark.parametrize("confidence", [-1, 930, None, "high", float("inf")])
def test_a_confidence_off_its_scale_is_unknown_and_costs_no_read(confidence):
    assert parse(sample("rekor_group") | {"best_confidence": confidence}).reads[0][1].confidence is None


def test_optional_parts_may_all_be_missing():
    kept = ("data_type", "epoch_start", "best_plate_number")
    read = parse({key: sample("rekor_group")[key] for key in kept}).reads[0][1]
    assert (read.plate, read.state, read.confidence, read.vehicle) == ("8ABC123", "", None, Vehicle())


@pytest.mark.parametrize("payload", [None, 3, "x", {}, {"version": 2}])
def test_what_is_no_post_of_an_agent_is_refused_whole(payload):
    with pytest.raises(BadBatch):
        parse(payload)


def test_a_post_of_an_unknown_kind_is_refused_and_its_neighbors_kept():
    parsed = parse([{"data_type": "weather"}, sample("rekor_group"), 7])
    assert [index for index, _ in parsed.reads] == [1]
    assert [(one.index, one.code) for one in parsed.rejected] == [(0, "unknown_type"), (2, "unknown_type")]
