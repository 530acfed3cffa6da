"""A browser, and people who sign in to it: password, code, notice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ecpd.accounts import rehearsal
from ecpd.accounts.models import User
from tests.factories.people import PASSWORD
from tests.signing_in import code_of

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="package")
def chromium(chromium_path) -> Iterator[Browser]:
    """Chromium, for all walks; Django may use its database beside Playwright's event loop."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def browser(chromium) -> Iterator[Browser]:
    """The same with no window open; those that a walk opens are closed when it ends."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def sign_in(browser, live_server):
    """Opens a page of one's own and signs in by the form."""

    def enter(username: str) -> Page:
        page = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(20_000)
        rehearsal.app_of(User.objects.get(username=username))
        page.goto("/accounts/login/")
        page.get_by_label("User name").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_label("Code").fill(code_of(User.objects.get(username=username)))
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="I agree, go on").click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    return enter
