"""The pages of cases, as the people who use them meet them."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cases import access
from cases.models import Case, Evidence, Person, PersonMerge
from cases.services import case as cases
from cases.services.case import edit_case, set_sealed
from cases.services.evidence import hand_over
from cases.services.person import decide_merge, propose_merge
from ecpd.audit.models import AuditEvent
from ecpd.policy.models import Decision
from tests.factories.cases import CaseFactory, exhibit, opened, picture, somebody
from tests.factories.leads import allowed
from tests.shown import decide
from tests.signing_in import sign_in

TABS = ["evidence", "people", "timeline"]


@pytest.fixture
def page(client, okafor):
    """What the investigator reads at an address of the case."""
    sign_in(client, okafor)

    def read(name: str, *args, status: int = 200, **query) -> str:
        response = client.get(reverse(f"cases:{name}", args=args), query)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.content.decode()

    return read


def answers(**changes) -> dict:
    facts = {
        "kind": "photo",
        "title": "Register camera",
        "origin_kind": "business_camera",
        "origin": "Store owner, by consent",
        "obtained_at": timezone.localtime(timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "location": "Evidence server",
        "upload": SimpleUploadedFile("still.jpg", picture(), "image/jpeg"),
    }
    return {**facts, **changes}


def test_a_case_is_opened_from_the_form(client, okafor, marsh):
    sign_in(client, okafor)
    told = client.post(reverse("cases:create"), {"title": "Robbery", "offense": "120", "captain": marsh.pk})
    case = Case.objects.get()
    assert told.url == case.get_absolute_url()
    assert access.can(marsh, case, "manage")


def test_a_form_keeps_what_was_typed_and_names_what_is_missing(client, okafor):
    sign_in(client, okafor)
    told = client.post(reverse("cases:create"), {"title": "", "location": "Depot Lane"}).content.decode()
    assert "Two things to fix" in told
    assert 'value="Depot Lane"' in told
    assert not Case.objects.exists()


def test_a_case_cannot_end_before_it_began(client, okafor):
    sign_in(client, okafor)
    told = client.post(
        reverse("cases:create"),
        {"title": "Robbery", "offense": "120", "occurred_at": "2025-11-04T21:42", "occurred_until": "2025-11-04T20:00"},
    )
    assert "It cannot have ended before it began." in told.content.decode()


def test_the_overview_shows_what_stands_in_the_case(page, case, okafor):
    made = exhibit(case, okafor)
    hand_over(evidence=made, actor=okafor, action="transferred", from_party=okafor.display_name, to_party="Crime lab",
              reason="Comparison FP-25-0640")  # fmt: skip
    somebody(case, okafor, "Lena Ostrander", "victim")
    shown = page("detail", case.case_number)
    for words in ("Robbery at Marlow Market", "Lena Ostrander", "E-01", "Custody of", "FP-25-0640", "Case opened."):
        assert words in shown


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_opens(page, case, okafor, tab):
    exhibit(case, okafor)
    assert case.title in page("tab", case.case_number, tab)


@pytest.mark.parametrize("name", ["print", "timeline-print", "history", "edit", "evidence-add", "person-add", "merge",
                                  "status"])  # fmt: skip
def test_each_page_of_a_case_opens(page, case, okafor, name):
    exhibit(case, okafor)
    assert case.case_number in page(name, case.case_number)


def test_opening_a_case_is_on_the_record(page, case, okafor):
    page("detail", case.case_number)
    assert AuditEvent.objects.filter(action="case.view", case_number=case.case_number).count() == 1


def test_a_case_that_is_not_mine_looks_like_none_and_the_attempt_is_kept(client, case, aldana):
    sign_in(client, aldana)
    one = client.get(reverse("cases:detail", args=[case.case_number]))
    none = client.get(reverse("cases:detail", args=["26-999999"]))
    assert (one.status_code, none.status_code) == (404, 404)
    assert case.title not in one.content.decode()
    assert Decision.objects.filter(actor=aldana, outcome="denied", action="case.view").count() == 1


def test_a_sealed_case_tells_nothing_to_another_captain(client, case, marsh):
    from ecpd.accounts.roles import Role
    from tests.factories.people import make_user

    set_sealed(case=case, sealed=True, actor=marsh, reason="The victim is a minor.")
    sign_in(client, make_user(Role.CAPTAIN))
    for path in (case.get_absolute_url(), reverse("cases:print", args=[case.case_number]),
                 reverse("cases:history", args=[case.case_number])):  # fmt: skip
        assert client.get(path).status_code == 404
    listed = client.get(reverse("cases:list"), {"q": "Marlow"}).content.decode()
    assert case.title not in listed
    assert "Closest" not in listed


def test_evidence_is_added_by_upload(client, case, okafor):
    sign_in(client, okafor)
    told = client.post(reverse("cases:evidence-add", args=[case.case_number]), answers())
    made = Evidence.objects.get()
    assert told.url == made.get_absolute_url()
    assert made.file.media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("upload", "words"),
    [(b"", "The file is empty."), (b"x" * 2000, "is the most"), (None, "Add the file itself")],
)
def test_an_upload_that_cannot_be_kept_says_why(client, case, okafor, settings, upload, words):
    settings.EVIDENCE_MAX_BYTES = 1500
    sign_in(client, okafor)
    given = answers(upload=SimpleUploadedFile("a.jpg", upload)) if upload is not None else answers()
    if upload is None:
        given.pop("upload")
    told = client.post(reverse("cases:evidence-add", args=[case.case_number]), given)
    assert words in told.content.decode()
    assert not Evidence.objects.exists()


def test_the_picture_shown_has_no_metadata_and_the_original_keeps_it(client, page, case, okafor):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (34.0, 3.0, 8.0)}
    exif[0x010E] = "taken at home"
    original = picture(exif=exif.tobytes())
    made = exhibit(case, okafor, file=original)
    copy = client.get(reverse("cases:evidence-picture", args=[case.case_number, made.number])).content
    assert not Image.open(io.BytesIO(copy)).getexif()
    assert b"taken at home" not in copy
    kept = client.get(reverse("cases:evidence-original", args=[case.case_number, made.number]))
    assert b"".join(kept.streaming_content) == original
    assert kept["Content-Disposition"].startswith("attachment")
    assert kept["Content-Type"] == "application/octet-stream"
    assert AuditEvent.objects.filter(action="evidence.download").count() == 1


@pytest.mark.parametrize(("mode", "kind"), [("I;16", "PNG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("P", "GIF"),
                                            ("1", "TIFF"), ("L", "WEBP")])  # fmt: skip
def test_every_kind_of_picture_is_shown_as_a_plain_one(client, page, case, okafor, mode, kind):
    made = exhibit(case, okafor, file=picture(mode, kind))
    copy = client.get(reverse("cases:evidence-picture", args=[case.case_number, made.number])).content
    shown = Image.open(io.BytesIO(copy))
    assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (40, 30))


def test_a_truncated_picture_is_kept_and_replaced_by_a_grey_one_on_the_page(client, page, case, okafor):
    made = exhibit(case, okafor, file=picture()[:200])
    response = client.get(reverse("cases:evidence-picture", args=[case.case_number, made.number]))
    assert Image.open(io.BytesIO(response.content)).size == (320, 240)


def test_the_hash_is_checked_on_request_and_the_answer_shown(client, page, case, okafor):
    made = exhibit(case, okafor)
    assert "Not since it was added" in page("evidence-detail", case.case_number, made.number)
    client.post(reverse("cases:evidence-check", args=[case.case_number, made.number]))
    assert "Unchanged" in page("evidence-detail", case.case_number, made.number)


def test_a_merge_is_proposed_after_seeing_both_side_by_side(client, page, case, okafor):
    one, other = somebody(case, okafor, "Paul Trask"), somebody(case, okafor, "P. Trask", "suspect")
    shown = page("merge", case.case_number, keep=one.pk, duplicate=other.pk)
    assert "Side by side" in shown
    assert "Differs" in shown
    client.post(reverse("cases:merge", args=[case.case_number]),
                {"keep": one.pk, "duplicate": other.pk, "same": "same", "reason": "Same scar."})  # fmt: skip
    assert PersonMerge.objects.get().duplicate == other


def test_who_cannot_decide_on_a_merge_reads_why_instead_of_the_buttons(client, case, okafor, marsh):
    one, other = somebody(case, okafor, "Paul Trask"), somebody(case, okafor, "P. Trask", "suspect")
    propose_merge(keep=one, duplicate=other, actor=okafor, reason="Same scar.")
    seen = {}
    for user in (okafor, marsh):
        sign_in(client, user)
        seen[user] = client.get(reverse("cases:merge", args=[case.case_number])).content.decode()
    assert "You proposed this merge. A colleague who manages the case decides on it." in seen[okafor]
    assert [">Approve</button>" in seen[user] for user in (okafor, marsh)] == [False, True]


def test_the_history_names_the_old_value(page, case, okafor):
    edit_case(case=case, actor=okafor, title="Robbery at Marlow Market, 1140 Alder Street", location="Alder Street")
    shown = page("history", case.case_number)
    assert "Robbery at Marlow Market, 1140 Alder Street" in shown
    assert "Alder Street" in shown


def test_the_list_finds_by_number_title_place_person_and_exhibit(client, okafor):
    case = opened(okafor, title="Robbery at Marlow Market", location="Alder Street", summary="A till was emptied.")
    opened(okafor, title="Burglary at Cole Hardware")
    somebody(case, okafor, "Lena Ostrander")
    exhibit(case, okafor)
    sign_in(client, okafor)
    for words in (case.case_number, "marlow", "alder", "ostrander", "emptying tills"):
        found = client.get(reverse("cases:list"), {"q": words}).context["page"]
        assert [row.pk for row in found] == [case.pk], words
    told = client.get(reverse("cases:list"), {"q": f"{case.case_number} E-01"})
    assert told.url == case.evidence.get().get_absolute_url()


def test_a_misspelled_title_leads_to_the_closest_case(client, okafor):
    case = opened(okafor, title="Robbery at Marlow Market")
    sign_in(client, okafor)
    shown = client.get(reverse("cases:list"), {"q": "Marlov Markt"}).content.decode()
    assert "Closest" in shown
    assert case.case_number in shown


def test_filters_carry_counts_and_nonsense_is_left_aside(client, okafor, marsh):
    opened(okafor)
    opened(okafor, captain=marsh)
    sign_in(client, marsh)
    response = client.get(reverse("cases:list"))
    assert [(link.word, link.count) for link in response.context["mine"]] == [("All", 2), ("Mine", 1)]
    assert len(client.get(reverse("cases:list"), {"mine": "1"}).context["page"]) == 1
    assert len(client.get(reverse("cases:list"), {"status": "open", "against": "property"}).context["page"]) == 2
    assert client.get(reverse("cases:list"), {"status": "'; --", "page": "x", "sort": "y"}).status_code == 200


def test_the_csv_goes_through_the_door_and_holds_no_formula(client, okafor):
    opened(okafor, title='=HYPERLINK("http://evil")')
    sign_in(client, okafor)
    response = client.get(reverse("cases:list"), {"_export": "csv"})
    row = list(csv.reader(io.StringIO(response.content.decode())))[1]
    assert row[1].startswith("'=")
    assert AuditEvent.objects.filter(action="case.export").count() == 1


def test_a_person_is_entered_and_the_dashboard_shows_the_case(client, page, case, okafor):
    client.post(reverse("cases:person-add", args=[case.case_number]), {"role": "victim", "name": "Lena Ostrander"})
    assert Person.objects.get().name == "Lena Ostrander"
    assert case.case_number in client.get("/").content.decode()


@pytest.fixture
def many(okafor, marsh):
    """Three hundred cases, all the investigator's, with the newest event at the same moment."""
    made = CaseFactory.build_batch(300, opened_by=okafor, captain=marsh)
    for case in made:
        with transaction.atomic():
            allowed(okafor, "case.create", subject_type="cases.case")
            case.save()
    access.assign_perm("cases.view_case", okafor, Case.objects.filter(pk__in=[case.pk for case in made]))
    return made


