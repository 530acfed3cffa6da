"""The README's pictures: starts a demo agency of its own, walks the main job as its people, saves docs/img/*.png.

`make screenshots` runs it. The faces are the demo's: pictures that installed packages ship.
"""

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "img"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip
MOST_BYTES = 250_000
FACTS = (
    "The person at the register took the money at 9:42 pm; the camera shows the face for four seconds. Two neighbors "
    "were asked and do not know who it is."
)
LABORATORY = {"laboratory": "County crime laboratory", "lab_number": "FP-26-0640", "examiner": "J. Pell",
              "finger": "Right index", "points": "14 points", "secured_on": "2026-11-18",
              "report_date": "2026-11-20"}  # fmt: skip
# Every picture and its faces in sight are there, and so are the letters.
DRAWN = """() => document.fonts.status === "loaded" && [...document.images].every((image) =>
  image.getBoundingClientRect().top > innerHeight || (image.complete && image.naturalWidth > 0))"""


@contextmanager
def agency() -> Iterator[tuple[str, str]]:
    """A fresh demo agency on a free port: its address and its people's password."""
    with tempfile.TemporaryDirectory(prefix="ecpd-shots-") as folder, socket.socket() as free:
        prepared = Path(os.environ.get("ECPD_DATA_DIR") or ROOT / ".data")
        for name in ("assets", "models"):
            (Path(folder) / name).symlink_to((prepared / name).resolve())
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {"ECPD_DATA_DIR": folder, "ECPD_PORT": str(port)}
        command = [sys.executable, "-m", "ecpd.embedded", "run"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as serving:
            os.environ |= {"ECPD_DATA_DIR": folder, "ECPD_DEMO": "1"}  # for demo_code
            try:
                if not any(line.startswith("Ready") for line in serving.stdout):
                    raise SystemExit("The demo agency did not start; what it printed is above.")
                yield f"http://localhost:{port}", (Path(folder) / "demo_password").read_text().strip()
            finally:
                serving.terminate()
                serving.wait(timeout=60)


class Desk:
    """One browser in which each person of the demo has a window of their own."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        self.browser, self.address, self.password = browser, address, password

    def window(self, username: str) -> Page:
        """A page on which this person is signed in."""
        page = self.browser.new_context(base_url=self.address, viewport={"width": 1280, "height": 900}).new_page()
        page.goto("/accounts/login/")
        page.get_by_label("User name").fill(username)
        page.locator("input[name=password]").fill(self.password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_label("Code").fill(code_of(username))
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="I agree, go on").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page


def code_of(username: str) -> str:
    """A code of this person's second factor, as the README's reader gets it."""
    command = [sys.executable, "manage.py", "demo_code", username]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[0]


def shoot(page: Page, name: str, height: int = 900) -> None:
    """Save the top of the page once everything on it is drawn; fewer colors where the file would be large."""
    page.set_viewport_size({"width": 1280, "height": height})
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    page.wait_for_function(DRAWN)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    for colors in (0, 256, 128, 64):
        shown = picture.quantize(colors, dither=Image.Dither.FLOYDSTEINBERG) if colors else picture
        shown.save(IMAGES / f"{name}.png", optimize=True)
        if (IMAGES / f"{name}.png").stat().st_size <= MOST_BYTES:
            break


def option(page: Page, words: str) -> str:
    """The label of the first option with these words."""
    return page.locator("option", has_text=words).first.inner_text()


def search(page: Page) -> None:
    """From the robbery's still to candidates."""
    page.get_by_role("link", name=re.compile("E-01")).first.click()
    page.get_by_role("link", name="Request a search").click()
    page.locator("label[for^=face-]").first.click()
    page.locator("select[name=purpose]").select_option("suspect")
    page.locator("textarea[name=facts]").fill(FACTS)
    page.locator("label[for=id_no_forbidden_ground]").click()
    send = page.locator("#request")
    expect(send).not_to_have_attribute("aria-disabled", "true")
    send.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("to compare", timeout=60_000)


def compare_the_others(address: str) -> str:
    """Have all but candidate 1 compared, by a command of the demo agency; returns at which place that one is compared."""
    code = (
        "from leads.demo.cases import excluded; from leads.models import SearchRequest; "
        "from leads.selectors.dark import in_his_order; "
        f"search = SearchRequest.objects.get(number='{address.rstrip('/').rpartition('/')[2]}'); "
        "listed = in_his_order(search, search.requested_by); "
        "[excluded(one, search.requested_by) for one in listed if one.rank > 1]; "
        "print([one.rank for one in listed].index(1) + 1)"
    )
    asked = [
        sys.executable,
        "-m",
        "ecpd.embedded",
        "exec",
        "--",
        sys.executable,
        "manage.py",
        "shell",
        "-v0",
        "-c",
        code,
    ]
    return subprocess.check_output(asked, cwd=ROOT, text=True).strip().splitlines()[-1]


def fill_in(page: Page) -> None:
    """The 19 components and what the conclusion rests on."""
    expect(page.locator("fieldset.feat")).to_have_count(19)
    for group in page.locator("fieldset.feat").all():
        hidden = group.locator("legend").inner_text() in {"Skin", "Ears", "Scars", "Marks", "Alterations", "Other"}
        group.locator(f"label:has(input[value={'not_visible' if hidden else 'similar'}])").click()
    page.locator("label", has_text="Possible match").first.click()
    page.locator("textarea[name=basis]").fill("Eyes, nose, mouth and outline agree; light and size explain the rest.")
    page.locator("textarea[name=does_not_fit]").fill("The hairline is cut off on the probe.")


def conclude(page: Page) -> None:
    """Record the conclusion."""
    page.get_by_role("button", name="Record conclusion").click()
    expect(page.get_by_text("Your conclusion is recorded.")).to_be_visible()


def answer_both_questions(page: Page) -> None:
    """Neither because of the result nor resting on the face."""
    for question in ("because_of", "rests_on_face"):
        page.locator(f"input[name={question}][value=no] + label").click()


def add_fingerprint(page: Page, case: str, lead: str) -> None:
    """An exhibit from the laboratory, linked to the lead with its own fields."""
    page.goto(f"{case}evidence/new/")
    page.locator("select[name=kind]").select_option("fingerprint")
    page.locator("input[name=title]").fill("Fingerprint lift, counter edge")
    page.locator("select[name=origin_kind]").select_option("lab")
    page.locator("input[name=origin]").fill("Lifted at the scene by the technician, sealed bag 88213")
    page.get_by_role("button", name="Add to the case").click()
    expect(page.get_by_role("heading", name=re.compile("E-02"))).to_be_visible()
    page.goto(f"{lead}link/?kind=fingerprint")
    page.locator("select[name=evidence]").select_option(label=option(page, "E-02"))
    page.locator("textarea[name=ties_by]").fill(
        "Right index finger on the edge of the counter, where only staff reach."
    )
    answer_both_questions(page)
    page.locator("textarea[name=independence]").fill("Lifted on the night itself, before the search.")
    for name, value in LABORATORY.items():
        page.locator(f"input[name=d_{name}]").fill(value)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Waits for a colleague").first).to_be_visible()


def add_alibi(page: Page, lead: str) -> None:
    """Something that points away from the person."""
    page.goto(f"{lead}against/")
    page.locator("select[name=kind]").select_option("alibi")
    page.locator("textarea[name=what]").fill("A transit card in this name was tapped 4 miles away, 11 minutes before.")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("A transit card in this name").first).to_be_visible()


