"""With the broker away a request is kept once and answered at once, and the sweep runs it."""

import json
import time

import pytest
from django.test import Client

from ecpd.queue import enqueue
from leads.models import ProbeFaces, SearchRequest
from leads.tasks import sweep_searches
from tests.api.conftest import api  # noqa: F401 a fixture
from tests.factories import leads as make
from tests.factories import parking
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 2.0  # seconds for a whole request on a busy machine; a wait for the broker would be five at least
FACE = {"ordinal": 0, "letter": "A", "box": [1, 1, 9, 9], "landmarks": [], "score": 1.0,
        "quality": make.quality()}  # fmt: skip


@pytest.fixture(params=["dead_broker", "silent_broker"])
def away(request, sends_to):
    """Messages go to a broker that is not there, or stalls; the outbox that holds them."""
    return sends_to(request.getfixturevalue(request.param))


@pytest.fixture
def vault(settings, tmp_path):
    """An empty vault."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def people(vault, db) -> make.Agency:
    """An agency with a case."""
    return make.agency()


def answers(people: make.Agency) -> dict:
    """A request for a search, as the API takes it."""
    probe = make.exhibit(people)
    make.faces_found(probe, [FACE])
    return {"case": people.case.case_number, "probe": probe.number, "face": 0, "purpose": "suspect",
            "offense": "120", "facts": make.FACTS, "no_forbidden_ground": True}  # fmt: skip


def test_a_search_is_answered_201_once_and_at_once(api, people, away):  # noqa: F811
    asked = answers(people)
    client, began = api(people.okafor), time.monotonic()
    response = client.post("/api/searches/", asked, format="json")
    assert time.monotonic() - began < AT_ONCE
    assert response.status_code == 201
    assert SearchRequest.objects.get().number == response.json()["number"]


def test_a_page_that_sends_for_a_worker_does_not_wait(people, away):
    """The request page has the faces of an exhibit looked for, though it only shows something."""
    probe = make.exhibit(people)
    client = Client()
    sign_in(client, people.okafor)
    began = time.monotonic()
    page = client.get(f"/cases/{people.case.case_number}/searches/new/?evidence={probe.number}")
    assert (page.status_code, ProbeFaces.objects.count()) == (200, 1)
    assert time.monotonic() - began < AT_ONCE


def test_a_delivery_of_reads_is_taken_and_answered_at_once(away):
    agency = parking.agency()
    began = time.monotonic()
    response = Client().post(
        f"/api/parking/reads/{agency.token}",
        json.dumps(parking.batch(parking.item())),
        content_type="application/json",
    )
    assert response.status_code == 200, response.content
    assert time.monotonic() - began < AT_ONCE


def test_forty_requests_at_once_do_not_wait_for_each_other(away):
    began = time.monotonic()
    for pk in range(40):
        enqueue("leads.tasks.run_search", pk)
    assert time.monotonic() - began < AT_ONCE


def test_the_sweep_sends_what_the_broker_never_got(api, people, away, monkeypatch):  # noqa: F811
    api(people.okafor).post("/api/searches/", answers(people), format="json")
    sent: list = []
    monkeypatch.setattr("ecpd.queue.outbox.put", sent.append)
    monkeypatch.setattr("leads.tasks.LEFT_AFTER", -make.timedelta(seconds=1))
    sweep_searches()
    assert sent == [("leads.tasks.run_search", (SearchRequest.objects.get().pk,))]