def test_pages_of_the_list_never_overlap(client, okafor, many):
    sign_in(client, okafor)
    seen = [case.pk for number in range(1, 13)
            for case in client.get(reverse("cases:list"), {"page": number}).context["page"]]  # fmt: skip
    assert sorted(seen) == sorted(case.pk for case in many)


def questions(path: str, client, **query) -> list[str]:
    """What a page asks the database; the begin and end of a transaction ask nothing."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, query).status_code == 200
    return [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_the_list_costs_at_most_fifteen_queries(client, okafor, many):
    sign_in(client, okafor)
    found = questions(reverse("cases:list"), client, page=12, q="Pine")
    assert len(found) <= 15, "\n".join(found)


@pytest.mark.parametrize("tab", ["", *TABS, "searches", "leads"])
def test_a_full_case_costs_at_most_fifteen_queries(client, okafor, case, tab):
    for number in range(12):
        exhibit(case, okafor)
        somebody(case, okafor, f"Witness {number}")
    sign_in(client, okafor)
    path = reverse("cases:tab", args=[case.case_number, tab]) if tab else case.get_absolute_url()
    found = questions(path, client)
    assert len(found) <= 15, "\n".join(found)


def test_an_exhibit_costs_at_most_fifteen_queries(client, okafor, case):
    made = exhibit(case, okafor)
    sign_in(client, okafor)
    found = questions(made.get_absolute_url(), client)
    assert len(found) <= 15, "\n".join(found)


def test_the_page_that_seals_says_who_keeps_the_case(client, case, okafor, marsh):
    sign_in(client, marsh)
    page = client.get(reverse("cases:seal", args=[case.case_number])).content.decode()
    assert f"Afterward only {marsh.display_name}, {okafor.display_name} and the auditor see it." in page
    assert 'id="save"' in page and ">Save<" not in page


@pytest.mark.parametrize("text", ["-", "", "\u200b"])
def test_a_note_that_says_nothing_is_asked_for_again_on_the_page(client, okafor, case, text):
    sign_in(client, okafor)
    told = client.post(reverse("cases:note-add", args=[case.case_number]), {"text": text})
    assert told.status_code == 422
    assert list(told.context["note_form"].errors) == ["text"]
    assert told.context["tab"] == "overview"
    assert not case.notes.exists()


def test_what_only_the_service_says_of_a_note_stands_at_the_note(client, okafor, case, monkeypatch):
    def refused(**_):
        raise ValidationError("Not like this.")

    monkeypatch.setattr(cases, "add_note", refused)
    sign_in(client, okafor)
    told = client.post(reverse("cases:note-add", args=[case.case_number]), {"text": "Canvass done."})
    assert (told.status_code, told.context["note_form"].errors["text"]) == (422, ["Not like this."])
    assert "Canvass done." in told.content.decode()


@pytest.mark.parametrize("reason", ["-", ""])
def test_a_merge_is_undone_for_a_reason_asked_for_at_its_field(client, okafor, marsh, case, reason):
    keep, duplicate = somebody(case, okafor, "Paul Trask"), somebody(case, okafor, "P. Trask")
    merge = propose_merge(keep=keep, duplicate=duplicate, actor=okafor, reason="Same scar.")
    decide_merge(merge=merge, actor=marsh, approve=True)
    sign_in(client, okafor)
    page, sent = (
        reverse("cases:merge", args=[case.case_number]),
        reverse("cases:merge-decide", args=[case.case_number, merge.pk]),
    )
    told = decide(client, page, {"answer": "undo", "reason": reason}, to=sent)
    assert told.status_code == 422
    assert "A merge is undone by somebody, for a reason." in told.content.decode()
    assert f'value="{reason}" aria-invalid="true"' in told.content.decode()
    assert decide(client, page, {"answer": "undo", "reason": "Two scars."}, to=sent).status_code == 302
    merge.refresh_from_db()
    assert merge.state == PersonMerge.State.UNDONE
