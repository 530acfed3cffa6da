"""What somebody typed and did not send yet outlives a reload, a look elsewhere and a refusal; for that person alone."""

import json
import re
from importlib import import_module

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.models import Person
from cases.services import person as persons
from ecpd.accounts import rehearsal
from leads.models import WarrantDecision
from leads.services import exculpatory
from parking.services import citation_draft
from tests.factories import leads as make
from tests.factories import parking
from tests.factories.people import PASSWORD
from tests.signing_in import code_of
from tests.walk.test_one_tablet import signs_in

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "The lift from the drawer stands by itself; nothing else points away."


@pytest.fixture
def tab(browser, live_server) -> Page:
    """One tab, whoever is signed in."""
    page = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(20_000)
    page.base = live_server.url
    return page


@pytest.fixture
def people():
    """The agency and its case."""
    return make.agency()


def kept(tab: Page) -> list[dict]:
    """What this tab keeps."""
    return [json.loads(said) for said in tab.evaluate(
        "Object.entries(sessionStorage).filter(([key]) => key.startsWith('ecpd-form:')).map(([, said]) => said)"
    )]  # fmt: skip


def test_a_captain_reads_the_packet_in_between(tab, people):
    application = make.applied_for(people)
    for entry in application.lead.exculpatory.filter(answers=None):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    signs_in(tab, people.marsh)
    tab.goto(application.get_absolute_url())
    reasons, read = tab.locator("[name=reasons]"), tab.locator("[name=read_packet]")
    approve = tab.locator("input[name=outcome][value=approve]")
    tab.locator("label[for=id_outcome_0]").click()
    reasons.fill(WORDS)
    tab.locator("label[for=id_read_packet]").click()
    tab.get_by_role("button", name="Record decision").click()
    expect(tab.locator("#errors")).to_contain_text("packet")  # refused: it was not opened
    tab.get_by_role("link", name="Read the packet").click()
    tab.wait_for_url("**/packet/")
    tab.goto(application.get_absolute_url())
    expect(approve).to_be_checked()
    expect(reasons).to_have_value(WORDS)
    expect(read).not_to_be_checked()  # that is said of what the page shows now
    tab.locator("label[for=id_read_packet]").click()
    tab.get_by_role("button", name="Record decision").click()
    expect(tab.get_by_text("Your decision is recorded.")).to_be_visible()
    assert WarrantDecision.objects.get().reasons == WORDS
    assert kept(tab) == []


def test_a_new_exhibit_survives_a_reload_an_error_and_nobody_elses_sign_in(tab, people):
    place, title = reverse("cases:evidence-add", args=[people.case.case_number]), tab.locator("input[name=title]")
    signs_in(tab, people.okafor)
    tab.goto(place)
    title.fill("Still from the register camera")
    tab.locator("select[name=kind]").select_option("photo")
    tab.reload()
    expect(title).to_have_value("Still from the register camera")
    expect(tab.locator("select[name=kind]")).to_have_value("photo")
    expect(tab.locator("[data-kept]")).to_contain_text("and did not send is back.")
    tab.route(f"**{place}", lambda route: route.fulfill(status=500, body="no") if route.request.method == "POST"
              else route.fallback())  # fmt: skip
    tab.get_by_role("button", name="Add to the case").click()
    tab.wait_for_load_state()
    tab.unroute(f"**{place}")
    tab.go_back()
    expect(title).to_have_value("Still from the register camera")
    signs_in(tab, people.raman)
    tab.goto(place)
    expect(title).to_have_value("")
    assert not any("csrf" in name for one in kept(tab) for name, _ in one["said"])


@pytest.fixture
def witness(people):
    """Somebody in the case, as first entered."""
    return persons.add_person(
        case=people.case, actor=people.okafor, role="witness", name="Dana Wells", description="Saw the van.",
        contact="555 0100",
    )  # fmt: skip


def change_of(witness) -> str:
    """The form that changes them."""
    return reverse("cases:person-edit", args=[witness.case.case_number, witness.pk])


def test_words_typed_over_an_older_page_never_stand_over_a_colleagues_change(tab, people, witness):
    place, contact = change_of(witness), tab.locator("[name=contact]")
    signs_in(tab, people.okafor)
    tab.goto(place)
    contact.fill("555 0199")
    tab.goto("/cases/")
    persons.edit_person(person=Person.objects.get(pk=witness.pk), actor=people.raman, description="Recanted.")
    for come_back in (lambda: tab.goto(place), tab.reload, tab.go_back):
        come_back()
        if tab.url.endswith(place):
            expect(tab.locator("[name=description]")).to_have_value("Recanted.")
            expect(contact).to_have_value("555 0100")
            expect(tab.locator("[data-kept]")).to_contain_text("This changed since you typed")
            expect(tab.locator("[data-kept]")).to_contain_text("555 0199")  # to copy, not lost
    tab.goto(place)
    contact.fill("555 0199")
    tab.locator("#save").click()
    tab.wait_for_url("**/people/")
    witness.refresh_from_db()
    assert (witness.description, witness.contact, kept(tab)) == ("Recanted.", "555 0199", [])


