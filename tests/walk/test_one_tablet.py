"""Two officers, one tablet: an answer that could not be sent stays its officer's, and is never lost in silence."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from ecpd.accounts.roles import Role
from parking.models import Alert, AlertAnswer
from parking.services import alert as alerts
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
NOON = make.MONDAY_NOON
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def agency():
    """A car has overstayed; ames is the agency's officer, solano another."""
    made = make.agency()
    make.street(made.manager)
    for at in (NOON - timedelta(hours=4), NOON + timedelta(minutes=34)):
        make.receive(made.device, make.seen(at), at=at)
    look_at_all()
    made.solano = make_user(Role.PARKING_OFFICER, username="solano", rank="Officer", last_name="Solano")
    return made


@pytest.fixture
def tablet(browser, live_server) -> Page:
    """One browser, whoever is signed in."""
    page = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(20_000)
    page.base = live_server.url
    return page


def signs_in(tablet: Page, person) -> None:
    """This person's session and nobody else's is on the tablet."""
    client = Client()
    sign_in(client, person)
    tablet.context.clear_cookies()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": tablet.base}
    tablet.context.add_cookies([cookie])


def opens(tablet: Page) -> None:
    """The console."""
    tablet.goto("/parking/console/")


def dismisses(tablet: Page) -> None:
    """Answers the alert that is shown."""
    tablet.get_by_text("Dismiss with reason").click()
    tablet.locator('input[name=reason][value="driver"]').check(force=True)
    tablet.get_by_role("button", name="Dismiss", exact=True).click()


def kept(tablet: Page) -> dict:
    """What this browser keeps, by key."""
    stored = tablet.evaluate("Object.fromEntries(Object.entries(localStorage))")
    return {key: json.loads(value) for key, value in stored.items() if key.startswith("ecpd-kept:")}


def answers_without_a_connection(tablet: Page, person) -> None:
    """The officer answers in a dead spot."""
    signs_in(tablet, person)
    opens(tablet)
    tablet.context.set_offline(True)
    dismisses(tablet)
    expect(tablet.locator("#pk-queue")).to_have_text("1 waiting to be sent")


def test_an_answer_waits_for_its_officer_and_is_not_sent_by_another(tablet, agency):
    answers_without_a_connection(tablet, agency.officer)
    posts = []
    tablet.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    signs_in(tablet, agency.solano)
    tablet.context.set_offline(False)
    # The page of the first officer is still open; the session is the second's.
    expect(tablet.locator('[data-stopped="another"]')).to_be_visible()
    opens(tablet)
    expect(tablet.locator("#pk-kept")).to_contain_text(f"Sent when {agency.officer.display_name} signs in")
    expect(tablet.locator("#pk-connection")).to_have_text(re.compile("Connected"))
    assert (posts, AlertAnswer.objects.count(), Alert.objects.get().state) == ([], 0, "live")
    signs_in(tablet, agency.officer)
    opens(tablet)
    expect(tablet.locator("#pk-queue")).to_be_hidden()
    expect(tablet.locator("[data-detail]")).to_have_count(0)
    assert AlertAnswer.objects.get().officer == agency.officer
    assert kept(tablet) == {}


def test_it_is_sent_also_when_no_alert_is_live_any_more(tablet, agency):
    """The token of a form that is gone was the only one there was; the answer was lost without a word."""
    answers_without_a_connection(tablet, agency.officer)
    alerts.dismiss(alert=Alert.objects.get(), actor=agency.solano, reason="moved")
    tablet.context.set_offline(False)
    opens(tablet)
    line = tablet.locator("#pk-kept li")
    expect(line).to_contain_text("Not accepted: ")
    expect(line).to_contain_text("8ABC123")
    assert AlertAnswer.objects.get().officer == agency.solano
    opens(tablet)
    expect(line).to_contain_text("Not accepted: ")  # kept until he discards it
    line.get_by_role("button", name="Discard").click()
    expect(tablet.locator("#pk-kept")).to_be_hidden()
    assert kept(tablet) == {}


def test_an_answer_that_is_not_accepted_is_kept_and_says_why(tablet, agency):
    signs_in(tablet, agency.officer)
    opens(tablet)
    answers = iter([403, 404, 409, 422])
    tablet.route("**/dismiss/", lambda route: route.fulfill(status=next(answers), content_type="text/html", body="no"))
    line = tablet.locator("#pk-kept li")
    with tablet.expect_response("**/dismiss/"):
        dismisses(tablet)
    for status in (403, 404, 409, 422):
        expect(line).to_contain_text("Not accepted: ")
        [mine] = kept(tablet).values()
        assert mine["answers"][0]["refused"] and "reason=driver" in mine["answers"][0]["fields"], status
        if status == 422:
            tablet.unroute("**/dismiss/")
        with tablet.expect_response("**/dismiss/"):
            line.get_by_role("button", name="Send again").click()
    expect(tablet.locator("[data-detail]")).to_have_count(0)
    assert AlertAnswer.objects.get().officer == agency.officer
    assert kept(tablet) == {}


