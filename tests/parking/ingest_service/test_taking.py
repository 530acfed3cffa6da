"""Reads over HTTP: durable, idempotent, one by one, and only behind a published usage policy."""

import hashlib
import json
import logging

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from parking.models import IngestBatch, IngestGate, PlateImage, PlatePolicy, Read
from parking.services import device as devices
from parking.services import plate_policy
from tests.factories import parking as make
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    """People, a published policy, a reader."""
    return make.agency()


def send(client, token: str, body) -> tuple[int, dict]:
    """Status and body of a delivery."""
    answer = client.post(f"/api/parking/reads/{token}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_a_read_is_kept_as_it_was_sent(agency, client):
    status, answer = send(client, agency.token, make.batch(make.item("a-1", plate="8abc-123")))
    assert (status, answer["accepted"], answer["rejected"]) == (200, 1, 0)
    read = Read.objects.get()
    assert (read.plate, read.plate_state, read.device, read.state) == ("8ABC123", "US-CA", agency.device, "received")
    assert (read.latitude, read.heading, read.color) == (37.9030, 0.0, "blue")


def test_what_is_sent_twice_is_taken_once(agency, client):
    batch = make.batch(make.item("a-1"), make.item("a-2"))
    send(client, agency.token, batch)
    status, answer = send(client, agency.token, batch)
    assert (status, answer["accepted"], answer["duplicate"]) == (200, 0, 2)
    assert Read.objects.count() == 2


def test_the_same_sequence_twice_in_one_delivery_is_taken_once(agency, client):
    _, answer = send(client, agency.token, make.batch(make.item("a-1"), make.item("a-1")))
    assert [item["status"] for item in answer["items"]] == ["accepted", "duplicate"]
    assert Read.objects.count() == 1


def test_a_bad_item_is_refused_with_its_reason_and_the_rest_is_kept(agency, client):
    bad = make.item("a-2", captured_at="2026-11-24T10:00:00")
    status, answer = send(client, agency.token, make.batch(make.item("a-1"), bad, make.item("a-3")))
    assert status == 200
    assert [item["status"] for item in answer["items"]] == ["accepted", "rejected", "accepted"]
    assert answer["items"][1]["code"] and "offset" in answer["items"][1]["reason"]
    assert IngestBatch.objects.get().rejected[0]["seq"] == "a-2"


def test_a_body_that_is_no_delivery_is_refused_as_a_whole(agency, client):
    status, answer = send(client, agency.token, {"plates": []})
    assert (status, answer["code"]) == (400, "missing")
    assert Read.objects.count() == 0


def test_the_clock_of_a_reader_is_measured(agency, client):
    sent = timezone.now() + timezone.timedelta(seconds=90)
    _, answer = send(client, agency.token, make.batch(make.item(), sent_at=sent))
    assert answer["skew_seconds"] == pytest.approx(90, abs=5)
    agency.device.refresh_from_db()
    assert agency.device.skew_seconds == pytest.approx(90, abs=5)


def test_an_unknown_token_opens_nothing(agency, client):
    status, answer = send(client, "no-such-token", make.batch(make.item()))
    assert (status, answer["code"]) == (401, "unknown_device")


def test_a_rotated_token_works_one_more_day_and_not_when_it_is_ended_at_once(agency, client):
    devices.rotate(device=agency.device, actor=agency.manager)
    assert send(client, agency.token, make.batch(make.item()))[0] == 200
    newest = devices.rotate(device=agency.device, actor=agency.manager, at_once=True)
    assert send(client, agency.token, make.batch(make.item()))[0] == 401
    assert send(client, newest, make.batch(make.item()))[0] == 200


def test_a_retired_reader_is_refused(agency, client):
    devices.retire(device=agency.device, actor=agency.manager, reason="Stolen from the car.")
    assert send(client, agency.token, make.batch(make.item()))[0] == 401


def test_no_token_is_kept(agency):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM parking_devicetoken WHERE digest = %s", [agency.token])
        assert cursor.fetchone()[0] == 0


def test_no_token_stands_in_a_log(agency, client, caplog):
    from ecpd.logs import HideTokens

    record = logging.LogRecord("x", logging.INFO, "", 0, "POST %s", (f"/api/parking/reads/{agency.token}",), None)
    assert HideTokens().filter(record)
    assert agency.token not in record.getMessage()


def test_without_a_published_policy_no_read_is_accepted_and_the_refusal_says_what_is_missing(client):
    who = make.people()
    _, token = make.reader(who["manager"])
    status, answer = send(client, token, make.batch(make.item()))
    assert status == 403
    refused = [verdict for verdict in answer["verdicts"] if verdict["outcome"] != "met"]
    assert [verdict["rule_id"] for verdict in refused] == ["PK-09"]
    assert "seven parts" in refused[0]["remedy"]
    assert Read.objects.count() == 0


def test_a_withdrawn_policy_shuts_the_gate_and_a_new_one_opens_it(agency, client):
    plate_policy.withdraw_policy(published=PlatePolicy.objects.get(), actor=agency.chief, reason="To be rewritten.")
    assert send(client, agency.token, make.batch(make.item()))[0] == 403
    make.publish(agency.manager, agency.chief)
    assert send(client, agency.token, make.batch(make.item()))[0] == 200


def test_the_gate_is_asked_once_a_day_and_each_batch_names_the_decision(agency, client):
    for _ in range(3):
        send(client, agency.token, make.batch(make.item()))
    assert Decision.objects.filter(action="read.ingest").count() == 1
    assert {batch.gate.decision.outcome for batch in IngestBatch.objects.all()} == {"allowed"}


def test_a_denial_is_recorded_once_and_answered_every_time(client):
    who = make.people()
    _, token = make.reader(who["manager"])
    answers = {send(client, token, make.batch(make.item()))[0] for _ in range(3)}
    assert answers == {403}
    assert Decision.objects.filter(action="read.ingest", outcome="denied").count() == 1


def test_a_reader_stops_when_its_person_loses_the_role_and_goes_on_when_somebody_takes_over(agency, client):
    send(client, agency.token, make.batch(make.item()))
    agency.manager.groups.clear()
    assert send(client, agency.token, make.batch(make.item()))[0] == 403
    devices.take_over(device=agency.device, actor=make_user(Role.PARKING_MANAGER))
    assert send(client, agency.token, make.batch(make.item()))[0] == 200
    assert IngestGate.objects.count() == 3


def test_the_database_refuses_a_read_without_a_policy_whoever_writes_it(agency, client):
    send(client, agency.token, make.batch(make.item("a-1")))
    gate, batch = IngestGate.objects.get(), IngestBatch.objects.get()
    plate_policy.withdraw_policy(published=PlatePolicy.objects.get(), actor=agency.chief, reason="To be rewritten.")
    row = Read(device=agency.device, batch=batch, device_seq="raw", captured_at=timezone.now(),
               received_at=timezone.now(), plate="8ABC123", source_format="canonical")  # fmt: skip
    assert gate.refusal is None
    for write in (row.save, lambda: Read.objects.bulk_create([row]), lambda: _raw(batch)):
        with pytest.raises(IntegrityError, match="PK-09"), transaction.atomic():
            write()


def _raw(batch: IngestBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO parking_read (device_id, batch_id, device_seq, captured_at, received_at, plate, plate_state,"
            " candidates, camera_side, make, model, color, type, source_format, raw_id, state, alternatives)"
            " SELECT device_id, batch_id, 'sql', captured_at, received_at, plate, plate_state, candidates,"
            " camera_side, make, model, color, type, source_format, raw_id, state, alternatives"
            " FROM parking_read"
        )


def test_the_database_lets_nobody_rewrite_a_read(agency, client):
    send(client, agency.token, make.batch(make.item("a-1")))
    with pytest.raises(IntegrityError, match="PK-01"), transaction.atomic():
        Read.objects.update(plate="9XYZ999")


@pytest.mark.parametrize("part", ["purposes", "retention"])
def test_a_policy_is_not_published_with_a_part_missing(part):
    who = make.people()
    parts = {name: "Words." for name in plate_policy.PARTS if name != part}
    draft = plate_policy.draft_policy(actor=who["manager"], **parts, public_comment_on=timezone.localdate())
    with pytest.raises(Exception, match="PK-09"):
        plate_policy.publish_policy(draft=draft, actor=who["chief"])
    with pytest.raises(IntegrityError, match="pk_09"), transaction.atomic():
        PlatePolicy.objects.update(published_at=timezone.now(), published_by=who["chief"])


def test_a_published_policy_is_not_rewritten(agency):
    with pytest.raises(IntegrityError, match="PK-09"), transaction.atomic():
        PlatePolicy.objects.update(retention="For ever.")


def picture() -> bytes:
    """The smallest thing that begins like a JPEG."""
    return b"\xff\xd8\xff\xe0" + bytes(200)


def put(client, token: str, sha256: str, content: bytes) -> tuple[int, dict]:
    """Status and body of a picture's upload."""
    answer = client.put(f"/api/parking/images/{token}/{sha256}", content, content_type="image/jpeg")
    return answer.status_code, answer.json()


def test_a_picture_comes_after_its_read_and_may_come_twice(agency, client):
    content = picture()
    digest = hashlib.sha256(content).hexdigest()
    send(client, agency.token, make.batch(make.item(images=[{"kind": "scene", "sha256": digest}])))
    assert PlateImage.objects.get().state == "announced"
    for _ in range(2):
        assert put(client, agency.token, digest, content) == (200, {"sha256": digest, "reads": 1})
    image = PlateImage.objects.get()
    assert (image.state, image.size, image.media_type) == ("stored", len(content), "image/jpeg")


def test_a_picture_nobody_announced_or_that_is_another_one_is_refused(agency, client):
    content = picture()
    digest = hashlib.sha256(content).hexdigest()
    assert put(client, agency.token, digest, content)[0] == 400
    send(client, agency.token, make.batch(make.item(images=[{"kind": "scene", "sha256": digest}])))
    assert put(client, agency.token, digest, content + b"x")[0] == 400
    assert PlateImage.objects.get().state == "announced"
