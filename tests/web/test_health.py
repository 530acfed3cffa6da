"""Whether the service is well, asked by a browser that is signed in while the database is away."""

import json

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

from ecpd.accounts.roles import Role
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/healthz/ready", "/healthz/live"])
def test_no_session_is_read_for_it(monkeypatch, page):
    def away(self):
        raise OperationalError("the server closed the connection")

    browser = Client(raise_request_exception=False)
    sign_in(browser, make_user(Role.INVESTIGATOR))
    monkeypatch.setattr(SessionStore, "load", away)
    assert browser.get("/cases/").status_code == 500, "this is what would happen"
    answer = browser.get(page)
    assert answer.status_code in {200, 503} and json.loads(answer.content)["status"]