def answer_what_points_away(page: Page, lead: str) -> None:
    """Each entry gets an answer."""
    page.goto(lead)
    while page.get_by_role("link", name="Answer", exact=True).count():
        page.get_by_role("link", name="Answer", exact=True).first.click()
        page.locator("label[for^=id_outcome]").first.click()
        page.locator("textarea[name=text]").fill("The platform's video shows another person using the card.")
        page.get_by_role("button", name="Record").click()
        expect(page.get_by_text("Evidence against").first).to_be_visible()


def verify(desk: Desk, case: str, lead: str, name: str) -> None:
    """The captain assigns a colleague, who verifies the fingerprint."""
    captain = desk.window("marsh")
    captain.goto(f"{case}assign/")
    captain.locator("select[name=user]").select_option(label=option(captain, name))
    captain.get_by_role("button", name="Save").click()
    expect(captain.get_by_text(re.compile(f"{name} assigned")).first).to_be_visible()
    colleague = desk.window(name.lower())
    colleague.goto(lead)
    colleague.get_by_role("link", name="Verify").first.click()
    colleague.locator("label", has_text="Verified: it is what it is said to be").click()
    answer_both_questions(colleague)
    colleague.locator("textarea[name=reason]").fill("Read the report and compared the chart with the lift card.")
    colleague.get_by_role("button", name="Record").click()
    expect(colleague.get_by_text("1 of 1 verified")).to_be_visible()


