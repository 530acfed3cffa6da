"""Whatever goes wrong under /api/ comes out as problem details (RFC 9457), never as a page."""

import pytest

from cases.api import CaseViewSet
from tests.api.conftest import is_problem


@pytest.mark.parametrize(
    "address", ["/api/", "/api/nothing/", "/api/cases/x/", "/api/candidates/-1/", "/api/leads/L-1/"]
)
def test_an_address_that_leads_nowhere(api, people, address):
    assert is_problem(api(people.okafor).get(address), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "address"),
    [("delete", "/api/cases/"), ("put", "/api/cases/26-000001/"), ("patch", "/api/evidence/1/"),
     ("delete", "/api/leads/L-26-0001/"), ("delete", "/api/applications/W-26-0001/")],
)  # fmt: skip
def test_ac_07_nothing_is_changed_or_deleted_by_an_address(api, people, method, address):
    assert is_problem(getattr(api(people.okafor), method)(address), 405, "method_not_allowed")


def test_a_kind_of_body_that_nobody_reads(api, people):
    response = api(people.okafor).post("/api/cases/", "<case/>", content_type="application/xml")
    assert is_problem(response, 415, "unsupported_media_type")


def test_a_kind_of_answer_that_nobody_writes(api, people):
    response = api(people.okafor).get("/api/cases/", headers={"Accept": "application/xml"})
    assert is_problem(response, 406, "not_acceptable")


def test_a_bug_says_that_it_was_not_you(api, people, monkeypatch):
    monkeypatch.setattr(CaseViewSet, "get_queryset", lambda self: 1 / 0)
    client = api(people.okafor)
    client.raise_request_exception = False
    response = client.get("/api/cases/")
    assert is_problem(response, 500, "server_error")
    assert "ZeroDivision" not in response.content.decode()


def test_too_many_fields_in_a_form(api, people, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    response = api(people.okafor).post("/api/evidence/", {f"field{number}": "x" for number in range(9)})
    assert is_problem(response, 400, "bad_request")


def test_pages_keep_their_own_words(client, db):
    response = client.get("/nothing-here/")
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing at this address," in response.content.decode()
