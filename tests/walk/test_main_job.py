"""The main job in a real browser, on a real face, with a real worker, by the people it takes."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from ecpd.accounts.roles import Role
from ecpd.audit.checking import carry_out_requests
from ecpd.audit.sealer import seal_everything
from leads.demo import gallery
from leads.demo.probe import like_a_camera
from leads.models import Examination, ExaminationRequest, Lead, SearchRequest, WarrantApplication
from leads.models.examination import COMPONENTS
from leads.models.lead import LEAD_ONLY
from leads.selectors.dark import in_his_order
from tests.factories import leads as make
from tests.factories.people import UserFactory, certify
from tests.sealing import as_role

pytestmark = pytest.mark.browser
FACTS = (
    "The man in this picture took the money from the register at 9:42 pm; the clerk saw his face for some seconds. "
    "Two neighbors were asked and do not know him."
)
EIGHT_FOUND = "Eight faces to compare"
PEOPLE = {
    "dunne": ("", "Dunne", Role.ADMINISTRATOR), "okafor": ("Det.", "Okafor", Role.INVESTIGATOR),
    "aldana": ("Det.", "Aldana", Role.INVESTIGATOR), "raman": ("Det.", "Raman", Role.INVESTIGATOR),
    "marsh": ("Capt.", "Marsh", Role.CAPTAIN), "whitlock": ("", "Whitlock", Role.AUDITOR),
}  # fmt: skip


@pytest.fixture
def agency(celery_worker_process, monkeypatch):
    """The people, and a gallery of packaged faces and a few fillers."""
    monkeypatch.setattr(gallery, "FILLERS", 300)
    people = {}
    for username, (rank, last, role) in PEOPLE.items():
        people[username] = UserFactory(username=username, rank=rank, last_name=last)
        people[username].groups.add(Group.objects.get(name=role))
    for username in ("okafor", "aldana", "raman"):
        certify(people[username], people["dunne"])
    gallery.load(people["marsh"])
    return people


def test_from_probe_photo_to_a_captains_decision(agency, sign_in):
    """Nothing is prepared but people and gallery; every step is a person's."""
    okafor = sign_in("okafor")
    open_a_case(okafor)
    case_url = okafor.url
    add_the_probe(okafor)
    request_a_search(okafor)
    candidate_url = examine_first(okafor)
    examine_blind(sign_in(is_drawn(okafor)))
    accept_the_case(sign_in("marsh"))
    okafor.goto(candidate_url)
    okafor.get_by_role("button", name="Make a lead").click()
    expect(okafor.get_by_text("Investigative lead only.").first).to_be_visible()
    lead_url = okafor.url
    is_refused_without_evidence(okafor)
    add_the_fingerprint(okafor, case_url)
    link_the_fingerprint(okafor, lead_url)
    marsh = sign_in("marsh")
    verifier = "raman" if Examination.objects.get(position=2).examiner.username == "aldana" else "aldana"
    assign(marsh, case_url, verifier.title())
    verify(sign_in(verifier))
    mark_and_apply(okafor, lead_url)
    decide(marsh)
    read_the_audit(sign_in("whitlock"))
    assert Lead.objects.get().state == "approved"
    assert WarrantApplication.objects.get().packet_sha256
    assert Examination.objects.count() == 8 + 1


