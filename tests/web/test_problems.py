"""Every error becomes a page or a problem document in one place."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated
from rest_framework.exceptions import ValidationError as ApiValidationError

from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from ecpd.web.problems import PROBLEM_JSON, api_exception_handler
from tests.signing_in import sign_in
from tests.web.urls import REFUSAL


def said(response) -> dict:
    return json.loads(response.content)


def test_a_refusal_names_its_decision_and_every_verdict():
    error = PolicyDenied(REFUSAL, action="lead.mark_for_warrant", decision_id=90455)
    response = api_exception_handler(error, {})
    assert response.status_code == 403
    assert response["Content-Type"] == PROBLEM_JSON
    assert said(response)["code"] == "policy_denied"
    assert said(response)["decision"] == 90455
    assert [(v["rule_id"], v["outcome"]) for v in said(response)["verdicts"]] == [("FR-07", "met"), ("FR-10", "unmet")]


def test_a_typed_error_has_all_members_of_rfc_9457():
    response = api_exception_handler(StaleState("Decided at 3:12 pm."), {})
    assert said(response) == {
        "type": "urn:ecpd:problem:wrong_state", "title": "That is no longer possible", "status": 409,
        "detail": "Decided at 3:12 pm.", "code": "wrong_state",
    }  # fmt: skip


def test_what_is_not_there_is_404():
    response = api_exception_handler(Http404(), {})
    assert (response.status_code, said(response)["code"], response["Content-Type"]) == (404, "not_found", PROBLEM_JSON)


def test_who_is_not_signed_in_is_told_so():
    response = api_exception_handler(NotAuthenticated(), {})
    assert said(response)["code"] == "not_authenticated"
    assert said(response)["status"] == response.status_code


@pytest.mark.parametrize("error", [ApiValidationError, ValidationError])
def test_wrong_input_names_each_field(error):
    response = api_exception_handler(error({"reason": ["Too short."]}), {})
    assert response.status_code == 400
    assert said(response)["errors"]["reason"] == ["Too short."]


def test_a_bug_is_no_problem_document():
    assert api_exception_handler(ZeroDivisionError(), {}) is None


def test_a_refused_person_reads_rule_reason_remedy_and_number(client, investigator, specimen_pages):
    sign_in(client, investigator)
    response = client.get("/refused/")
    page = response.content.decode()
    assert response.status_code == 403
    for words in (
        "Refused: mark a lead for warrant",
        "No independent evidence is verified yet.",
        "FR-10",
        "Det. Aldana verifies E-05.",
        "Decision 90455, recorded",
        "Match score 97.1 is 95 or more.",
    ):
        assert words in page


def test_a_refused_live_part_gets_a_piece_for_the_top_of_its_page(client, investigator, specimen_pages):
    sign_in(client, investigator)
    response = client.get("/refused/", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert response["HX-Retarget"] == "#problem"
    assert "<html" not in response.content.decode()


def test_too_late_says_what_happened(client, investigator, specimen_pages):
    sign_in(client, investigator)
    response = client.get("/stale/")
    assert response.status_code == 409
    assert "Det. Aldana decided it at 3:12 pm." in response.content.decode()


def test_the_way_back_leads_only_to_this_site(client, investigator, specimen_pages):
    sign_in(client, investigator)
    ours = client.get("/refused/", headers={"Referer": "http://testserver/cases/7/"}).content.decode()
    theirs = client.get("/refused/", headers={"Referer": "http://elsewhere.example/"}).content.decode()
    assert 'href="http://testserver/cases/7/"' in ours
    assert "elsewhere" not in theirs


def test_what_no_view_caught_is_said_with_a_way_back(client, investigator, specimen_pages):
    sign_in(client, investigator)
    response = client.post("/unusable/", {"reason": ""}, headers={"Referer": "http://testserver/cases/7/"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "Reason: This field cannot be blank. “Terms” says nothing." in page
    assert 'href="http://testserver/cases/7/"' in page


def test_a_bug_shows_a_page_that_says_what_to_do(client, investigator, specimen_pages):
    sign_in(client, investigator)
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "It wasn't you" in response.content.decode()
