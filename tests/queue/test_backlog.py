"""Work that nobody does is seen by its rows: on /healthz/ready and by the doctor."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from ecpd import backlog, queue
from ecpd.audit.services import record
from ecpd.doctor import State
from ecpd.doctor.services import waiting_work
from ecpd.web import views
from leads.models import ProbeFaces
from parking.models import Finding
from parking.services import second_opinion
from tests.factories import leads as make
from tests.factories import parking
from tests.sealing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def vault(settings, tmp_path):
    """An empty vault."""
    settings.MEDIA_ROOT = tmp_path / "media"


def a_search() -> None:
    make.requested(make.agency())


def an_exhibit() -> None:
    ProbeFaces.objects.create(evidence=make.exhibit(make.agency()), model_id="ecpd-default-1")


def a_read() -> None:
    parking.receive(parking.agency().device, parking.seen(timezone.now()), at=timezone.now())


def a_finding() -> None:
    now = timezone.now()
    Finding.objects.create(key="a", found_at=now, read_received_at=now, content={})


def a_picture() -> None:
    from parking.models import PlateImage, Read

    a_read()
    PlateImage.objects.create(read=Read.objects.get(), kind="scene", sha256="a" * 64, state=PlateImage.State.STORED)
    second_opinion.ask(PlateImage.objects.all())
    Read.objects.update(state=Read.State.DONE)


def an_entry() -> None:
    record(actor=None, action="account.sign_in_failed", actor_label="Unknown person")


LEFT = {
    "searches": a_search,
    "exhibits": an_exhibit,
    "reads": a_read,
    "alerts": a_finding,
    "pictures": a_picture,
    "audit entries": an_entry,
}


def test_every_kind_is_tried_here(settings):
    assert set(LEFT) == set(settings.LONGEST_WAITS) == {wait.kind for wait in backlog.waits()}


@pytest.mark.parametrize("kind", LEFT)
def test_work_that_waits_too_long_makes_the_site_unready_and_the_doctor_says_so(kind, client, vault, settings):
    LEFT[kind]()
    if kind != "audit entries":
        seal()
    limit = timedelta(seconds=settings.LONGEST_WAITS[kind])
    with time_machine.travel(timezone.now() + 0.5 * limit, tick=False):
        assert client.get("/healthz/ready").status_code == 200
        assert waiting_work().state is State.OK
    with time_machine.travel(timezone.now() + limit + timedelta(minutes=1), tick=False):
        answer = client.get("/healthz/ready")
        assert (answer.status_code, answer.json()["missing"]) == (503, [])
        [sentence] = answer.json()["late"]
        assert sentence.startswith(f"the oldest of the {kind} waits ")
        found = waiting_work()
    assert (found.state, found.sentence.lower()) == (State.FAIL, f"{sentence}.")


def test_a_kind_without_a_limit_is_refused():
    with pytest.raises(LookupError, match="LONGEST_WAITS does not say how long dishes may wait"):
        backlog.register("dishes", lambda: None)


@pytest.mark.parametrize("away", ["dead_broker", "silent_broker"])
def test_without_a_broker_it_is_not_ready_and_says_so_soon(away, request, client, monkeypatch):
    address, answers = request.getfixturevalue(away), queue.broker_answers
    monkeypatch.setattr(views.queue, "broker_answers", lambda: answers(0.3, address))
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "missing": ["broker"], "late": []})
    assert client.get("/healthz/live").status_code == 200


def test_without_a_database_it_is_not_ready(client, monkeypatch):
    def away() -> list:
        raise OperationalError("connection refused")

    monkeypatch.setattr(views.backlog, "late", away)
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["database"])
