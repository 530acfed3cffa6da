"""FR-14, item by item: what a court must be told of a search stands in the packet, in words, on paper that holds it."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from cases.services.case import open_case
from cases.services.evidence import add_evidence
from ecpd.accounts.models import TrainingCertificate
from leads.admin import OfASearchAdmin
from leads.models import Candidate, GallerySource, Lead, OptOut, SearchRequest
from leads.models.lead import LEAD_ONLY
from leads.packet.content import DECISIONS, PacketNow
from leads.packet.exhibits import FAMILIES
from leads.packet.lots import LOTS
from leads.packet.people import PEOPLE
from leads.packet.rates import RATES
from leads.packet.searches import QUALITY, SEARCHES
from leads.packet.software import SOFTWARE
from leads.recognition.pack import verify
from leads.recognition.software import release, software
from leads.recognition.wilson import wilson
from leads.selectors.history import searches_of_the_probe
from leads.services import exculpatory, lead, warrant
from tests.factories import leads as make
from tests.leads.search.test_asked_again import amended
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
CLIP = "c" * 64
EDIT = "Brightness +20 with GIMP 2.10, curves tool"


def edited(people, of, what: str, shade: int):
    """An edit of a picture, as an exhibit of its own."""
    return add_evidence(
        case=people.case, actor=people.okafor, kind="still", title="Edited still", origin_kind="business_camera",
        origin="Made of the one before", obtained_at=timezone.now(), file=make.picture(shade), file_name="e.png",
        derived_from=of, derivation=what,
    )  # fmt: skip


@pytest.fixture
def people(db) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def still(people):
    """A still from a recording."""
    return add_evidence(
        case=people.case, actor=people.okafor, kind="still", title="Register camera", origin_kind="business_camera",
        origin="Store owner, by consent", obtained_at=timezone.now(), file=make.picture(7), file_name="s.png",
        clip_time_code="00:03:12", clip_frame=4807, clip_sha256=CLIP,
    )  # fmt: skip


@pytest.fixture
def application(people, still):
    """A lead to a face that was searched for with an edit of an edit of a still, under a bar that was lowered since."""
    face = {"ordinal": 0, "letter": "A", "box": make.place(1), "landmarks": [], "score": 1.0}
    crop = edited(people, edited(people, still, EDIT, 8), "Cropped to the head", 9)
    make.requested(people, probe=crop, face=face, quality_passed=False, justification="The only picture there is",
                            quality=make.quality(sharpness=0.05) | {"passed": False})  # fmt: skip
    search = make.requested(people, probe=crop, face=face)
    found = make.candidate(people, search=search, score=99.0)
    make.examined(found, people.okafor, 1)
    asked, quill = make.drawn(found, people.aldana), make.newcomer(people)
    make.opened_blind(make.replaced(asked, quill))
    make.concluded(found, quill, 2)
    amended(match_score_min=96)
    made = lead.promote(candidate=found, actor=people.okafor)
    make.verified(people, make.linked(people, made))
    for entry in made.exculpatory.all():
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    made = lead.mark_for_warrant(lead=made, actor=people.okafor)
    return warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="A lift.", does_not_fit="None")


def test_a_court_is_told_each_item(client, people, application, still):
    """One packet, read item by item; then the same as a page and as PDF."""
    sections = {one.heading: one for one in PacketNow(application).sections}
    # the bar at the search and when it was made a lead (B5), and both ends of the score (B6)
    used = " ".join(sections["Facial recognition was used"].paragraphs)
    assert "95 at the search and 96 when it was made a lead" in used and "at the milder end of the fits" in used
    # error rates with intervals, nothing below what the data can show (C7)
    rates = {row[0].partition(",")[0]: row[1:] for row in sections[RATES].rows}
    assert rates["The right person first"] == ["199 of 200", "99.5%", "97.2% to 99.9%"]
    assert any("(FNIR)" in row[0] and row[1] == "11 of 200" for row in sections[RATES].rows)
    assert any(row[0].startswith("False alarms seen") and row[1:] == ["6 of 100", "6.0%", "2.8% to 12.5%"]
               for row in sections[RATES].rows)  # fmt: skip
    assert "1 in 100,000 pairs" in sections[RATES].paragraphs[1]
    assert not [row for row in sections[RATES].rows if "100,000" in row[0]]
    # the card by its hash; what no search of that day kept is said to be missing, never made up
    card = application.lead.candidate.search.model_card
    assert [row[2] for row in sections[SOFTWARE].rows] == [card.sha256]
    assert sections[SOFTWARE].paragraphs[1].startswith("Not recorded with ")
    # the edits through all generations, the still's frame, time and recording (B3, B4)
    pictures = sections[FAMILIES].rows
    assert [row[2] for row in pictures if row[1] == still.label] == [f"{EDIT}. A still from a recording: frame not recorded, "
        "time not recorded, the recording’s SHA-256 not recorded"]  # fmt: skip
    assert any(
        CLIP in row[2] and "frame 4807, time 00:03:12" in row[2] and row[4] == still.file.sha256 for row in pictures
    )
    assert any(row[2].startswith("Cropped to the head") and "It was searched with." in row[0] for row in pictures)
    # every search with purpose, facts, justification, tries and quality
    rows = sections[SEARCHES].rows
    assert len(rows) == 2 and "The only picture there is" in rows[0][4] and make.FACTS in rows[0][4]
    assert [row[5] for row in rows] == ["1 of 2", "2 of 2"]  # as many as the database says are of one probe
    assert len(searches_of_the_probe(application.lead.candidate.search)) == 2
    assert any("sharpness 0.05" in row[1] and "Did not pass" in row[2] for row in sections[QUALITY].rows)
    # who searched and examined, with certificates; who was replaced
    said = str(sections[PEOPLE])
    certificate = TrainingCertificate.objects.get(holder=people.okafor)
    assert certificate.course in said
    assert any(
        row[1].startswith(people.aldana.display_name) and row[3].startswith("Replaced: ") for row in sections[LOTS].rows
    )
    # decisions in words, with what stood in the way
    decisions = sections[DECISIONS].rows
    assert not [row for row in decisions if "." in row[3].split(":")[0]]
    # every moment with its zone
    words = [cell for one in sections.values() for part in (one.paragraphs, *one.rows) for cell in part]
    assert re.search(r"\d:\d\d [ap]m P[SD]T", str(words)) and not re.search(r"\d:\d\d [ap]m(?! P[SD]T)", str(words))
    # the page and the PDF say the same; the page address of a photo is printed, or that none was kept
    sign_in(client, people.marsh)
    page = client.get(reverse("leads:application-packet", args=[application.number])).content.decode()
    for one in (RATES, FAMILIES, SOFTWARE, PEOPLE, "No page address was kept"):
        assert one in page
    pdf = client.get(reverse("leads:application-packet-file", args=[application.number]))
    assert b"".join(pdf.streaming_content if pdf.streaming else [pdf.content]).startswith(b"%PDF-")


def test_a_search_keeps_what_it_ran_with(settings):
    """Versions and hashes, each of which an outsider can make anew from the release, the wheels and the model's files."""
    ran = software(verify(settings.MODEL_DIR))
    assert ran["ECPD"]["version"] == release()
    assert {"ECPD", "insightface", "onnxruntime", "model: recognition", "model: detection"} <= set(ran)
    assert all(len(one["sha256"]) == 64 and one["version"] for one in ran.values())
    assert len({one["sha256"] for one in ran.values()}) == len(ran)


