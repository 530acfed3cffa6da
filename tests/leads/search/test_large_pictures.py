"""Faces on large pictures are cut by a worker; pages and the packet wait for it and decode nothing."""

import pytest
from django.urls import reverse
from PIL import ImageFile

from cases import heavy
from cases.display import PictureNotReady
from cases.services.evidence import add_evidence
from ecpd import queue
from leads import tasks
from leads.packet import pdf
from leads.pictures import face_picture
from leads.recognition.errors import UnreadableImage
from tests.factories import leads as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch) -> list:
    """What workers are asked to do; every picture counts as large."""
    sent: list = []
    monkeypatch.setattr(queue.outbox, "put", sent.append)
    monkeypatch.setattr(heavy, "LIGHT_PIXELS", 1000)
    return sent


def test_probe_and_faces_of_a_large_still_are_cut_by_a_worker(
    client, asked, monkeypatch, django_capture_on_commit_callbacks
):
    here = make.agency()
    still = add_evidence(case=here.case, actor=here.okafor, kind="photo", title="Camera", origin_kind="business_camera",
                         origin="Store", obtained_at=here.case.opened_at, file=make.picture(201), file_name="a.png")  # fmt: skip
    face = {
        "letter": "A",
        "box": [10.5, 10, 40, 40],
        "ordinal": 0,
        "landmarks": [],
        "score": 1.0,
        "quality": make.quality(),
    }
    make.faces_found(still, [face])
    sign_in(client, here.okafor)
    pages = [
        reverse("leads:probe-picture", args=[here.case.case_number, still.number]),
        reverse("leads:probe-face", args=[here.case.case_number, still.number, "A"]),
    ]
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(ImageFile.ImageFile, "load", None)
        answers = [client.get(page) for page in pages]
    assert [(answer.status_code, answer["Content-Type"]) for answer in answers] == [(202, "image/svg+xml")] * 2
    assert [task for task, _ in asked] == ["leads.tasks.cut_picture"] * 2
    for _, arguments in asked:
        tasks.cut_picture(*arguments)
    monkeypatch.setattr(ImageFile.ImageFile, "load", None)
    answers = [client.get(page) for page in pages]
    assert [(answer.status_code, answer["Content-Type"]) for answer in answers] == [(200, "image/jpeg")] * 2
    with pytest.raises(PictureNotReady):
        pdf._face(still.file, face["box"])


def test_a_large_file_that_cannot_be_read_is_tried_once(asked, django_capture_on_commit_callbacks):
    here = make.agency()
    damaged = make.picture()[:-60]
    still = add_evidence(case=here.case, actor=here.okafor, kind="photo", title="Camera", origin_kind="business_camera",
                         origin="Store", obtained_at=here.case.opened_at, file=damaged, file_name="a.png")  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert face_picture(still.file, {"box": [0, 0, 9, 9]}).status_code == 202
    [(_, arguments)] = asked
    tasks.cut_picture(*arguments)
    with pytest.raises(UnreadableImage, match="cannot be read"):
        face_picture(still.file, {"box": [0, 0, 9, 9]})
