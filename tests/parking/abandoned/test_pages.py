"""Pages of abandoned vehicles and tows: each step by its form, who may, what is recorded, what waits."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ecpd.web.dashboard import board_for
from parking.models import AbandonedVehicle, PlateQuery, TowOrder
from tests import signing_in
from tests.parking.abandoned.conftest import ORDER, PHOTO, ask, hours_pass, mark, notice, report
from tests.shown import decide

pytestmark = pytest.mark.django_db
TYPED = {"kind": "stored_72h", "source": "citizen", "vehicle": "green Ford pickup", "plate": "7xyz 321", "plate_state": "US-CA",
         "place": "Alder Street 1100 block"}  # fmt: skip


def at(name: str, *args) -> str:
    return reverse(f"parking:{name}", args=args)


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", PHOTO.content, content_type="image/jpeg")


def minute(at_time) -> str:
    return f"{timezone.localtime(at_time):%Y-%m-%dT%H:%M}"


@pytest.fixture
def as_(client):
    """The client signed in as somebody."""

    def sign_in(user):
        signing_in.sign_in(client, user)
        return client

    return sign_in


def test_every_step_has_its_form_from_report_to_release(as_, people, ordinance):
    client = as_(people.officer)
    client.post(at("abandoned-report"), TYPED)
    matter = AbandonedVehicle.objects.get()
    number = matter.number
    page = client.get(at("abandoned-mark", number)).content.decode()
    assert "22651(k)" in page and ordinance in page
    decide(client, at("abandoned-mark", number), {
        "kind": "stored_72h", "marks": "Front left valve at 2 o'clock.", "notice_text": "Move it within 72 hours.",
        "notice_where": "Windshield", "photos": picture()})  # fmt: skip
    hours_pass(73)
    decide(client, at("abandoned-look", number), {"there": "yes", "words": "As marked.", "photos": picture()})
    decide(client, at("tow-order", number), {**ORDER, "orderer_class": "employee"})
    order = TowOrder.objects.get()
    assert order.ordered_by == people.officer
    assert client.get(at("tow-paper", number)).content.startswith(b"%PDF-")
    hours_pass(1)
    decide(
        client, at("tow-removal", number), {"at": minute(timezone.now()), "condition": "Fine.", "inventory": "nothing"}
    )
    for who in ("registered", "legal"):
        decide(client, at("tow-notice", number), {"sent_to": who, "name": "Rosa Quill", "address": "12 Elm Street",
                    "dated": f"{timezone.localdate()}", "sent_at": minute(timezone.now())})  # fmt: skip
    decide(client, at("tow-ask", number), {"name": "Rosa Quill", "contact": "510-555-0199", "channel": "phone",
                                        "asked_at": minute(timezone.now())})  # fmt: skip
    examiner = as_(people.examiner)
    assert "Rosa Quill" in examiner.get(at("tow-hearing", number)).content.decode()
    decide(examiner, at("tow-hearing", number), {"held_at": minute(timezone.now()), "outcome": "invalid",
                                              "reason": "The ordinance was not posted on this block."})  # fmt: skip
    client = as_(people.officer)
    released = {"how": "released", "to": "Rosa Quill", "reason": "After the hearing."}
    refused = decide(client, at("tow-end", number), released)
    assert refused.status_code == 403 and "agency pays" in refused.content.decode()
    decide(client, at("tow-end", number), released | {"agency_pays": "on"})
    matter.refresh_from_db()
    assert (matter.state, matter.outcome) == ("closed", "released")
    page = client.get(matter.get_absolute_url()).content.decode()
    for words in ("Warning marked.", "Second look: still there.", "Removed.", "The tow was not valid", "Rosa Quill"):
        assert words in page
    assert client.get(at("abandoned-print", number)).status_code == 200


def test_a_refused_warning_says_what_is_missing_above_what_was_typed(as_, people, ordinance):
    matter = report(people)
    answer = decide(as_(people.officer), at("abandoned-mark", matter.number), {
        "kind": "abandoned", "grounds_abandoned": ["long_unmoved"], "marks": "Valve at 2.", "notice_text": "Move it.",
        "notice_where": "Windshield", "photos": picture()})  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "time alone never says" in page and "Valve at 2." in page


def test_a_warning_needs_a_photo_and_names_no_other_matters_law(as_, people, ordinance):
    matter = report(people)
    typed = {"kind": "hazard_hulk", "grounds_hulk": ["engine"], "marks": "Valve at 2.", "notice_where": "Windshield",
             "notice_text": "Removed under Vehicle Code 22651(k)."}  # fmt: skip
    page = decide(as_(people.officer), at("abandoned-mark", matter.number), typed).content.decode()
    assert "Add at least one photo." in page and "law of another matter" in page


def test_only_pictures_are_photos(as_, people, ordinance):
    matter = report(people)
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.7 x", content_type="application/pdf")
    answer = as_(people.officer).post(at("abandoned-report"), TYPED | {"photos": paper})
    assert answer.status_code == 422 and "no photo" in answer.content.decode()
    assert AbandonedVehicle.objects.get() == matter


def test_photos_are_shown_to_who_may_see_the_matter(as_, people, ordinance):
    matter = report(people)
    mark(people, matter)
    address = at("abandoned-photo", matter.number, matter.photos.get().pk)
    assert as_(people.officer).get(address).content == PHOTO.content
    assert as_(people.examiner).get(address).status_code == 403


def test_the_list_finds_filters_exports_and_every_look_is_recorded(as_, people):
    first, second = report(people), report(people, plate="6DEF456", place="Oak Street", kind="hazard_hulk")
    client = as_(people.manager)
    page = client.get(at("abandoned"), {"q": "6def 456"}).content.decode()
    assert second.number in page and first.number not in page
    page = client.get(at("abandoned"), {"kind": "stored_72h"}).content.decode()
    assert first.number in page and second.number not in page
    text = client.get(at("abandoned"), {"_export": "csv"}).content.decode()
    assert first.number in text and "Mark the warning" in text
    assert set(PlateQuery.objects.filter(user=people.manager).values_list("channel", flat=True)) == {"screen", "export"}
    assert as_(people.officer).get(at("abandoned"), {"_export": "csv"}).status_code == 403


def test_lists_and_matters_are_open_to_who_may_look_and_closed_to_others(as_, people):
    matter = report(people)
    for user, status in ((people.auditor, 200), (people.captain, 200), (people.examiner, 403)):
        assert as_(user).get(at("abandoned")).status_code == status
        assert as_(user).get(matter.get_absolute_url()).status_code == status
    assert as_(people.auditor).get(at("abandoned-mark", matter.number)).status_code == 403
    assert as_(people.officer).get(at("abandoned-vehicle", "V-26-9999")).status_code == 404
    for page in ("tow-removal", "tow-notice", "tow-end", "tow-ask", "tow-paper"):
        assert as_(people.officer).get(at(page, matter.number)).status_code == 404


def test_an_examiner_sees_a_matter_once_a_hearing_is_asked_for(as_, people, removed):
    notice(people, removed)
    assert as_(people.examiner).get(removed.vehicle.get_absolute_url()).status_code == 403
    ask(people, removed)
    assert as_(people.examiner).get(removed.vehicle.get_absolute_url()).status_code == 200
    items = board_for(people.examiner).your_turn
    assert any(removed.number in item.title and item.due for item in items)


def test_hearings_are_listed_until_they_are_held(as_, people, removed, django_assert_max_num_queries):
    notice(people, removed)
    listed = as_(people.examiner).get(at("tow-hearings"))
    assert "No hearing waits." in listed.content.decode()
    ask(people, removed)
    examiner = as_(people.examiner)
    with django_assert_max_num_queries(6):
        listed = examiner.get(at("tow-hearings")).content.decode()
    assert removed.number in listed and "Rosa Quill" in listed
    assert re.search(r'aria-current="[a-z]+"[^>]*>\s*To be held', listed), "What the list is narrowed to is marked."
    assert as_(people.officer).get(at("tow-hearings")).status_code == 403
    decide(as_(people.examiner), at("tow-hearing", removed.vehicle.number), {
        "held_at": minute(timezone.now()), "outcome": "invalid", "reason": "The car was parked as it may be."})  # fmt: skip
    assert removed.number not in as_(people.examiner).get(at("tow-hearings")).content.decode()
    held = as_(people.examiner).get(at("tow-hearings") + "?state=held").content.decode()
    assert removed.number in held and "The tow was not valid" in held


def test_a_hearing_whose_time_is_over_is_called_overdue(as_, people, removed):
    notice(people, removed)
    ask(people, removed)
    assert "Overdue" not in as_(people.examiner).get(at("tow-hearings")).content.decode()
    hours_pass(24 * 10)
    assert "Overdue" in as_(people.examiner).get(at("tow-hearings")).content.decode()


def test_second_looks_notices_and_hearings_wait_on_the_dashboard(people, ordinance):
    matter = report(people)
    mark(people, matter)
    hours_pass(73)
    item = next(item for item in board_for(people.officer).your_turn if matter.number in item.title)
    assert item.title == f"Look again at {matter.number}" and item.is_due


def test_due_notices_wait_on_the_dashboard(people, removed):
    titles = [item.title for item in board_for(people.manager).your_turn]
    assert f"Tell the owners about {removed.number}" in titles
    notice(people, removed)
    notice(people, removed, "legal")
    assert f"Tell the owners about {removed.number}" not in [item.title for item in board_for(people.manager).your_turn]


def test_many_matters_ask_the_database_no_more_often(as_, people, removed, django_assert_max_num_queries):
    notice(people, removed)
    ask(people, removed)
    for n in range(5):
        matter = report(people, plate=f"6XYZ00{n}")
        mark(people, matter)
    client = as_(people.manager)
    for address in (at("abandoned"), removed.vehicle.get_absolute_url()):
        with django_assert_max_num_queries(15):
            client.get(address)


def test_the_notices_paper_opens(as_, people, removed):
    sent = notice(people, removed, sent_at=timezone.now() - timedelta(minutes=2))
    answer = as_(people.manager).get(at("tow-notice-paper", removed.vehicle.number, sent.pk))
    assert answer.content.startswith(b"%PDF-") and answer.headers["Content-Type"] == "application/pdf"