def test_the_browser_itself_puts_nothing_over_a_colleagues_change(tab, people, witness):
    place = change_of(witness)
    signs_in(tab, people.okafor)
    tab.goto(place)
    tab.locator("[name=contact]").fill("555 0199")
    tab.locator("[name=description]").fill("Saw the van. Twice.")
    tab.goto("/cases/")
    persons.edit_person(person=Person.objects.get(pk=witness.pk), actor=people.raman, description="Recanted.")
    tab.go_back()
    expect(tab.locator("[data-kept]")).to_be_visible()
    expect(tab.locator("[name=description]")).to_have_value("Recanted.")


def test_only_touched_fields_come_back_and_only_what_they_were_typed_over(tab, people, witness):
    place = change_of(witness)
    signs_in(tab, people.okafor)
    tab.goto(place)
    tab.locator("[name=contact]").fill("555 0199")
    assert [one["names"] for one in kept(tab)] == [["contact"]]
    tab.goto("/cases/")
    tab.goto(place)
    expect(tab.locator("[name=contact]")).to_have_value("555 0199")
    expect(tab.locator("[data-kept]")).to_have_text(re.compile(r"What you typed on .+ and did not send is back\."))
    tab.get_by_role("button", name="Discard").click()
    expect(tab.locator("[name=contact]")).to_have_value("555 0100")
    assert (tab.locator("[data-kept]").count(), kept(tab)) == (0, [])


def test_a_refused_entry_never_slips_unsaid_into_the_next_one(tab, people):
    place = reverse("cases:person-add", args=[people.case.case_number])
    name, born, words = (tab.locator(f"[name={field}]") for field in ("name", "date_of_birth", "description"))
    signs_in(tab, people.okafor)
    tab.goto(place)
    name.fill("Methuselah")
    born.fill("1780-01-01")
    words.fill("Too old")
    tab.locator("select[name=role]").select_option("witness")
    tab.locator("#save").click()
    expect(tab.locator("#errors")).to_be_visible()
    expect(words).to_have_value("Too old")  # the site sent it back
    tab.goto(place)
    expect(tab.locator("[data-kept]")).to_contain_text("and did not send is back.")
    tab.get_by_role("button", name="Discard").click()
    for field in (name, born, words):
        expect(field).to_have_value("")
    name.fill("Lee, Bruce")
    tab.locator("select[name=role]").select_option("witness")
    tab.locator("#save").click()
    tab.wait_for_url("**/people/")
    saved = Person.objects.get(name="Lee, Bruce")
    assert (saved.description, saved.date_of_birth, kept(tab)) == ("", None, [])
    tab.goto(place)
    expect(tab.locator("[data-kept]")).to_have_count(0)


def test_signing_out_forgets_what_was_typed(tab, people):
    signs_in(tab, people.okafor)
    tab.goto(reverse("cases:evidence-add", args=[people.case.case_number]))
    tab.locator("input[name=title]").fill("Still from the register camera")
    assert kept(tab)
    tab.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    tab.wait_for_url("**/accounts/**")
    assert kept(tab) == []


def test_a_half_filled_examination_survives_a_reload(tab, people):
    signs_in(tab, people.okafor)
    tab.goto(reverse("leads:examine-first", args=[make.candidate(people).search.number, 1]))
    with tab.expect_response("**/draft/"):
        tab.locator("label:has(input[name=c_nose][value=similar])").click()
    with tab.expect_response("**/draft/"):
        tab.locator("textarea[name=basis]").press_sequentially("Eyes and no")  # still in the field
    tab.reload()
    expect(tab.locator("input[name=c_nose][value=similar]")).to_be_checked()
    expect(tab.locator("textarea[name=basis]")).to_have_value("Eyes and no")


def test_a_half_written_citation_survives_a_reload(tab):
    officer = parking.agency().officer
    signs_in(tab, officer)
    tab.goto(citation_draft.begin(officer=officer).get_absolute_url())
    with tab.expect_response("**/keep/"):
        tab.locator("textarea[name=remarks]").press_sequentially("Front whe")  # still in the field
    tab.reload()
    expect(tab.locator("textarea[name=remarks]")).to_have_value("Front whe")


