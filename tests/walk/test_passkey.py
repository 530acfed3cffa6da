"""AC-01 in a real browser with a virtual authenticator: a passkey is set up, opens, and cancelling leads nowhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ecpd.accounts.models import FailedPassword, User
from ecpd.accounts.roles import Role
from tests.factories.people import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
          "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


@pytest.fixture
def chief() -> User:
    """The chief, new here: a password, nothing else."""
    return make_user(Role.CHIEF, username="lindgren", rank="Chief", last_name="Lindgren-Hale")


@pytest.fixture
def device(browser, live_server, chief) -> Page:
    """A browser with an authenticator of its own; by name, for passkeys take no address of numbers."""
    address = live_server.url.replace("127.0.0.1", "localhost")
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(20_000)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.protocol = page.context.new_cdp_session(page)
    page.protocol.send("WebAuthn.enable")
    page.key = page.protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    return page


def types_password(page: Page, word: str = PASSWORD) -> None:
    """At the sign-in."""
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill("lindgren")
    page.locator("input[name=password]").fill(word)
    page.get_by_role("button", name="Sign in", exact=True).click()


def agrees(page: Page) -> None:
    """To the notice."""
    page.get_by_role("button", name="I agree, go on").click()


def sets_up_a_passkey(page: Page) -> None:
    """At the first sign-in: nothing else opens."""
    types_password(page)
    agrees(page)
    page.goto("/cases/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
    is_in_order(page)
    page.get_by_role("link", name="Add a passkey").click()
    is_in_order(page)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    is_in_order(page)


def is_in_order(page: Page) -> None:
    """axe-core finds nothing, nothing is wider than a telephone, the security policy stopped nothing."""
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 1000})
    assert not [words for words in page.said if "Content Security Policy" in words]


def signs_out(page: Page) -> None:
    """Whoever is signed in."""
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def opens(page: Page) -> bool:
    """Whether the cases open."""
    page.goto("/cases/")
    return "/accounts/" not in page.url


def test_a_passkey_is_set_up_and_signs_in_without_a_password(device):
    sets_up_a_passkey(device)
    assert opens(device)
    signs_out(device)
    assert not opens(device)
    device.get_by_role("button", name="Sign in with a passkey").click()
    agrees(device)
    device.wait_for_url("**/cases/")  # where it was going


def test_who_is_locked_out_by_wrong_passwords_signs_in_with_the_passkey(device):
    sets_up_a_passkey(device)
    signs_out(device)
    for _ in range(6):
        types_password(device, "not this one, surely")
    types_password(device)
    assert not opens(device)
    assert FailedPassword.objects.exists()
    device.get_by_role("button", name="Sign in with a passkey").click()
    agrees(device)
    device.wait_for_url(lambda url: "/accounts/" not in url)
    assert opens(device)


def test_cancelling_at_the_second_factor_leads_nowhere(device):
    sets_up_a_passkey(device)
    signs_out(device)
    types_password(device)
    expect(device.get_by_role("heading", level=1)).to_have_text("Your second factor")
    is_in_order(device)
    assert not opens(device)
    device.goto("/accounts/login/code/")
    device.get_by_role("button", name="Cancel and sign out").click()
    assert not opens(device)
    device.goto("/accounts/login/notice/")
    assert device.url.endswith("/accounts/login/")


def test_a_device_that_does_not_know_its_person_opens_nothing(device):
    sets_up_a_passkey(device)
    signs_out(device)
    device.protocol.send("WebAuthn.setUserVerified", {"authenticatorId": device.key, "isUserVerified": False})
    device.get_by_role("button", name="Sign in with a passkey").click()
    expect(device.locator("[data-passkey-says]")).to_contain_text("No passkey was used.")
    assert not opens(device)
