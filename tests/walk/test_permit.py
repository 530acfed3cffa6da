"""A permit applied for without an account, approved at the desk, and honored by the patrol."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from parking.models import Alert, Permit, Stay
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.people import UserFactory
from tests.parking.permits.making import PDF, area, terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEXT_MONDAY = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)  # noon in California, a working day


@pytest.fixture
def city(settings):
    """A street with four-hour zones in area A, and a residential permit that lifts their limit."""
    settings.DEMO = True  # the link of the e-mail stands on the page
    made = make.agency()
    zones = make.street(made.manager)
    terms(made.manager, [area(list(zones.values()))])
    for user in (made.manager, made.officer):
        UserFactory.reset_sequence(force=True)
        user.username = f"{user.groups.get().name}"
        user.save()
    return made


def test_a_permit_applied_for_is_approved_and_honored(city, sign_in, browser, live_server):
    """The resident has no account; the manager decides; the patrol meets both cars on a Monday."""
    resident = browser.new_context(base_url=live_server.url).new_page()
    apply_for_a_permit(resident)
    approve(sign_in("parking_manager"))
    resident.goto("/parking/permits/mine/")
    expect(resident.locator("main")).to_contain_text(Permit.objects.get().number)
    patrol_meets_both_cars(city)
    assert [alert.plate for alert in Alert.objects.all()] == ["7XYZ482"]
    assert "permit" in Stay.objects.get(plate="8ABC123").allowed_by.lower()
    ask_about_it(sign_in("parking_officer"))


def apply_for_a_permit(page: Page) -> None:
    """By the link of the e-mail, with documents."""
    page.goto("/parking/permits/")
    page.locator("#id_email").fill("rosa@example.com")
    page.get_by_role("button", name="Send me a link").click()
    page.locator("a[href*='/parking/permits/open/']").click()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/permits/mine/"))
    page.locator("a[href*='/permits/apply/']").first.click()
    page.locator("#id_name").fill("Rosa Quill")
    page.locator("#id_address").fill("12 Alder Street")
    page.locator("#id_plate_1").fill("8abc 123")
    page.locator("#id_state_1").select_option("US-CA")
    for upload in page.locator("input[type=file]").all():
        upload.set_input_files({"name": "proof.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#send").click()
    expect(page.locator("main")).to_contain_text("A person looks at it")


def approve(page: Page) -> None:
    """From the queue, with a reason that the applicant reads."""
    page.goto("/parking/permit-desk/applications/")
    page.locator("tbody th a").first.click()
    page.get_by_text("Approve").first.click()
    page.locator("#id_reasons").fill("Address and registration are proven.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("main")).to_contain_text("Approved")


def patrol_meets_both_cars(city) -> None:
    """The resident's car and a visitor's stand longer than four hours."""
    for at in (NEXT_MONDAY - timedelta(hours=4), NEXT_MONDAY + timedelta(minutes=30)):
        cars = [make.seen(at, plate="8ABC123", metres=40), make.seen(at, plate="7XYZ482", metres=80)]
        make.receive(city.device, *cars, at=at)
    look_at_all()


def ask_about_it(page: Page) -> None:
    """The one question: may this plate stand here now, and why."""
    page.goto("/parking/check/")
    page.locator("#id_plate").fill("8ABC123")
    page.locator("#id_zone").select_option(index=1)
    page.locator("#id_purpose").select_option("permit")
    page.locator("#id_reason").fill("The resident called and asked about the permit.")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text(re.compile("permit", re.I))