def signs_in_again(tab: Page, person) -> None:
    """By the forms, in the same tab, after the session ended."""
    expect(tab.get_by_text("Your session ended.")).to_be_visible()
    expect(tab.locator("[data-kept-waits]")).to_be_visible()
    tab.get_by_label("User name").fill(person.username)
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.get_by_label("Code").fill(code_of(person))
    tab.get_by_role("button", name="Go on").click()
    tab.get_by_role("button", name="I agree, go on").click()
    tab.wait_for_url(lambda url: "/accounts/" not in url)


def session_ends(tab: Page) -> None:
    """Elsewhere: nothing stands behind this tab's cookie any more."""
    [key] = [one["value"] for one in tab.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    import_module(settings.SESSION_ENGINE).SessionStore(key).delete()


def test_a_note_survives_that_the_session_ended_under_it(tab, people):
    page, note = people.case.get_absolute_url(), tab.locator("textarea[name=text]")
    rehearsal.app_of(people.okafor)
    signs_in(tab, people.okafor)
    tab.goto(page)
    note.fill(WORDS)
    session_ends(tab)
    tab.get_by_role("button", name="Add the note").click()
    tab.wait_for_url("**/accounts/login/**")
    signs_in_again(tab, people.okafor)
    assert tab.url.endswith(page)
    expect(note).to_have_value(WORDS)
    expect(tab.locator("[data-kept]")).to_contain_text("and did not send is back.")
    tab.get_by_role("button", name="Add the note").click()
    expect(tab.get_by_text(WORDS).first).to_be_visible()
    assert kept(tab) == []


def test_an_examination_survives_that_the_session_ended_before_its_draft_was_kept(tab, people):
    address = reverse("leads:examine-first", args=[make.candidate(people).search.number, 1])
    rehearsal.app_of(people.okafor)
    signs_in(tab, people.okafor)
    tab.goto(address)
    session_ends(tab)
    tab.locator("textarea[name=basis]").press_sequentially("Eyes and nose")
    expect(tab.locator("#problem")).to_contain_text("Your session ended.")
    tab.get_by_role("link", name="Sign in again").click()
    signs_in_again(tab, people.okafor)
    assert tab.url.endswith(address)
    expect(tab.locator("textarea[name=basis]")).to_have_value("Eyes and nose")


def test_two_forms_of_one_page_keep_their_words_apart(tab, people):
    place = reverse("cases:matter", args=[people.case.case_number])
    signs_in(tab, people.okafor)
    tab.goto(place)
    first, second = (tab.locator(f"form[action$='/{name}/'] input[type=text]").first for name in ("numbers", "links"))
    first.fill("N-1")
    second.fill("L-2")
    tab.reload()
    expect(first).to_have_value("N-1")
    expect(second).to_have_value("L-2")
    tab.get_by_role("button", name="Enter the number").click()
    tab.wait_for_load_state()
    expect(second).to_have_value("L-2")


def test_a_chosen_file_is_asked_for_again_and_never_left_out_unsaid(tab, people):
    place = reverse("cases:evidence-add", args=[people.case.case_number])
    again, choose = tab.locator("[data-file-again]"), tab.locator("input[name=upload]")
    file = {"name": "lift.txt", "mimeType": "text/plain", "buffer": b"The lift from the drawer."}
    signs_in(tab, people.okafor)
    tab.goto(place)
    expect(again).to_be_hidden()
    choose.set_input_files(file)
    tab.locator("select[name=kind]").select_option("document")
    tab.get_by_role("button", name="Add to the case").click()
    expect(tab.locator("#errors")).to_be_visible()  # no title
    expect(again).to_contain_text("Choose the file again: lift.txt was not kept.")
    tab.goto(place)
    expect(again).to_contain_text(
        "Choose the file again: lift.txt was not kept."
    )  # the words are back, the file is not
    tab.locator("input[name=title]").fill("Report on the lift")
    tab.locator("select[name=origin_kind]").select_option(index=1)
    tab.locator("[name=origin]").fill("From the crime laboratory.")
    tab.locator("[name=obtained_at]").fill("2026-11-02T10:00")
    tab.get_by_role("button", name="Add to the case").click()
    expect(tab.locator("#errors")).to_contain_text("Choose the file again: lift.txt was not kept.")
    assert people.case.evidence.count() == 0
    choose.set_input_files(file)
    tab.get_by_role("button", name="Add to the case").click()
    tab.wait_for_url(lambda url: not url.endswith("/new/"))
    assert people.case.evidence.get().file is not None