def test_a_server_that_cannot_just_now_loses_nothing(tablet, agency):
    signs_in(tablet, agency.officer)
    opens(tablet)
    answers = iter([500, 503, 429])
    tablet.route("**/dismiss/", lambda route: route.fulfill(status=next(answers, 500), body=""))
    with tablet.expect_response("**/dismiss/"):
        dismisses(tablet)
    for _ in range(2):
        with tablet.expect_response("**/dismiss/"):  # the console looks again every three seconds
            expect(tablet.locator("#pk-queue")).to_have_text("1 waiting to be sent")
    tablet.unroute("**/dismiss/")
    expect(tablet.locator("#pk-queue")).to_be_hidden()
    assert AlertAnswer.objects.get().officer == agency.officer


def test_answers_kept_before_names_stood_on_them_are_nobodys(tablet, agency):
    signs_in(tablet, agency.solano)
    opens(tablet)
    path = f"/parking/alerts/{Alert.objects.get().pk}/dismiss/"
    old = [{"alert": Alert.objects.get().pk.hex, "url": path, "fields": "reason=driver"}]
    tablet.evaluate("old => localStorage.setItem('ecpd-console-answers', old)", json.dumps(old))
    opens(tablet)
    line = tablet.locator("#pk-kept li")
    expect(line).to_contain_text("nobody knows whose they are")
    line.get_by_role("button", name="Discard").click()
    expect(tablet.locator("#pk-kept")).to_be_hidden()
    assert not AlertAnswer.objects.exists()


def test_a_confirmation_sent_later_leaves_its_citation_to_write(tablet, agency):
    """Only the answer on the screen is followed; one that was sent later left nothing to find the citation by."""
    signs_in(tablet, agency.officer)
    opens(tablet)
    tablet.context.set_offline(True)
    for tick in tablet.locator("form[data-answer=confirm] input[type=checkbox]").all():
        tick.check(force=True)
    tablet.get_by_role("button", name="Confirm and draft a citation").click()
    expect(tablet.locator("#pk-queue")).to_have_text("1 waiting to be sent")
    tablet.context.set_offline(False)
    opens(tablet)
    waiting = tablet.locator("#pk-uncited li")
    expect(waiting).to_contain_text("8ABC123")
    waiting.get_by_role("link").click()
    tablet.wait_for_url("**/citations/drafts/**")
    expect(tablet.get_by_label("Make")).to_have_value("Honda")


def test_one_script_alone_keeps_what_was_filled_in():
    """A second place that keeps forms in the browser would be a second list without a name on it."""
    keeps = re.compile(r"localStorage|sessionStorage|indexedDB|serviceWorker|caches\.open|document\.cookie")
    preferences = re.compile(r'"ecpd-console-(sound|night)"')
    found = {
        path.name
        for folder in ("static", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".js", ".html")
        for line in path.read_text().splitlines()
        if keeps.search(line) and not preferences.search(line)
    }
    assert found == {"kept.js"}


@pytest.fixture
def two_alerts(agency):
    """A second car has overstayed, up the same block."""
    for at in (NOON - timedelta(hours=4), NOON + timedelta(minutes=34)):
        make.receive(agency.device, make.seen(at, plate="7XYZ987", metres=90), at=at)
    look_at_all()
    return agency


def chooses(tablet: Page, plate: str) -> None:
    """An alert of the list."""
    tablet.locator(f"[data-alert]:has-text('{plate}')").click()
    expect(tablet.locator("[data-detail]:visible")).to_have_attribute("data-plate", plate)


def types_why(tablet: Page) -> None:
    """Into the form of the alert that is shown."""
    tablet.locator("[data-detail]:visible").get_by_text("Dismiss with reason").click()
    tablet.locator("[data-detail]:visible textarea[name=words]").fill("Typed while the other one waited.")


def test_the_draft_of_one_alert_is_not_opened_over_what_is_typed_at_another(tablet, two_alerts):
    signs_in(tablet, two_alerts.officer)
    opens(tablet)
    chooses(tablet, "8ABC123")
    tablet.context.set_offline(True)
    shown = tablet.locator("[data-detail]:visible")
    for tick in shown.locator("form[data-answer=confirm] input[type=checkbox]").all():
        tick.check(force=True)
    shown.locator("[data-needs-ticks]").click()
    expect(tablet.locator("#pk-queue")).to_have_text("1 waiting to be sent")
    chooses(tablet, "7XYZ987")
    types_why(tablet)
    tablet.context.set_offline(False)
    line = tablet.locator("#pk-kept li")
    expect(line).to_contain_text("8ABC123 The draft of its citation is ready.")
    expect(tablet.locator("[data-detail]:visible textarea[name=words]")).to_have_value(
        "Typed while the other one waited."
    )
    line.get_by_role("button", name="Open the draft").click()
    tablet.wait_for_url("**/parking/citations/drafts/*/")


def test_what_is_typed_at_an_alert_that_somebody_else_answers_stays(tablet, two_alerts):
    signs_in(tablet, two_alerts.officer)
    opens(tablet)
    chooses(tablet, "7XYZ987")
    types_why(tablet)
    alerts.dismiss(alert=Alert.objects.get(plate="7XYZ987"), actor=two_alerts.solano, reason="moved")
    shown = tablet.locator("[data-detail]:visible")
    expect(shown.locator("[data-said]")).to_contain_text("answered by somebody else, or has ended")
    expect(shown.locator("textarea[name=words]")).to_have_value("Typed while the other one waited.")
    chooses(tablet, "8ABC123")
    expect(tablet.locator("[data-detail]")).to_have_count(1)
