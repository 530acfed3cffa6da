"""Who comes in: by token, or by the session of the pages; nobody else, and no locked account."""

import time

import pytest
from rest_framework.test import APIClient

from cases.models import Case
from ecpd.accounts.api_tokens import revoke_token
from ecpd.accounts.middleware import LAST_SEEN
from ecpd.accounts.models import ApiToken, PasswordLock, User
from tests.api.conftest import is_problem, token
from tests.signing_in import by_the_forms

LISTS = ["/api/cases/", "/api/evidence/", "/api/searches/", "/api/leads/", "/api/applications/"]
NEW_CASE = {"title": "Burglary on Pine Street", "offense": "220"}


@pytest.fixture
def browser(people) -> APIClient:
    """The investigator's browser, signed in by the form; it checks cross-site forgery as in service."""
    client = APIClient()
    by_the_forms(client, people.okafor.username)
    client.handler.enforce_csrf_checks = True
    return client


@pytest.mark.parametrize("address", [*LISTS, "/api/cases/26-000001/", "/api/candidates/1/"])
def test_nobody_comes_in_unknown(db, address):
    response = APIClient().get(address)
    assert is_problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Token"


def test_the_schema_is_for_who_signs_in(db, api, people):
    assert is_problem(APIClient().get("/api/schema/"), 401, "not_authenticated")
    assert api(people.okafor).get("/api/schema/").status_code == 200


@pytest.mark.parametrize("address", LISTS)
def test_a_token_opens_every_list(api, people, address):
    assert api(people.okafor).get(address).status_code == 200


@pytest.mark.parametrize("key", ["nothing", "", "two words", "a\x00b", "é"])
def test_a_wrong_token_opens_nothing(db, key):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    assert is_problem(client.get("/api/cases/"), 401, "authentication_failed")


def test_a_disabled_accounts_token_opens_nothing(api, people):
    client = api(people.okafor)
    User.objects.filter(pk=people.okafor.pk).update(is_active=False)
    assert is_problem(client.get("/api/cases/"), 401, "authentication_failed")


def test_ac_02_a_lock_of_the_password_leaves_tokens_alone(api, people):
    PasswordLock.objects.create(name=f"account:{people.okafor.pk}", user=people.okafor, source="*")
    assert api(people.okafor).get("/api/cases/").status_code == 200


def test_a_token_that_is_withdrawn_opens_nothing(api, people):
    client = api(people.okafor)
    revoke_token(token=ApiToken.objects.get(), actor=people.okafor)
    assert is_problem(client.get("/api/cases/"), 401, "authentication_failed")


def test_the_session_of_the_pages_reads(browser, people):
    assert [row["case_number"] for row in browser.get("/api/cases/").json()["results"]] == [people.case.case_number]


def test_the_session_of_the_pages_writes_nothing_for_another_site(browser):
    before = Case.objects.count()
    assert is_problem(browser.post("/api/cases/", NEW_CASE, format="json"), 403, "permission_denied")
    assert Case.objects.count() == before


def test_the_session_of_the_pages_writes_with_its_own_token_against_forgery(browser):
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    assert browser.post("/api/cases/", NEW_CASE, format="json", headers=headers).status_code == 201


def test_ac_03_a_session_that_lay_idle_reads_nothing(browser, settings):
    session = browser.session
    session[LAST_SEEN] = int(time.time()) - settings.IDLE_LOCK_SECONDS - 1
    session.save()
    assert browser.get("/api/cases/").status_code == 401


def test_a_token_needs_no_session_and_leaves_none(api, people):
    response = api(people.okafor).get("/api/cases/", HTTP_AUTHORIZATION=token(people.okafor))
    assert "sessionid" not in response.cookies
