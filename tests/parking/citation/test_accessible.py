"""A real browser opens the pages of citations: axe-core finds nothing, nothing scrolls sideways on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import sync_playwright

from parking.models import CitationNotice, Contest
from parking.services import contest as contests
from parking.services import plan
from parking.services.citation_draft import begin
from parking.services.citation_hold import ask_for_copy
from parking.services.citation_nightly import run_night
from tests.parking.citation.conftest import FILED, backdate
from tests.signing_in import sign_in
from tests.web.test_accessibility import WIDTHS

pytestmark = pytest.mark.browser
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"]


@pytest.fixture
def browser(chromium_path):
    """Chromium, beside Django's database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def pages(people, issue, transactional_db) -> list[tuple[str, object]]:
    """Every page with something on it, and who opens it."""
    contested, asked, late, loose = issue(), issue(plate="8XYZ001"), issue(plate="6KLM222"), issue(attach=False)
    contest = contests.file_contest(citation=contested, actor=people.officer, stage="review", details=FILED)
    plan.ask_for_plan(citation=asked, asked="plan", name="Rosa Quill", address="12 Elm Street", unable_to_pay=True)
    ask_for_copy(citation=asked, asked_by="Rosa Quill", send_to="12 Elm Street")
    backdate(late, 40)
    run_night()
    assert CitationNotice.objects.filter(kind="delinquent").count() == Contest.objects.count() == 1
    officer, manager = people.officer, people.manager
    names = [("citation-draft", begin(officer=officer).pk, officer), ("citation-print", loose.number, officer),
             ("citation", asked.number, manager), ("citation", late.number, manager),
             ("citation-plan", asked.number, manager), ("citation-void", late.number, manager),
             ("contest-enter", late.number, officer), ("contest", contest.pk, manager),
             ("violation", "overtime", manager)]  # fmt: skip
    lists = ["citations", "contests", "citation-notices", "citation-payments", "violations", "violation-add"]
    return [
        *((reverse(f"parking:{name}", args=[arg]), who) for name, arg, who in names),
        *((reverse(f"parking:{name}"), manager) for name in lists),
        (reverse("parking:hearings"), people.examiner),
        (reverse("parking:contest-start"), None),
    ]


@pytest.fixture
def opens(browser, live_server, client):
    """Opens a page as somebody at a width, in the window that this person has had since the first page."""
    windows = {}

    def visit(path: str, who, width: int = 1280):
        page = windows.get(who and who.pk) or windows.setdefault(who and who.pk, window(who))
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + path)
        return page

    def window(who):
        context = browser.new_context()
        if who is not None:
            sign_in(client, who)
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return context.new_page()

    yield visit
    for page in windows.values():
        page.context.close()


def findings(page, asked: dict | None = None) -> list[str]:
    """What axe-core reports, and whether the page scrolls sideways."""
    found = Axe().run(page, options=asked).response["violations"]
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]] + ["sideways"] * sideways


def findings_of(pages, opens) -> dict[str, list[str]]:
    """What is wrong with each page, on a desk and, as the same page, on a phone."""
    found = {}
    for path, who in pages:
        page = opens(path, who)
        for width, asked in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            if wrong := findings(page, asked):
                found[f"{path} {width}"] = wrong
    return found


def test_every_page_of_citations_can_be_used_by_everybody(pages, opens):
    assert findings_of(pages, opens) == {}


def test_an_owner_asks_for_a_review_in_a_browser(citation, opens, transactional_db):
    page = opens(reverse("parking:contest-start"), None, 390)
    page.get_by_label("Citation number").fill(citation.number)
    page.get_by_label("License plate").fill("7abc123")
    page.get_by_role("button", name="Open").click()
    assert findings(page) == []
    page.get_by_role("link", name="Ask for a review").click()
    assert findings(page) == []
    page.get_by_text("The violation did not happen").click()
    page.get_by_label("What happened?").fill("I had moved my car by then.")
    page.get_by_label("Your name").fill("Rosa Quill")
    page.get_by_label("Mailing address").fill("12 Elm Street")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your review is asked for.").wait_for()
    assert Contest.objects.get().channel == "online"
