"""FR-08: the last conclusion sends every candidate at or above the bar on; who looks second is drawn by lot."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from leads.models import Candidate, Examination, ExaminationRequest, Lead
from leads.packet.lots import how_they_were_drawn
from leads.selectors.lot import lot_of
from leads.selectors.review import second_examiners
from leads.selectors.warrant import searches_to_disclose
from leads.services import lead as leads
from leads.services import lot, review
from tests.clock import moved_to
from tests.factories import leads as make
from tests.factories.people import suspend
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> make.Agency:
    """An agency with a case: one investigator knows nothing of it."""
    return make.agency()


@pytest.fixture
def two(people) -> list[Candidate]:
    """A list with two candidates above the bar: the second was found by an earlier search that nobody has compared."""
    before = make.candidate(people)
    search = make.requested(people)
    with transaction.atomic():
        best = make.listed(search, make.gallery_face(people), score=99.9, like=before.search)
    listed = [best, make.listed(search, before.face, rank=2)]
    make.finish(search, like=before.search)
    return listed


def first(found: Candidate, people: make.Agency, conclusion: str = "possible_match") -> Examination:
    """What the first examiner records, with all that follows from it."""
    return review.record_examination(
        candidate=found, actor=people.okafor, position=1, components=make.answers(), conclusion=conclusion,
        basis="Eyes, nose and mouth agree.", does_not_fit="Nothing.",
    )  # fmt: skip


def second(found: Candidate, person) -> Examination:
    """What the one who was drawn records."""
    return make.concluded(found, person, 2)


@pytest.mark.parametrize("conclusion", ["possible_match", "inconclusive", "exclude"])
def test_whatever_is_concluded_somebody_is_drawn(people, conclusion):
    found = make.candidate(people)
    first(found, people, conclusion)
    asked = found.examination_requests.get()
    assert (asked.examiner, asked.lot_size, asked.asked_by, asked.state) == (people.aldana, 1, people.okafor, "open")


def test_nobody_is_drawn_before_the_last_listed_one_is_compared_whatever_it_scored(people):
    search, listed = make.requested(people), []
    for rank, score in enumerate((99.9, 99.0, 60), start=1):
        with transaction.atomic():
            listed.append(make.listed(search, make.gallery_face(people), score=score, rank=rank, more=3 - rank))
    make.finish(search)
    for found in listed[:2]:
        first(found, people)
    assert not ExaminationRequest.objects.exists()
    with pytest.raises(IntegrityError, match="once the first is recorded of every listed"), transaction.atomic():
        make.allowed_on(people.okafor, "review.assign", listed[0])
        ExaminationRequest.objects.create(
            candidate=listed[0], asked_by=people.okafor, examiner=people.aldana, lot_size=1
        )
    first(listed[2], people, "exclude")
    drawn = Counter(ExaminationRequest.objects.values_list("candidate", flat=True))
    assert drawn == {listed[0].pk: 1, listed[1].pk: 1}, "and nobody for the one under the bar"


def test_no_lead_comes_of_a_list_that_is_not_compared(people, two):
    make.examined(two[0], people.okafor, 1)
    with pytest.raises(PolicyDenied, match="Not compared yet: candidate 2"):
        leads.promote(candidate=two[0], actor=people.okafor)


def test_no_lead_comes_of_a_list_of_which_one_was_not_sent(people, two):
    for found in two[:2]:
        make.examined(found, people.okafor, 1)
    make.examined(two[0], people.aldana, 2)
    assert lot_of(two[1])
    with pytest.raises(PolicyDenied, match="No second examiner is drawn for candidate 2"):
        leads.promote(candidate=two[0], actor=people.okafor)
    with pytest.raises(IntegrityError, match="Every listed candidate is compared"), transaction.atomic():
        make.allowed_on(people.okafor, "lead.promote", two[0])
        Lead.objects.create(candidate=two[0], case=people.case, created_by=people.okafor, number="L-26-0900", year=2026,
                            serial=900, person=people.case.people.create(
                                role="lead", name="Possibly X", unidentified=True, added_by=people.okafor))  # fmt: skip
    make.drawn(two[1], people.aldana)
    assert leads.promote(candidate=two[0], actor=people.okafor).state == "open"


def test_the_lot_is_the_same_to_page_and_database(people):
    for _ in range(3):
        make.newcomer(people)
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    assert sorted(person.pk for person in second_examiners(found)[0]) == lot_of(found) and len(lot_of(found)) == 4


def test_each_of_the_lot_is_drawn_as_often_as_another():
    fell = Counter(lot.pick([1, 2, 3, 4]) for _ in range(4000))
    # Of 4,000 draws among four, 1,000 each; 200 away are more than seven standard deviations.
    assert fell.keys() == {1, 2, 3, 4} and all(abs(often - 1000) < 200 for often in fell.values())


def test_the_size_of_the_lot_is_as_the_database_counts_it(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    for size in (None, 0, 2, 5):
        with pytest.raises(IntegrityError, match="the row says how many they were"), transaction.atomic():
            make.allowed_on(people.okafor, "review.assign", found)
            ExaminationRequest.objects.create(candidate=found, asked_by=people.okafor, examiner=people.aldana,
                                              lot_size=size)  # fmt: skip


def test_nobody_examines_before_saying_that_nothing_is_known(people):
    found = make.candidate(people)
    first(found, people)
    with pytest.raises(PolicyDenied, match="You have not said whether you know the case"):
        second(found, people.aldana)
    with pytest.raises(IntegrityError, match="Who is drawn says first"), transaction.atomic():
        make.allowed_on(people.aldana, "review.conclude", found)
        Examination.objects.create(
            candidate=found, examiner=people.aldana, position=2, components=make.answers(), conclusion="exclude",
            basis="The ears differ.", does_not_fit="The ears.", certificate=people.aldana.certificates.first(),
        )  # fmt: skip
    make.opened_blind(found.examination_requests.get())
    assert second(found, people.aldana).position == 2


def test_who_knows_something_is_replaced_by_lot_and_never_drawn_again_in_the_matter(people, two):
    quill = make.newcomer(people)
    with make.the_lot_falls_on(quill):
        for found in two[:2]:
            first(found, people)
    asked = two[0].examination_requests.get()
    review.save_draft(candidate=two[0], examiner=quill, data={"basis": "I think I know him."})
    lot.say_something_is_known(asked=asked, actor=quill)
    for found in two[:2]:
        before, now = found.examination_requests.order_by("pk")
        assert (before.state, before.replaced_because, before.examiner) == ("withdrawn", "knows", quill)
        assert (now.state, now.lot_size, now.examiner, now.asked_by) == ("open", 1, people.aldana, people.okafor)
    asked.refresh_from_db()
    assert asked.draft == {"basis": "I think I know him."}
    again = make.candidate(people)
    make.examined(again, people.okafor, 1)
    assert quill.pk not in lot_of(again)
    assert "knows something of this matter" in dict(second_examiners(again)[1])[quill].words


def test_nobody_is_replaced_without_a_reason_that_holds(people):
    quill, found = make.newcomer(people), make.candidate(people)
    make.examined(found, people.okafor, 1)
    asked = make.drawn(found, quill)
    with pytest.raises(PolicyDenied, match="is drawn"):
        lot.draw_second_examiner(candidate=found, actor=people.okafor)
    for because in ("", "late", "unfit"):
        with pytest.raises(IntegrityError, match="only for a reason that holds"), transaction.atomic():
            make.allowed_on(people.okafor, "review.assign", found)
            ExaminationRequest.objects.filter(pk=asked.pk).update(state="withdrawn", replaced_because=because)


def test_whose_certificate_ended_is_replaced_by_the_sweep(people):
    quill, found = make.newcomer(people), make.candidate(people)
    make.examined(found, people.okafor, 1)
    asked = make.drawn(found, quill)
    assert lot.replace_who_cannot_examine() == 0
    suspend(quill, people.administrator)
    assert lot.replace_who_cannot_examine() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.replaced_because) == ("withdrawn", "unfit")
    assert found.examination_requests.get(state="open").examiner == people.aldana


def test_who_is_late_is_replaced_where_there_is_somebody_else(people):
    quill, found = make.newcomer(people), make.candidate(people)
    make.examined(found, people.okafor, 1)
    asked = make.drawn(found, quill)
    with moved_to(timezone.now() + timedelta(hours=25)):
        lot.replace_who_cannot_examine()
        asked.refresh_from_db()
        assert (asked.state, asked.replaced_because) == ("withdrawn", "late")
        assert found.examination_requests.get(state="open").examiner == people.aldana
    with moved_to(timezone.now() + timedelta(hours=60)):
        lot.replace_who_cannot_examine()
        assert found.examination_requests.get(state="open").examiner == people.aldana, "nobody else is left"


def test_where_nobody_is_left_the_page_says_so(client, people):
    make.put_on_the_case(people, people.aldana)
    found = make.candidate(people)
    first(found, people)
    assert not found.examination_requests.exists()
    sign_in(client, people.okafor)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Nobody is left who may be drawn." in page and "Who is not in the lot, and why" in page
    assert people.case.timeline.filter(headline__startswith="Nobody could be drawn").exists()
    make.newcomer(people)
    client.post(reverse("leads:draw-second", args=[found.search.number, found.rank]))
    assert found.examination_requests.get().lot_size == 1


def test_a_small_lot_is_told_and_goes_on(client, people):
    found = make.candidate(people)
    first(found, people)
    sign_in(client, people.okafor)
    assert "The manual asks for a lot of 3" in client.get(found.get_absolute_url()).content.decode()


def test_the_first_page_is_the_question_and_yes_brings_another(client, people):
    quill, found = make.newcomer(people), make.candidate(people)
    make.examined(found, people.okafor, 1)
    asked = make.drawn(found, quill)
    sign_in(client, quill)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert "Do you know anything about this case?" in page and "c_eyes" not in page
    for picture in ("examination-probe", "examination-candidate"):
        assert client.get(reverse(f"leads:{picture}", args=[asked.pk])).status_code == 404
    answer = reverse("leads:examination-answer", args=[asked.pk])
    assert client.post(answer).status_code == 422
    assert client.post(answer, {"knows": "no"}).status_code == 302
    assert "c_eyes" in client.get(asked.get_absolute_url()).content.decode()
    assert client.post(answer, {"knows": "yes"}).status_code == 302
    assert found.examination_requests.get(state="open").examiner == people.aldana
    assert client.get(asked.get_absolute_url()).status_code == 404


def test_the_packet_tells_lot_replacements_reasons_and_drafts(people):
    quill, found = make.newcomer(people), make.candidate(people)
    make.examined(found, people.okafor, 1)
    asked = make.drawn(found, quill)
    review.save_draft(candidate=found, examiner=quill, data={"c_ears": "different", "n_ears": "Attached lobes"})
    make.opened_blind(make.replaced(asked, people.aldana))
    second(found, people.aldana)
    (before, now) = how_they_were_drawn(searches_to_disclose(people.case)).rows
    assert before[2] == "By lot, out of 2" and now[2:] == ["By lot, out of 1", "Answered"]
    assert "knows something of the case. Filled in until then: Ears: different Attached lobes" in before[3]


def test_a_request_of_before_is_answered_as_ever(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    with make.by_the_owner():
        ExaminationRequest.objects.create(candidate=found, asked_by=people.okafor, examiner=people.aldana)
    assert second(found, people.aldana).position == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, lot_size FROM leads_examinationrequest")
        assert cursor.fetchall() == [("done", None)]
