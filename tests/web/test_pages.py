"""Signing in and out, the dashboard, and pages that say what to do next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from ecpd.web import dashboard
from ecpd.web.dashboard import Section, WaitingItem
from tests.signing_in import by_the_forms, sign_in
from tests.web.conftest import PASSWORD


@pytest.fixture
def providers(monkeypatch):
    """An empty registry of the dashboard."""
    empty = {section: [] for section in Section}
    monkeypatch.setattr(dashboard, "_providers", empty)
    return empty


def test_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get("/").url == "/accounts/login/?next=/"


def test_the_sign_in_page_says_what_is_recorded(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert "Your work is recorded." in page
    assert "Main" not in page  # no navigation before sign-in


def test_a_wrong_password_names_the_rule_and_keeps_the_name(client, investigator):
    page = client.post("/accounts/login/", {"login": "okafor", "password": "wrong"}).content.decode()
    assert "User name and password don't match." in page
    assert "AC-02" in page
    assert 'value="okafor"' in page


def test_signing_in_leads_to_what_waits(client, investigator, providers):
    page = client.get(by_the_forms(client, "okafor").url).content.decode()
    assert "Nothing waits for you" in page
    assert "Det. Renee Okafor" in page


def test_an_idle_session_is_told_why_it_ended(client, investigator):
    session = client.session
    session["ecpd_locked"] = True
    session.save()
    assert "You were signed out after 30 idle minutes." in client.get("/accounts/login/").content.decode()


def test_signing_out_takes_one_click_and_a_post(client, investigator, providers):
    sign_in(client, investigator)
    assert 'action="/accounts/logout/"' in client.get("/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_a_list_refuses_by_rule_and_on_the_record(client, investigator):
    """AU-03: who has no role for a page is told the rule; the auditor finds the refusal."""
    sign_in(client, investigator)
    response = client.get("/parking/zones/")
    assert response.status_code == 403
    assert "AC-08" in response.content.decode()
    denied = Decision.objects.get(actor=investigator, outcome="denied")
    assert denied.action == "zone.view"
    assert f"Decision {denied.pk}" in response.content.decode()


def test_a_password_can_be_changed(client, investigator):
    sign_in(client, investigator)
    new = "another horse battery staple"
    answers = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", answers).status_code == 302
    investigator.refresh_from_db()
    assert investigator.check_password(new)


def test_a_short_new_password_is_refused_with_words(client, investigator):
    sign_in(client, investigator)
    answers = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    page = client.post("/accounts/password/change/", answers).content.decode()
    assert "thing" in page and "to fix" in page
    assert "at least 12 characters" in page


def test_a_missing_page_leads_on(client, investigator):
    sign_in(client, investigator)
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address," in response.content.decode()


def test_the_most_urgent_thing_comes_first(client, investigator, providers):
    today = timezone.localdate()
    dashboard.register(lambda user: [WaitingItem("No hurry", "", "/a/")])
    soon = WaitingItem("Soon", "", "/b/", today + timedelta(days=3))
    dashboard.register(lambda user: [soon, WaitingItem("Now", "", "/c/", today)])
    sign_in(client, investigator)
    page = client.get("/").content.decode()
    assert page.index(">Now<") < page.index(">Soon<") < page.index(">No hurry<")
    assert "Three things wait for you" in page
    assert "One is due today." in page
    assert "Due today" in page


def test_what_others_owe_stands_apart(client, investigator, providers):
    dashboard.register(lambda user: [WaitingItem("Lab report", "Asked Nov 17.", "/e/")], section=Section.OTHERS)
    sign_in(client, investigator)
    page = client.get("/").content.decode()
    assert page.index("Waiting for others") < page.index("Lab report")
    assert "Nothing waits for you" in page


def test_the_dashboard_s_own_queries_do_not_grow(client, investigator, providers, django_assert_max_num_queries):
    dashboard.register(lambda user: [WaitingItem(f"Thing {n}", "", "/a/") for n in range(50)])
    sign_in(client, investigator)
    with django_assert_max_num_queries(8):
        client.get("/")


@pytest.mark.parametrize(("role", "offered"), [(Role.INVESTIGATOR, True), (Role.PARKING_MANAGER, False)])
def test_a_search_for_cases_is_offered_to_who_may_look_at_them(client, person, role, offered):
    sign_in(client, person(role))
    assert ("Case, person or any number" in client.get("/").content.decode()) is offered


@pytest.mark.parametrize(("role", "title"), [(Role.ADMINISTRATOR, "Accounts"), (Role.AUDITOR, "What is on record")])
def test_the_admin_s_first_page_is_named_after_what_its_reader_finds_there(client, person, role, title):
    sign_in(client, person(role))
    assert f"<h1>{title}</h1>" in client.get("/admin/").content.decode()


def test_an_administrator_starts_at_the_accounts_not_at_an_empty_dashboard(client, person):
    sign_in(client, person(Role.ADMINISTRATOR))
    assert client.get("/").url == "/admin/"


def test_the_demonstration_says_that_it_is_one(client, db, settings):
    assert "Demonstration." not in client.get("/accounts/login/").content.decode()
    settings.DEMO = True
    assert "Demonstration." in client.get("/accounts/login/").content.decode()


def test_registering_twice_shows_once(providers):
    def provider(user):
        return [WaitingItem("Once", "", "/a/")]

    dashboard.register(provider)
    dashboard.register(provider)
    assert len(dashboard.board_for(None).your_turn) == 1


def test_the_process_and_its_database_answer_without_sign_in(client, db):
    assert client.get("/healthz/live").json() == {"status": "live"}
    assert client.get("/healthz/ready").json() == {"status": "ready"}


def test_the_picture_that_browsers_ask_for_by_itself_is_there_for_everybody(client, db):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/x-icon")
    assert b"".join(answer.streaming_content)[:4] == b"\x00\x00\x01\x00"
    assert 'rel="icon" href="/favicon.ico"' in client.get("/accounts/login/").content.decode()
