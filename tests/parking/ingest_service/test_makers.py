"""Other makers' readers, with their sample deliveries, over HTTP."""

import json
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parking.models import IngestBatch, PlateImage, Read
from tests.factories import parking as make

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent.parent / "ingest" / "samples"
JPEG = b"\xff\xd8\xff\xe0" + bytes(300)


@pytest.fixture
def agency():
    """People, a published policy, a reader."""
    return make.agency()


@pytest.fixture(autouse=True)
def on_the_day_of_the_samples():
    """The samples were recorded then."""
    with mock.patch("parking.api.makers.timezone") as clock:
        clock.now.return_value = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
        yield


def sample(name: str) -> str:
    """A sample's text."""
    return (SAMPLES / f"{name}.json").read_text()


@pytest.mark.parametrize(
    ("maker", "name"),
    [("rekor", "rekor_group"), ("rekor", "rekor_results"), ("rekor", "rekor_alert"),
     ("platerecognizer", "platerecognizer_plate"), ("platerecognizer", "platerecognizer_vehicle"),
     ("sharpv", "sharpv_unknown")],
)  # fmt: skip
def test_a_makers_delivery_becomes_reads(agency, client, maker, name):
    answer = client.post(f"/api/parking/ingest/{maker}/{agency.token}", sample(name), content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["accepted"] == Read.objects.count() > 0, answer.json()
    assert Read.objects.exclude(source_format="canonical").count() == Read.objects.count()


def test_a_delivery_is_kept_for_replay_without_its_pictures(agency, client):
    client.post(f"/api/parking/ingest/rekor/{agency.token}", sample("rekor_group"), content_type="application/json")
    raw = IngestBatch.objects.get().raw
    assert raw["data_type"] == "alpr_group"
    assert not any(value for key, value in raw.items() if key.endswith("_jpeg"))


def test_a_heartbeat_is_heard_and_gives_no_read(agency, client):
    answer = client.post(
        f"/api/parking/ingest/rekor/{agency.token}", sample("rekor_heartbeat"), content_type="application/json"
    )
    assert answer.json()["accepted"] == 0
    agency.device.refresh_from_db()
    assert agency.device.last_seen_at is not None


def test_a_stream_form_brings_its_picture(agency, client):
    body = {"json": sample("platerecognizer_plate"), "upload": SimpleUploadedFile("car.jpg", JPEG, "image/jpeg")}
    answer = client.post(f"/api/parking/ingest/platerecognizer/{agency.token}", body)
    assert answer.status_code == 200, answer.content
    assert PlateImage.objects.filter(state="stored").count() >= 1


def test_a_time_without_offset_is_refused_unless_the_reader_has_a_time_zone(agency, client):
    url = "/api/parking/ingest/sharpv/{}"
    refused = client.post(url.format(agency.token), sample("sharpv_local_time"), content_type="application/json").json()
    assert refused["accepted"] == 0
    assert refused["items"][0]["status"] == "rejected"
    _, token = make.reader(agency.manager, time_zone="America/Los_Angeles", format="sharpv")
    taken = client.post(url.format(token), sample("sharpv_local_time"), content_type="application/json").json()
    assert taken["accepted"] == 1


def test_what_is_no_delivery_of_that_maker_is_refused(agency, client):
    answer = client.post(f"/api/parking/ingest/rekor/{agency.token}", json.dumps({"a": 1}), "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_type")
