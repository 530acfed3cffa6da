"""A second opinion is asked for where a reader was not sure, given by a worker, shown beside the read, never a fact."""

import hashlib
from datetime import timedelta

import cv2
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from parking import store
from parking.models import Alert, PlateImage, Read, Stay, Track
from parking.plates.synthetic import draw_plate
from parking.services import second_opinion
from parking.services.images import receive_image
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.signing_in import sign_in
from tests.waiting import until

NOON = make.MONDAY_NOON
pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    """People, a published policy, a reader."""
    return make.agency()


def photo(text: str) -> bytes:
    """A drawn plate as a JPEG."""
    return cv2.imencode(".jpg", draw_plate(text))[1].tobytes()


def announced(content: bytes, **fields) -> dict:
    """An item that announces this picture."""
    digest = hashlib.sha256(content).hexdigest()
    return make.item(**{"images": [{"kind": "plate", "sha256": digest}]} | fields)


def sent(agency, content: bytes, **fields) -> PlateImage:
    """A read and its picture, both here."""
    item = announced(content, **fields)
    make.receive(agency.device, item, at=timezone.now())
    receive_image(device=agency.device, sha256=item["images"][0]["sha256"], content=content)
    return PlateImage.objects.get(read__device_seq=item["device_seq"])


@pytest.mark.parametrize(
    ("plate", "confidence", "agrees", "says"),
    [
        ("7XKB402", 0.55, True, "as the device did. The device was not sure (55%)."),
        ("7XKB482", 0.55, False, "the device read 7XKB482. Look again."),
        ("", None, None, "The device read no text. The picture reads 7XKB402."),
    ],
)
def test_the_picture_of_an_unsure_read_gets_an_opinion(agency, plate, confidence, agrees, says):
    image = sent(agency, photo("7XKB402"), plate=plate, confidence=confidence)
    assert second_opinion.read_next()
    image.refresh_from_db()
    assert (image.opinion["agrees"], image.opinion["text"]) == (agrees, "7XKB402")
    assert says in image.opinion["words"]
    assert not second_opinion.read_next()


def test_an_opinion_changes_no_read_and_makes_no_sighting(agency):
    make.street(agency.manager)
    image = sent(agency, photo("7XKB402"), plate="", confidence=None)
    before = Read.objects.values().get()
    second_opinion.read_next()
    look_at_all()
    assert Read.objects.values().get() == before
    assert before["state"] == Read.State.UNREADABLE
    assert image.read.plate == ""
    assert not Track.objects.exists()
    assert not Stay.objects.exists()


def test_nobody_is_asked_about_a_sure_read(agency):
    image = sent(agency, photo("8ABC123"), confidence=0.97)
    assert image.asked_at is None
    assert not second_opinion.read_next()


def test_a_picture_that_is_not_here_yet_is_read_when_it_comes(agency):
    content = photo("7XKB402")
    item = announced(content, plate="", confidence=None)
    make.receive(agency.device, item, at=timezone.now())
    assert not second_opinion.read_next()
    receive_image(device=agency.device, sha256=item["images"][0]["sha256"], content=content)
    assert second_opinion.read_next()


def test_a_picture_that_cannot_be_opened_says_so_and_is_not_tried_again(agency):
    image = sent(agency, b"\xff\xd8\xff\xe0 no picture after all", plate="", confidence=None)
    assert second_opinion.read_next()
    image.refresh_from_db()
    assert image.opinion["words"].startswith("The picture cannot be read")
    assert not second_opinion.read_next()


def test_a_picture_whose_file_is_gone_says_so(agency):
    image = sent(agency, photo("7XKB402"), plate="", confidence=None)
    store.remove(image.sha256)
    assert second_opinion.read_next()
    image.refresh_from_db()
    assert "not in the store any more" in image.opinion["words"]


@pytest.fixture
def overstayed(agency):
    """An alert whose newer picture shows another plate than the reader read."""
    make.street(agency.manager)
    for at, text in ((NOON - timedelta(hours=4), "8ABC123"), (NOON + timedelta(minutes=34), "8ABC128")):
        content = photo(text)
        item = announced(content) | {"captured_at": at.isoformat()}
        item["observer"] = make.seen(at)["observer"]
        make.receive(agency.device, item, at=at)
        receive_image(device=agency.device, sha256=item["images"][0]["sha256"], content=content)
    look_at_all()
    return Alert.objects.get()


def test_every_picture_an_alert_rests_on_is_read_and_a_difference_stands_as_a_doubt(agency, overstayed, client):
    assert PlateImage.objects.filter(asked_at__isnull=False).count() == 2
    while second_opinion.read_next():
        pass
    sign_in(client, agency.officer)
    page = client.get(reverse("parking:console")).content.decode()
    assert "8ABC123, as the device did." in page
    assert "8ABC128; the device read 8ABC123. Look again." in page
    assert "A picture reads differently from the device." in page


def test_the_console_says_nothing_of_a_second_reader_before_it_has_read(agency, overstayed, client):
    sign_in(client, agency.officer)
    page = client.get(reverse("parking:console")).content.decode()
    assert "A picture reads differently" not in page
    assert "pk__second" not in page


def test_a_look_up_lists_pictures_that_may_show_the_plate_apart_from_its_reads(agency, client):
    sent(agency, photo("7XKB402"), plate="", confidence=None)
    second_opinion.read_next()
    sign_in(client, agency.officer)
    asked = {"plate": "7XKB402", "purpose": "parking", "reason": "A driver asks at the counter"}
    page = client.post(reverse("parking:plate-lookup"), asked).content.decode()
    assert "Nothing is kept of this plate." in page
    assert "Pictures that may show it" in page
    other = client.post(reverse("parking:plate-lookup"), asked | {"plate": "7XKB403"}).content.decode()
    assert "Pictures that may show it" not in other


def test_a_readers_page_counts_what_pictures_said(agency, client):
    for plate in ("7XKB402", "7XKB482", ""):
        sent(agency, photo("7XKB402"), plate=plate, confidence=0.5)
        second_opinion.read_next()
    sign_in(client, agency.manager)
    page = client.get(reverse("parking:device", args=[agency.device.pk]))
    assert page.context["opinions"] == {"agreed": 1, "differed": 1, "silent": 0, "without": 1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_read_the_same_picture(agency):
    """While one holds a picture, the other finds none."""
    image = sent(agency, photo("7XKB402"), plate="", confidence=None)
    with connection.get_new_connection(connection.get_connection_params()) as other:
        other.execute("SELECT 1 FROM parking_plateimage WHERE id = %s FOR UPDATE", [image.pk])
        assert not second_opinion.read_next()
        other.rollback()
    assert second_opinion.read_next()


@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_what_waits_by_itself(agency, celery_worker_process):
    images = [sent(agency, photo(text), plate="", confidence=None) for text in ("7XKB402", "6TRM815")]
    until(lambda: not PlateImage.objects.filter(opinion__isnull=True).exists())
    assert [PlateImage.objects.get(pk=image.pk).opinion["text"] for image in images] == ["7XKB402", "6TRM815"]
