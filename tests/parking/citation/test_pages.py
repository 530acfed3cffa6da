"""Pages of citations: who sees what, what is recorded, what a form does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ecpd.web.dashboard import board_for
from parking.models import Citation, CitationDraft, CitationNotice, ContestResult, LedgerEntry, PaymentPlan, PlateQuery
from parking.selectors.ledger import balance
from parking.services import contest as contests
from parking.services import plan
from tests import signing_in
from tests.parking.citation.conftest import FILED
from tests.shown import decide

TYPED = {
    "violation": "overtime", "place": "Demo Street 400 block", "plate": "7abc 123", "plate_state": "US-CA",
    "registration_expiry": "04/2027", "vin_last4": "0417", "color": "Blue", "read_at_vehicle": "on", "will_attach": "on",
}  # fmt: skip


def at(name: str, *args) -> str:
    return reverse(f"parking:{name}", args=args)


@pytest.fixture
def as_(client):
    """The client signed in as somebody."""

    def sign_in(user):
        signing_in.sign_in(client, user)
        return client

    return sign_in


@pytest.fixture
def typed(zone):
    """What an officer types, with the time a moment ago."""
    seen = timezone.localtime() - timedelta(minutes=2)
    return TYPED | {"on": f"{seen:%Y-%m-%d}", "about": f"{seen:%H:%M}", "zone": str(zone.pk)}


def test_a_draft_is_kept_checked_and_issued(as_, people, table, typed):
    client = as_(people.officer)
    draft = client.post(at("citation-begin")).headers["Location"]
    checked = client.post(draft + "keep/", typed)
    assert "All met" in checked.content.decode()
    assert CitationDraft.objects.get().answers["plate"] == "7abc 123"
    issued = decide(client, draft, typed)
    citation = Citation.objects.get()
    assert issued.headers["Location"] == at("citation-print", citation.number)
    assert citation.plate == "7ABC123"
    client.post(at("citation-attached", citation.number), {"how": "attached", "where": "Windshield"})
    assert citation.delivery.by == people.officer


def test_a_form_that_is_not_whole_comes_back_with_what_to_fix(as_, people, table, typed, draft):
    answer = as_(people.officer).post(draft.get_absolute_url(), typed | {"vin_last4": "OIQ", "color": ""})
    assert answer.status_code == 422
    assert "a VIN has no I, O or Q" in answer.content.decode()
    assert not Citation.objects.exists()


def test_somebody_elses_draft_does_not_exist(as_, people, draft):
    assert as_(people.manager).get(draft.get_absolute_url()).status_code == 404


def test_a_draft_can_be_thrown_away(as_, people, draft):
    as_(people.officer).post(draft.get_absolute_url() + "throw-away/")
    assert not CitationDraft.objects.exists()


@pytest.mark.parametrize("name", ["citations", "contests", "violations"])
def test_lists_are_open_to_who_may_look_and_closed_to_others(as_, people, citation, name):
    assert as_(people.auditor).get(at(name)).status_code == 200
    people.auditor.groups.clear()
    assert as_(people.auditor).get(at(name)).status_code == 403


def test_the_list_finds_by_number_and_plate_and_every_look_is_recorded(as_, people, issue):
    citation, other = issue(), issue(plate="8XYZ999")
    client = as_(people.officer)
    for words in (citation.number, "7abc-123", citation.number.replace("-", "")):
        page = client.get(at("citations"), {"q": words}).content.decode()
        assert citation.number in page
        assert other.number not in page
    looked = PlateQuery.objects.filter(user=people.officer, purpose="citation")
    assert looked.first().terms == {"q": citation.number.replace("-", "")}


def test_the_list_filters_by_where_a_citation_stands(as_, people, issue):
    attached, loose = issue(), issue(attach=False)
    page = as_(people.manager).get(at("citations"), {"standing": "not_attached"}).content.decode()
    assert loose.number in page
    assert attached.number not in page


def test_the_exported_list_has_no_plate(as_, people, citation):
    text = as_(people.manager).get(at("citations"), {"_export": "csv"}).content.decode()
    assert citation.number in text
    assert citation.plate not in text
    assert as_(people.officer).get(at("citations"), {"_export": "csv"}).status_code == 403


def test_a_list_of_many_citations_asks_the_database_no_more_often(as_, people, issue, django_assert_max_num_queries):
    issue()
    client = as_(people.manager)
    client.get(at("citations"))
    for _ in range(3):
        issue()
    with django_assert_max_num_queries(15):
        client.get(at("citations"))


def test_one_citation_shows_its_clocks_ledger_and_history(as_, people, citation, django_assert_max_num_queries):
    client = as_(people.manager)
    client.get(citation.get_absolute_url())
    with django_assert_max_num_queries(15):
        page = client.get(citation.get_absolute_url()).content.decode()
    for words in ("7ABC123", "$48.00", "Initial review:", "Issued.", "Attached to the vehicle"):
        assert words in page
    assert PlateQuery.objects.filter(terms={"citation": citation.number}, user=people.manager).exists()


def test_a_number_that_does_not_exist_is_not_found(as_, people, citation):
    assert as_(people.manager).get(at("citation", "26-000999-1")).status_code == 404


@pytest.mark.parametrize("name", ["citation-void", "citation-hold", "citation-copy", "citation-payment", "citation-plan",
                                  "citation-reduce"])  # fmt: skip
def test_the_small_pages_open_for_a_manager_and_not_for_an_officer(as_, people, citation, name):
    assert as_(people.manager).get(at(name, citation.number)).status_code == 200
    assert as_(people.officer).get(at(name, citation.number)).status_code == 403


def test_a_payment_is_entered_corrected_and_refunded_on_its_pages(as_, people, issue):
    citation, other = issue(), issue()
    client = as_(people.manager)
    client.post(at("citation-payment", citation.number), {"cents": "50.00", "on": f"{timezone.localdate()}"})
    assert balance(citation) == -200
    decide(client, at("citation-refund", citation.number), {"reason": "Two dollars too much."})
    assert balance(citation) == 0
    entry = LedgerEntry.objects.get(kind="payment")
    correct = at("citation-payment-correct", citation.number, entry.pk)
    bad = decide(client, correct, {"to": "26-000001-1", "reason": "Named the wrong number."})
    assert "check its digits" in bad.content.decode()
    decide(client, correct, {"to": other.number, "reason": "Named the wrong number."})
    assert balance(other) == 4800 - 5000


def test_a_citation_is_voided_on_its_page(as_, people, citation):
    decide(as_(people.manager), at("citation-void", citation.number), {"reason": "The sign was turned around."})
    citation.refresh_from_db()
    assert citation.is_canceled


def test_a_plan_is_agreed_on_its_page(as_, people, citation):
    asked = plan.ask_for_plan(citation=citation, asked="plan", name="Rosa Quill", address="12 Elm Street")
    terms = {"unable_to_pay": "on", "monthly_cents": "25.00", "months": "2", "name": "Rosa Quill", "address": "12 Elm St",
             "first_due_on": f"{timezone.localdate() + timedelta(days=30)}", "reason": "On disability benefits."}  # fmt: skip
    decide(as_(people.manager), at("citation-plan", citation.number), terms)
    asked.refresh_from_db()
    assert (PaymentPlan.objects.get().months, asked.state) == (2, "granted")


def test_a_contest_is_entered_decided_and_its_result_mailed(as_, people, citation):
    officer = as_(people.officer)
    made = officer.post(at("contest-enter", citation.number), FILED | {"stage": "review"})
    page = made.headers["Location"]
    assert officer.get(page).status_code == 200
    manager = as_(people.manager)
    assert "What the rules say" in manager.get(page).content.decode()
    decide(manager, page, {"outcome": "upheld", "reason": "The sign can be read in the picture."})
    assert ContestResult.objects.get().decided_by == people.manager
    notice = CitationNotice.objects.get(kind="review")
    assert "Result of the initial review" in manager.get(at("citation-notices")).content.decode()
    manager.post(at("citation-notice-mailed", notice.pk), {"on": f"{timezone.localdate()}"})
    assert notice.mailing.by == people.manager


def test_hearings_are_listed_for_examiners_only(as_, people, citation):
    assert as_(people.examiner).get(at("hearings")).status_code == 200
    assert as_(people.manager).get(at("hearings")).status_code == 403


def test_papers_open_as_pdf(as_, people, citation):
    answer = as_(people.officer).get(at("citation-notice", citation.notices.first().pk))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert as_(people.officer).get(at("citation-print", citation.number)).status_code == 200


def test_an_amount_is_entered_on_the_violations_page(as_, people, table):
    terms = {"amount_cents": "60.00", "late_fee_cents": "30.00", "effective_on": f"{timezone.localdate()}",
             "resolution": "Resolution 2026-77", "resolved_on": "2026-01-06"}  # fmt: skip
    page = table["overtime"].get_absolute_url()
    assert as_(people.officer).post(page, terms).status_code == 403
    as_(people.manager).post(page, terms)
    assert table["overtime"].amounts.first().amount_cents == 6000


def test_what_waits_stands_on_the_dashboards(people, citation, issue):
    issue(attach=False)
    contests.file_contest(citation=citation, actor=people.officer, stage="review", details=FILED)
    titles = {who: [item.title for item in board_for(getattr(people, who)).your_turn] for who in ("officer", "manager")}
    assert f"Review {citation.number}" in titles["manager"]
    assert any(title.startswith("Attach ") for title in titles["officer"])
    assert board_for(people.auditor).your_turn == []


def test_the_processors_file_is_looked_at_and_taken_in_on_its_page(as_, people, citation):
    from django.core.files.uploadedfile import SimpleUploadedFile

    def sent(**more):
        content = f"reference,citation,kind,amount,date\nP-1,{citation.number},payment,48.00,2026-11-20\nP-2,1,gift,1,1"
        return client.post(at("citation-payments"), {"upload": SimpleUploadedFile("n.csv", content.encode())} | more)

    client = as_(people.manager)
    assert "Nothing is written yet" in sent(look="yes").content.decode()
    assert balance(citation) == 4800
    assert "Taken in" in sent(take_in="yes").content.decode()
    assert balance(citation) == 0


def test_the_api_lists_and_shows_citations_and_records_the_look(as_, people, citation):
    client = as_(people.manager)
    listed = client.get("/api/parking/citations/", {"standing": "open"}).json()
    assert [row["number"] for row in listed["results"]] == [citation.number]
    one = client.get(f"/api/parking/citations/{citation.number}/").json()
    assert (one["owed_cents"], [clock["stage"] for clock in one["clocks"]]) == (4800, ["review", "hearing", "court"])
    assert PlateQuery.objects.filter(channel="api", terms={"citation": citation.number}).exists()


def test_the_api_shows_nothing_to_who_may_not_look(as_, people, citation):
    people.auditor.groups.clear()
    client = as_(people.auditor)
    assert client.get("/api/parking/citations/").status_code == 403
    assert client.get(f"/api/parking/citations/{citation.number}/").status_code == 403
