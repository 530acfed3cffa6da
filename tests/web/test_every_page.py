"""Every kind of page of the demo agency, by its links, in a real browser, on a desk and on a phone.

axe-core finds nothing, nothing scrolls sideways, and nothing on a page breaks the content security policy.
"""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page, sync_playwright

from ecpd.web.bench import kind_of, links_in
from tests.signing_in import sign_in
from tests.web.test_accessibility import FLAGS, WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# On how many lines the entries of the navigation stand; the auditor's pages, full of them, have another.
LINES = """() => new Set([...document.querySelectorAll(".usa-nav__primary > li")]
  .map((entry) => Math.round(entry.getBoundingClientRect().top))).size"""
BROKEN = "async (asked) => (await axe.run(asked)).violations"
# Who has the most pages comes first: a kind of page is opened once, as the first person whose pages link to it.
PEOPLE = ("okafor", "marsh", "aldana", "raman", "novak", "whitcomb", "lindgren", "whitlock", "dunne")
# The auditor's lists and records are one template each; two of each stand for all.
ADMIN = {
    "admin:index", "admin:leads_searchrequest_changelist", "admin:leads_searchrequest_change",
    "admin:audit_chaincheck_changelist", "admin:policy_decision_change", "admin:accounts_user_add",
}  # fmt: skip
# Opened by everybody, because what it links to depends on who looks.
THROUGH = {"leads:lead-detail"}
EXPECTED = {
    "home", "cases:list", "cases:detail", "cases:print", "cases:history", "cases:evidence-detail", "cases:evidence-add",
    "leads:search-request", "leads:search-detail", "leads:search-print", "leads:candidate", "leads:examination",
    "leads:lead-detail", "leads:lead-print", "leads:link", "leads:verify", "leads:against", "leads:answer",
    "leads:application-detail", "leads:application-packet", "leads:gallery", "leads:model-card", "policy:manual",
    "policy:propose", "policy:decision", *ADMIN,
}  # fmt: skip


@pytest.fixture
def browser(chromium_path, monkeypatch):
    """Chromium; Django may use its database beside Playwright's event loop."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def window(browser, live_server, client, demo_people):
    """A window in which this person is signed in, and what its console says."""

    def enter(username: str) -> tuple[Page, list[str]]:
        sign_in(client, demo_people[username])
        context = browser.new_context(base_url=live_server.url)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        return page, said

    return enter


def wanted(address: str, seen: set[str]) -> bool:
    """A kind of page that nobody opened yet, and of the admin only what stands for the rest."""
    kind = kind_of(address)
    return kind is not None and not kind.endswith("?") and kind not in seen and (
        not kind.startswith("admin:") or kind in ADMIN
    )  # fmt: skip


def open_page(page: Page, address: str) -> str | None:
    """The page's HTML, asked for once, or None where the address is a file that the browser shows or saves."""
    try:
        answer = page.goto(address)
    except Error as stopped:
        if "Download is starting" not in stopped.message:
            raise
        return None
    is_page = answer is not None and answer.headers.get("content-type", "").startswith("text/html")
    return page.content() if is_page else None


def problems(page: Page, said: list[str]) -> list[str]:
    """What is wrong on the page as it stands, at both widths."""
    found = [words for words in said if "Content Security Policy" in words]
    page.evaluate(AXE_SCRIPT)
    for width, asked in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        reached = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{width}: scrolls sideways to {reached}"] if reached > width else []
        found += [f"{width}: the navigation takes two lines"] if width == 1280 and page.evaluate(LINES) > 1 else []
        broken = page.evaluate(BROKEN, asked)
        found += [f"{width}: {rule['id']}: {node['html'][:120]}" for rule in broken for node in rule["nodes"]]
    return found


def test_every_kind_of_page_is_accessible_and_fits_a_desk_and_a_phone(window):
    seen: set[str] = set()
    wrong: dict[str, list[str]] = {}
    for username in PEOPLE:
        page, said = window(username)
        waiting, known, through = ["/"], {"/"}, set(THROUGH)
        while waiting:
            address = waiting.pop(0)
            kind = kind_of(address)
            if address != "/" and kind not in through and not wanted(address, seen):
                continue
            said.clear()
            through.discard(kind)
            html, is_new = open_page(page, address), kind not in seen
            seen.add(kind)
            if html is None:
                continue
            if is_new and (found := problems(page, said)):
                wrong[f"{kind} {address} as {username}"] = found
            new = [link for link in links_in(address, html) if link not in known]
            known.update(new)
            waiting += new
        page.context.close()
    assert wrong == {}
    assert seen >= EXPECTED