def test_each_row_that_leaves_says_what_a_lead_is(client, people, application):
    """FR-09 on CSV and prints: of all that comes of a search, whoever exports it."""
    gallery = {GallerySource, OptOut}
    ours = {model: one for model, one in admin.site._registry.items() if model._meta.app_label == "leads"}
    assert len(ours) > 10
    assert {m for m, one in ours.items() if not isinstance(one, OfASearchAdmin)} == gallery
    sign_in(client, people.auditor)
    for model in (SearchRequest, Candidate, Lead):
        rows = client.get(reverse(f"admin:leads_{model._meta.model_name}_export")).content.decode().splitlines()
        assert rows[0].endswith(",notice") and len(rows) > 1 and rows[1].endswith(f",{LEAD_ONLY}")
    found = client.get(reverse("leads:search-list"), {"_export": "csv"}).content.decode().splitlines()
    assert found[1].endswith(f",{LEAD_ONLY}")
    sign_in(client, people.okafor)
    bare = open_case(actor=people.okafor, title="No search", offense=people.case.offense, captain=people.marsh)
    for name in ("cases:print", "cases:timeline-print"):
        assert "Not probable" in client.get(reverse(name, args=[people.case.case_number])).content.decode()
        assert "Not probable" not in client.get(reverse(name, args=[bare.case_number])).content.decode()


@pytest.mark.parametrize(("hits", "tries", "low", "high"), [(199, 200, 0.9722, 0.9991), (6, 100, 0.0278, 0.1248),
                                                            (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)])  # fmt: skip
def test_wilson_s_interval(hits, tries, low, high):
    assert wilson(hits, tries) == pytest.approx((low, high), abs=1e-4)