def open_a_case(page: Page) -> None:
    """The investigator opens a case."""
    page.goto("/cases/new/")
    page.get_by_label("Title").fill("Robbery at Marlow Market, 1140 Alder Street")
    page.get_by_label("Offense (NIBRS)").select_option("120")
    page.get_by_label("Dispatch or records number").fill("26-014233")
    page.get_by_label("Captain").select_option(label=page_option(page, "Marsh"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Robbery at Marlow Market")).to_be_visible()


def accept_the_case(page: Page) -> None:
    """Its opener searched in it, so a captain says that it is real (FR-02)."""
    page.goto("/")
    page.get_by_role("listitem").filter(has_text="Accept or refuse").get_by_role("link", name="Read and answer").click()
    page.locator("label", has_text="Accept the case").first.click()
    page.locator("textarea[name=reason]").fill("The watch commander called me about it that night.")
    page.get_by_role("button", name="Record my answer").click()
    expect(page.get_by_text("The case is accepted.")).to_be_visible()


def page_option(page: Page, words: str) -> str:
    """The label of the option that contains these words."""
    return page.locator("option", has_text=words).first.inner_text()


def add_the_probe(page: Page) -> None:
    """A still becomes evidence: its file, who gave it, when."""
    page.get_by_role("link", name="Add evidence").first.click()
    picture = like_a_camera("skimage", "data/astronaut.png", 0)
    page.locator("input[type=file]").set_input_files(
        {"name": "register.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )
    page.locator("select[name=kind]").select_option("photo")
    page.locator("input[name=title]").fill("Still from the register camera")
    page.locator("select[name=origin_kind]").select_option("business_camera")
    page.locator("input[name=origin]").fill("The owner handed it over on a stick, the same night")
    page.get_by_role("button", name="Add to the case").click()
    expect(page.get_by_role("heading", name=re.compile("E-01"))).to_be_visible()
    expect(page.get_by_text("SHA-256").first).to_be_visible()


def request_a_search(page: Page) -> None:
    """The worker finds the face, the person picks it and says why; the checklist opens the button."""
    page.get_by_role("link", name="Request a search").click()
    page.locator("label[for^=face-]").first.click()
    button = page.locator("#request")
    expect(button).to_have_attribute("aria-disabled", "true")
    page.locator("select[name=purpose]").select_option("suspect")  # none is preset (FR-02)
    page.locator("textarea[name=facts]").fill(FACTS)
    page.locator("label[for=id_no_forbidden_ground]").click()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(EIGHT_FOUND, timeout=40_000)
    expect(page.get_by_text("It is not the chance that this is the person.")).to_have_count(0)
    search = SearchRequest.objects.get()
    assert search.state == "done"
    best = search.candidates.get(rank=1)
    assert best.snapshot["published_name"] == "Dana Whitfield"
    assert best.match_score > 95


def fill_in_the_form(page: Page) -> None:
    """All 19 components, a conclusion, what it rests on and what does not fit."""
    for key in COMPONENTS:
        page.locator(f"label:has(input[name=c_{key}][value=similar])").click()
    page.locator("label", has_text="Possible match").first.click()
    page.locator("textarea[name=basis]").fill("Eyes, nose, mouth and outline agree throughout.")
    page.locator("textarea[name=does_not_fit]").fill("Nothing.")
    page.get_by_role("button", name="Record conclusion").click()


def examine_first(page: Page) -> str:
    """The requester may be the first examiner; with the last face, whatever it scored, the list is his to read.

    Two by keyboard alone, the keys counted; the others are recorded already.
    """
    search = SearchRequest.objects.get()
    best, other, *rest = search.candidates.order_by("rank")
    for found in rest:
        make.concluded(found, search.requested_by, 1, "exclude")
    place = in_his_order(search, search.requested_by).index(other) + 1
    page.reload()
    expect(page.get_by_text("6 of 8 compared.")).to_be_visible()
    page.get_by_role("link", name=f"Face {place}", exact=True).click()
    expect(page.get_by_text("You see only the two pictures.")).to_be_visible()
    expect(page.locator("input[name=c_outline]").first).to_be_focused()
    assert by_keys(page, "d", *"wider", "Enter", "x", *"Nothing", "Control+Enter") <= 20
    expect(page.get_by_text("7 compared")).to_be_visible()  # the next face, by itself
    expect(page.locator("input[name=c_outline]").first).to_be_focused()
    pressed = by_keys(page, *"s" * 19)
    expect(page.get_by_text("19 of 19 answered")).to_be_visible()
    assert pressed + by_keys(page, "p", *"Eyes, nose, mouth agree", "Tab", *"Nothing", "Control+Enter") <= 60
    expect(page.get_by_text("Your conclusion is recorded.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eight candidates, one high enough to examine")
    expect(page.get_by_text("It is not the chance that this is the person.")).to_be_visible()
    excluded = other.examinations.get()
    assert (excluded.conclusion, excluded.basis) == ("exclude", "Face and head outline: wider")
    page.goto(best.get_absolute_url())
    return page.url


def by_keys(page: Page, *keys: str) -> int:
    """Press these keys, one after another; returns how many they are."""
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def is_drawn(page: Page) -> str:
    """The last conclusion has a colleague drawn by lot; nobody chooses. Returns who."""
    expect(page.get_by_text("is drawn, out of 2").first).to_be_visible()
    assert page.locator("select[name=examiner]").count() == 0
    return ExaminationRequest.objects.get().examiner.username


def examine_blind(page: Page) -> None:
    """The second examiner finds it on the dashboard and sees neither name nor score nor the first examiner."""
    page.get_by_role("link", name="Compare").first.click()
    expect(page.get_by_role("heading", name="Do you know anything about this case?")).to_be_visible()
    assert page.locator("img[src*=picture]").count() == 0
    page.get_by_role("button", name="No, I know nothing of it").click()
    expect(page.get_by_role("heading", name="Is this the same face?")).to_be_visible()
    shown = page.content()
    for hidden in ("Whitfield", "Okafor", "match score", "Harbor City News", "rank 1"):
        assert hidden not in shown
    fill_in_the_form(page)
    expect(page.get_by_text("Your conclusion is recorded.")).to_be_visible()


def is_refused_without_evidence(page: Page) -> None:
    """The button is shut, and the reasons stand beside it."""
    expect(page.locator("#mark")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("No independent evidence links this person.")).to_be_visible()


def add_the_fingerprint(page: Page, case_url: str) -> None:
    """A laboratory's report becomes an exhibit."""
    page.goto(case_url)
    page.get_by_role("link", name="Add evidence").first.click()
    page.locator("select[name=kind]").select_option("fingerprint")
    page.locator("input[name=title]").fill("Fingerprint lift, counter edge")
    page.locator("select[name=origin_kind]").select_option("lab")
    page.locator("input[name=origin]").fill("Lifted at the scene, sealed bag 88213")
    page.get_by_role("button", name="Add to the case").click()
    expect(page.get_by_role("heading", name=re.compile("E-02"))).to_be_visible()


def answer_both_questions(page: Page) -> None:
    """Neither because of the result nor resting on the face."""
    for question in ("because_of", "rests_on_face"):
        page.locator(f"input[name={question}][value=no] + label").click()


def link_the_fingerprint(page: Page, lead_url: str) -> None:
    """Its kind's own fields, and whether it rests on the face."""
    page.goto(lead_url)
    page.get_by_role("link", name="Link evidence").click()
    page.locator("label", has_text="Fingerprints").first.click()
    page.get_by_role("button", name="Go on").click()
    page.locator("select[name=evidence]").select_option(label=page_option(page, "E-02"))
    page.locator("textarea[name=ties_by]").fill("Right index finger where only staff reach.")
    answer_both_questions(page)
    page.locator("textarea[name=independence]").fill("Lifted on the night itself, before the search.")
    for name, value in (("laboratory", "County laboratory"), ("lab_number", "FP-26-0640"), ("examiner", "J. Pell"),
                        ("finger", "Right index"), ("points", "14"), ("secured_on", "2024-11-18"),
                        ("report_date", "2024-11-20")):  # fmt: skip
        page.locator(f"input[name=d_{name}]").fill(value)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Waits for a colleague").first).to_be_visible()


def assign(page: Page, case_url: str, name: str) -> None:
    """The captain puts a colleague on the case."""
    page.goto(case_url)
    page.get_by_role("link", name="Assign an investigator").click()
    page.locator("select[name=user]").select_option(label=page_option(page, name))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile(f"{name} assigned")).first).to_be_visible()


def verify(page: Page) -> None:
    """A colleague verifies what somebody else linked."""
    page.get_by_role("link", name="Verify").first.click()
    page.get_by_role("link", name="Verify").first.click()
    page.locator("label", has_text="Verified: it is what it is said to be").click()
    assert "Lifted on the night itself, before the search." not in page.content()  # the linker's answers stay closed
    answer_both_questions(page)
    page.locator("textarea[name=reason]").fill("Read the report and compared the chart with the lift card.")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("1 of 1 verified")).to_be_visible()


def mark_and_apply(page: Page, lead_url: str) -> None:
    """With everything met, the button opens; then the application."""
    page.goto(lead_url)
    page.locator("#mark").click()
    page.get_by_role("link", name="Apply").first.click()
    page.locator("label", has_text="A search warrant").first.click()
    page.locator("textarea[name=statement]").fill("A fingerprint where only staff reach ties this person to it.")
    page.locator("textarea[name=does_not_fit]").fill("Nothing known.")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waits for a captain")


def decide(page: Page) -> None:
    """The captain reads the packet and approves with reasons."""
    page.goto("/")
    page.get_by_role("link", name="Read and decide").first.click()
    application = page.url
    page.get_by_role("link", name="Read the packet").click()
    expect(page.get_by_role("heading", name="Every search of this matter")).to_be_visible()
    expect(page.get_by_text(LEAD_ONLY.split(".")[0]).first).to_be_visible()
    page.goto(application)
    page.locator("label", has_text="Approve").first.click()
    page.locator("textarea[name=reasons]").fill("The fingerprint stands by itself; nothing points away.")
    page.locator("label[for=id_read_packet]").click()
    page.get_by_role("button", name="Record decision").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approved")


def read_the_audit(page: Page) -> None:
    """The auditor finds the search in the log and the chain intact."""
    page.goto("/admin/leads/searchrequest/")
    expect(page.get_by_text("S-26-0001")).to_be_visible()
    page.goto("/admin/audit/chaincheck/")
    page.get_by_role("button", name="Check all entries now").click()
    with as_role("ecpd_sealer"):  # its own process in an installation
        seal_everything()
        carry_out_requests()
    page.get_by_role("link", name="Look whether the result is there").click()
    expect(page.get_by_text("entries fit together")).to_be_visible()
