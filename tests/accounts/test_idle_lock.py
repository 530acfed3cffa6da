"""AC-03: a session that lay idle for thirty minutes is locked."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from ecpd.accounts import middleware
from tests.signing_in import by_the_forms

pytestmark = pytest.mark.django_db
MINUTE = 60


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_900_000_000

    def time(self) -> int:
        """Seconds."""
        return self.now

    def minutes_pass(self, minutes: float) -> None:
        """Move it on."""
        self.now += int(minutes * MINUTE)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """The clock the lock looks at."""
    clock = Clock()
    monkeypatch.setattr(middleware, "time", clock)
    return clock


@pytest.fixture
def desk(client, okafor, clock):
    """The investigator's browser, signed in by the form, on the first page."""
    by_the_forms(client, "okafor")
    assert client.get("/").status_code == 200
    return client


def test_thirty_minutes_is_what_the_policy_says(settings):
    assert settings.IDLE_LOCK_SECONDS == 30 * MINUTE


def test_a_session_goes_on_while_somebody_works(desk, clock):
    for _ in range(6):
        clock.minutes_pass(29)
        assert desk.get("/").status_code == 200


def test_after_thirty_idle_minutes_it_is_locked_and_the_page_says_so(desk, clock):
    clock.minutes_pass(31)
    answer = desk.get("/cases/", follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("account_login"))
    assert "You were signed out after 30 idle minutes." in answer.content.decode()
    assert SESSION_KEY not in desk.session


def test_what_was_typed_after_the_lock_is_not_taken(desk, clock):
    from cases.models import Case

    clock.minutes_pass(31)
    desk.post(reverse("cases:create"), {"title": "Robbery", "offense": "120"})
    assert not Case.objects.exists()


def test_a_page_that_asks_by_itself_keeps_no_session_open(desk, clock):
    for _ in range(31):
        clock.minutes_pass(1)
        desk.get("/", headers={"X-ECPD-Poll": "1"})
    assert SESSION_KEY not in desk.session


def test_signing_in_again_goes_on_where_one_was(desk, clock):
    clock.minutes_pass(31)
    page = desk.get("/cases/", follow=True).redirect_chain[0][0]
    answer = by_the_forms(desk, "okafor", page)
    assert answer.url == "/cases/"
    assert "idle minutes." not in desk.get("/cases/").content.decode()


def test_the_cookie_is_shut_to_scripts_and_ends_with_the_browser(desk, settings):
    cookie = desk.cookies["sessionid"]
    assert cookie["httponly"]
    assert not cookie["max-age"]