def apply(page: Page, lead: str) -> None:
    """Mark the lead and apply."""
    page.goto(lead)
    page.locator("#mark").click()
    page.get_by_role("link", name="Apply").first.click()
    page.locator("label", has_text="A search warrant").first.click()
    page.locator("textarea[name=statement]").fill(
        "A fingerprint where only staff reach ties this person to the robbery."
    )
    page.locator("textarea[name=does_not_fit]").fill("The hairline cannot be compared: the probe cuts it off.")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waits for a captain")


def walk(desk: Desk) -> None:
    """The main job, a picture at each place the README shows."""
    page = desk.window("okafor")
    page.get_by_role("link", name="26-000001").click()
    case = page.url
    search(page)
    found = page.url
    place = compare_the_others(found)
    page.reload()
    page.get_by_role("link", name=f"Face {place}", exact=True).click()
    fill_in(page)
    shoot(page, "comparison", 960)
    conclude(page)
    candidate = f"{found}candidates/1/"
    page.goto(candidate)
    drawn = page.get_by_text(re.compile(r"is drawn, out of \d")).first.inner_text()
    examiner = re.split(r"[ \xa0]", drawn.partition(" is drawn")[0])[-1]
    second = desk.window(examiner.lower())
    second.get_by_role("link", name=re.compile("^Compare:")).last.click()
    second.get_by_role("button", name="No, I know nothing of it").click()
    fill_in(second)
    conclude(second)
    page.goto(candidate)
    page.get_by_role("button", name="Make a lead").click()
    expect(page.get_by_role("heading", name="From picture to warrant")).to_be_visible()
    lead = page.url
    add_fingerprint(page, case, lead)
    add_alibi(page, lead)
    shoot(page, "lead", 1060)
    page.goto("/")
    shoot(page, "dashboard", 860)
    page.goto(case)
    shoot(page, "case")
    verify(desk, case, lead, "Raman" if examiner == "Aldana" else "Aldana")
    answer_what_points_away(page, lead)
    apply(page, lead)
    application = page.url
    captain = desk.window("marsh")
    captain.goto(application)
    shoot(captain, "decision", 1200)
    page.goto("/policy/")
    shoot(page, "manual", 820)


def main() -> None:
    """Start, walk, say what was saved."""
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_path is None:
        raise SystemExit("No browser on PATH: install chromium.")
    expect.set_options(timeout=60_000)  # a busy machine is slow, and nothing else is wrong with it
    IMAGES.mkdir(exist_ok=True)
    with agency() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        walk(Desk(browser, address, password))
        browser.close()
    print(json.dumps({path.name: path.stat().st_size for path in sorted(IMAGES.glob("*.png"))}, indent=1))


if __name__ == "__main__":
    main()
