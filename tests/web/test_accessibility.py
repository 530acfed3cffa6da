"""A real browser opens the pages of the frame: axe-core finds nothing, nothing scrolls sideways, the script works."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.signing_in import sign_in

pytestmark = pytest.mark.browser
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
# The page is the same at both widths; on the phone axe is asked again what layout can break.
LAYOUT = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "aria-hidden-focus",
          "landmark-unique", "region"]  # fmt: skip
FOUND = {"resultTypes": ["violations"]}  # what is as it should be is not listed element by element
WIDTHS = {1280: FOUND, 390: FOUND | {"runOnly": {"type": "rule", "values": LAYOUT}}}
PAGES = ["/", "/styleguide/", "/refused/", "/stale/", "/nowhere/", "/accounts/logout/", "/accounts/password/change/",
         "/accounts/sessions/", "/accounts/second-factor/", "/accounts/second-factor/app/remove/"]  # fmt: skip


@pytest.fixture(scope="module")
def browser(chromium_path):
    """Chromium, for this file."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, and Django would refuse its database next to it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, live_server, client, specimen_pages):
    """Opens a page of the live server; `user` is signed in, `width` in CSS pixels."""
    contexts = []

    def open_page(path: str, *, user=None, width: int = 1280):
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        if user is not None:
            sign_in(client, user)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def findings(page, asked: dict | None = None) -> list[str]:
    """What axe-core reports, as rule: element."""
    found = Axe().run(page, options=asked or FOUND).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def shown(page) -> list[str]:
    """How the two pictures are zoomed and moved."""
    return page.locator("[data-frame] .face").evaluate_all("faces => faces.map((face) => face.style.transform)")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_finding_and_does_not_scroll_sideways(visit, investigator, path):
    page = visit(path, user=investigator)
    for width, asked in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        assert findings(page, asked) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not [words for words in page.said if "Content Security Policy" in words]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 320])
def test_the_sign_in_page_has_no_finding(visit, width):
    page = visit("/accounts/login/", width=width)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.django_db(transaction=True)
def test_both_pictures_zoom_and_move_together_from_the_keyboard(visit, investigator):
    page = visit("/styleguide/", user=investigator)
    page.locator("[data-frame]").first.focus()
    for key in ("+", "+", "ArrowLeft"):
        page.keyboard.press(key)
    assert shown(page) == ["scale(1.5) translate(4%, 0%)"] * 2
    assert page.locator("[data-zoom-value]").inner_text() == "150%"
    page.keyboard.press("0")
    assert page.locator("[data-zoom-value]").inner_text() == "100%"


@pytest.mark.django_db(transaction=True)
def test_dragging_one_picture_moves_both(visit, investigator):
    page = visit("/styleguide/", user=investigator)
    frame = page.locator("[data-frame]").last
    page.locator("[data-compare] [data-zoom='25']").click(click_count=4)
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 100)
    page.mouse.up()
    first, second = page.locator("[data-frame] .face").evaluate_all(
        "faces => faces.map((face) => face.style.transform)"
    )
    assert first == second
    assert "translate(0%, 0%)" not in first


@pytest.mark.django_db(transaction=True)
def test_a_chosen_file_is_listed_with_its_size(visit, investigator):
    page = visit("/styleguide/", user=investigator)
    picture = {"name": "still-0412.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 2048}
    page.locator("input[type=file]").first.set_input_files([picture])
    assert page.locator("[data-dropzone-list]").first.inner_text().strip() == "still-0412.jpg, 2.0 KB"


@pytest.mark.django_db(transaction=True)
def test_a_blocked_button_does_nothing_but_can_be_reached(visit, investigator):
    page = visit("/styleguide/", user=investigator)
    page.evaluate("document.getElementById('mark-go').addEventListener('click', () => { window.clicked = true; })")
    button = page.locator("#mark-go")
    button.focus()
    assert page.evaluate("document.activeElement.id") == "mark-go"
    page.keyboard.press("Enter")
    assert page.evaluate("window.clicked") is None


@pytest.mark.django_db(transaction=True)
def test_choosing_a_face_marks_it_on_the_picture(visit, investigator):
    page = visit("/styleguide/", user=investigator)
    page.locator("label[for=face-b]").click()
    assert page.locator(".box.is-on").get_attribute("data-box") == "b"


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_said_and_its_return_too(visit, investigator):
    page = visit("/styleguide/", user=investigator)
    page.context.set_offline(True)
    page.locator("#connection").wait_for(state="visible")
    page.context.set_offline(False)
    page.locator("#connection").wait_for(state="hidden")
