"""An address that takes nothing but what a form sends is no page: one never comes back to it, and never stands before it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from ecpd.web import forms_page
from tests.factories import leads as make
from tests.permissions import (
    table_accounts,
    table_cases,
    table_leads,
    table_parking,
    table_parking_abandoned,
    table_parking_citations,
    table_parking_permits,
    table_policy,
    table_web,
)
from tests.signing_in import sign_in

TABLES = (table_accounts, table_cases, table_leads, table_parking, table_parking_abandoned, table_parking_citations,
          table_parking_permits, table_policy, table_web)  # fmt: skip
HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}
SAMPLES = {"int": "1", "str": "26-000001", "slug": "one", "uuid": "11111111-1111-4111-8111-111111111111", "path": "one"}


def patterns(within=None, before: str = ""):
    """Each pattern of the house with its whole route."""
    for each in get_resolver().url_patterns if within is None else within:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        else:
            yield from patterns(each.url_patterns, route)


def address(route: str) -> str:
    """An address of this route."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], route).replace("^", "").replace(
        "$", ""
    )


def taking_only() -> list[str]:
    """An address of each page-less pattern; the API's have their own answers."""
    return [address(route) for route, each in patterns()
            if not forms_page.takes_get(each.callback) and not route.startswith("api/")]  # fmt: skip


def next_of(answer) -> str:
    """The page a sign-in would come back to."""
    at = urlsplit(answer["Location"])
    assert (answer.status_code, at.path) == (302, "/accounts/login/"), answer["Location"]
    return parse_qs(at.query)["next"][0]


def ended() -> Client:
    """A browser with the cookie of a session that is no more."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "0" * 32
    return client


def test_each_address_that_the_matrix_refuses_to_open_is_known():
    refused = {row.route for table in TABLES for row in table.ROWS if row.get.startswith("405")}
    known = {route for route, each in patterns() if not forms_page.takes_get(each.callback)}
    assert refused - {route for route in refused if route.startswith(("api/", "admin/"))} <= known
    assert len(known) > 50


@pytest.mark.django_db
def test_no_sign_in_ever_comes_back_to_an_address_that_cannot_be_opened():
    for at in taking_only():
        public = not getattr(resolve(at).func, "login_required", True)
        for answer in (
            ()
            if public
            else (ended().post(at), ended().get(at), ended().post(at, HTTP_REFERER=f"http://testserver{at}"))
        ):
            page = next_of(answer)
            assert forms_page.opens(page), (at, page)
            assert at.startswith(page), (at, page)


@pytest.mark.django_db
def test_who_opens_such_an_address_comes_to_the_page_of_the_form():
    client = Client()
    sign_in(client, make.agency().okafor)
    for at in taking_only():
        answer = client.get(at, **HTML)
        assert answer.status_code == 302, at
        assert forms_page.opens(answer["Location"]), at
    assert client.get("/cases/26-000001/notes/", **HTML)["Location"] == "/cases/26-000001/"
    assert client.get("/cases/26-000001/notes/").status_code == 405  # a program is told that it was wrong


@pytest.mark.django_db
def test_a_sign_in_comes_back_to_the_page_from_which_the_form_was_sent():
    page = "/cases/26-000001/matter/?show=all"
    assert next_of(ended().post("/cases/26-000001/notes/", HTTP_REFERER=f"http://testserver{page}")) == page
    for elsewhere in ("https://evil.example/cases/", "http://testserver/nowhere/", "//evil.example/", "nonsense"):
        assert next_of(ended().post("/cases/26-000001/notes/", HTTP_REFERER=elsewhere)) == "/cases/26-000001/"
    assert next_of(ended().get(page)) == page


@pytest.mark.django_db
def test_the_sign_in_page_says_that_the_session_ended_and_only_then():
    def says(answer) -> bool:
        return "Your session ended." in Client().get(answer["Location"]).content.decode()

    assert says(ended().get("/cases/"))
    assert says(
        Client().post("/cases/26-000001/notes/")
    )  # the browser was closed: the cookie is gone, the form was open
    assert not says(Client().get("/cases/"))


@pytest.mark.django_db
def test_a_live_part_of_a_page_says_on_the_page_that_the_session_ended():
    from_page = {
        "HTTP_HX_REQUEST": "true",
        "HTTP_HX_CURRENT_URL": "http://testserver/searches/S-26-0001/candidates/1/examine/",
    }
    answer = ended().post("/searches/S-26-0001/candidates/1/draft/", **from_page)
    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#problem")
    assert "next=/searches/S-26-0001/candidates/1/" in answer.content.decode()
