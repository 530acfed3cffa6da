"""From a zone that is drawn to a contest that is decided, in a real browser, with a real worker and a simulated patrol."""

import re
import subprocess
import sys

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Locator, Page, expect
from shapely.geometry import box

from ecpd.accounts.roles import Role
from parking.curbs.projection import Projection
from parking.models import Alert, Citation, Contest, Zone
from parking.services.violation_seed import seed_violations
from tests.conftest import ROOT
from tests.factories import parking as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.browser
PEOPLE = {"solano": ("", "Solano", Role.PARKING_MANAGER), "ames": ("Officer", "Ames", Role.PARKING_OFFICER),
          "lindgren": ("Chief", "Lindgren", Role.CHIEF)}  # fmt: skip
READS = 260


@pytest.fixture
def city(celery_worker_process):
    """People, a published policy, a table of violations."""
    people = {}
    for username, (rank, last, role) in PEOPLE.items():
        people[username] = UserFactory(username=username, rank=rank, last_name=last)
        people[username].groups.add(Group.objects.get(name=role))
    make.publish(people["solano"], people["lindgren"])
    seed_violations(actor=people["solano"])
    return people


def test_from_a_zone_that_is_drawn_to_a_contest_that_is_decided(city, sign_in, browser, live_server, service_env):
    """Nothing is prepared but people, policy and prices; every step is a person's or the patrol's."""
    manager = sign_in("solano")
    draw_a_zone(manager)
    token = register_a_reader(manager)
    patrol(live_server.url, token, service_env)
    officer = sign_in("ames")
    confirm_an_alert(officer)
    number, plate = issue_the_citation(officer)
    owner = browser.new_context(base_url=live_server.url).new_page()
    contest_it(owner, number, plate)
    decide_it(manager)
    owner.reload()
    expect(owner.locator("main")).to_contain_text("canceled")
    assert Citation.objects.get().contests.get().result.outcome == "dismissed"


def tick(page: Page | Locator, name: str) -> None:
    """Tick a box of the design system: the label is what a person touches."""
    box_ = page.locator(f"input[name={name}]").first
    if not box_.is_checked():
        page.locator(f"label[for={box_.get_attribute('id')}]").first.click()


def draw_a_zone(page: Page) -> None:
    """The corners are typed, as somebody does who cannot use a mouse; one hour, every day."""
    page.goto("/parking/zones/")
    page.get_by_role("link", name="Draw a zone").click()
    corners = Projection(make.LAT, make.LON).shape_to_degrees(box(4.0, 0.0, 6.4, 120.0)).exterior.coords[:-1]
    page.get_by_text("Enter the points instead").click()
    page.locator("[data-typed]").fill("\n".join(f"{lon:.7f} {lat:.7f}" for lon, lat in corners))
    page.get_by_role("button", name="Draw these points").click()
    expect(page.locator("[data-drawn]")).to_have_text("Drawn: 4 points.")
    page.locator("#id_rule-limit_minutes").fill("60")
    page.locator("#id_rule-begin").fill("07:00")
    page.locator("#id_rule-end").fill("19:00")
    page.locator("#id_street").fill("Alder Street")
    page.locator("#id_cross_street_start").fill("Pine Street")
    page.locator("#id_cross_street_end").fill("Oak Street")
    page.locator("#id_side").select_option("E")
    page.locator("#id_resolution").fill("Resolution 2026-44")
    page.locator("#id_signs_since").fill("2026-10-01")
    tick(page, "enforced")
    page.get_by_role("button", name="Put it in force").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alder Street, E side")
    zone = Zone.objects.get()
    assert zone.enforced and "1 hour" in zone.policy_links.get().policy.words


def register_a_reader(page: Page) -> str:
    """Its address is shown once."""
    page.goto("/parking/readers/add/")
    page.locator("#id_name").fill("Car 12 reader")
    page.get_by_role("button", name="Register and show its address").click()
    return page.locator("#address").inner_text().rsplit("/", 1)[1]


def patrol(url: str, token: str, env: dict[str, str]) -> None:
    """A day's patrol, sent over HTTP with pictures by the simulator in a process of its own."""
    command = [sys.executable, "manage.py", "simulate_patrol", "--url", url, "--token", token, "--rate", "130",
               "--seconds", str(READS / 130), "--seed", "4", "--images"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def confirm_an_alert(page: Page) -> None:
    """The officer compares, ticks, and confirms; the button stays shut until then."""
    page.goto("/parking/console/")
    expect(page.locator(".alert-row").first).to_be_visible(timeout=60_000)
    page.locator(".alert-row").first.click()
    shown = page.locator("[data-detail]:visible")
    expect(shown.locator("figure img")).to_have_count(2)
    button = shown.locator("[data-needs-ticks]")
    if shown.locator("[name=plate_state]").input_value() == "":
        shown.locator("[name=plate_state]").select_option("US-CA")
    if shown.locator("[name=vehicle]").input_value() == "":
        shown.locator("[name=vehicle]").fill("sedan")
    for name in ("plate_checked", "state_checked", "vehicle_checked"):
        shown.locator(f"[name={name}]").check()
    expect(button).to_have_attribute("aria-disabled", "true")
    shown.locator("[name=no_placard_seen]").check()
    expect(button).to_have_attribute("aria-disabled", "false")
    button.click()
    page.wait_for_url(re.compile(r"/parking/citations/drafts/"))
    assert Alert.objects.filter(state="confirmed").count() == 1


def issue_the_citation(page: Page) -> tuple[str, str]:
    """The draft has what was read; the officer adds what only a person at the vehicle sees, issues and prints."""
    tick(page, "expiry_not_visible")
    tick(page, "vin_not_readable")
    page.locator("#id_color").select_option(index=1)
    tick(page, "read_at_vehicle")
    tick(page, "will_attach")
    plate = page.locator("#id_plate").input_value()
    page.get_by_role("button", name="Issue the citation").click()
    page.wait_for_url(re.compile(r"/print/$"))
    citation = Citation.objects.get()
    paper = page.request.get(page.get_by_role("link", name="80 mm roll (PDF)").get_attribute("href"))
    assert paper.body().startswith(b"%PDF")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("main")).to_contain_text(citation.number)
    return citation.number, plate


def contest_it(page: Page, number: str, plate: str) -> None:
    """The owner, without an account."""
    page.goto("/parking/contest/")
    page.locator("#id_number").fill(number)
    page.locator("#id_plate").fill(plate)
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="Ask for a review").click()
    page.locator("#id_name").fill("Rosa Quill")
    page.locator("#id_address").fill("12 Elm Street")
    page.get_by_text("The violation did not happen").click()
    page.locator("#id_words").fill("I had moved my car and came back an hour later.")
    page.locator("#send").click()
    expect(page.locator("main")).to_contain_text("waits for a result")
    assert Contest.objects.get().stage == "review"


def decide_it(page: Page) -> None:
    """The manager, who did not issue it, decides with a reason."""
    page.goto("/parking/contests/")
    page.get_by_role("link", name=re.compile("Initial review of")).click()
    page.get_by_text("The citation is canceled").first.click()
    page.locator("#id_reason").fill("The pictures show the car at two places of the block; it may have been away.")
    page.get_by_role("button", name="Record the result").click()
    expect(page.locator("main")).to_contain_text("The citation is canceled")
