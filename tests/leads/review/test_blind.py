"""FR-08: who is asked for a blind examination and works on the case reads nowhere what the first examiner concluded."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.services.case import assign, end_assignment
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from leads.models import ExaminationRequest
from leads.selectors.lot import lot_of
from leads.selectors.review import second_examiners
from leads.services import exculpatory, review
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
TELLTALE = ("possible match", "another person possible", "Candidate", "candidate", "above the bar", "high enough")


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def other(people):
    """Another lead of the case, applied for: its register says what the first examiner concluded about the candidate."""
    return make.applied_for(people)


def another_on_the_list(people, before):
    """Somebody more similar, in a later search for the probe of a candidate."""
    search = make.requested(people)
    with transaction.atomic():
        found = make.listed(search, make.gallery_face(people), score=99.9, like=before.search)
    make.listed(search, before.face, rank=2)
    make.finish(search, like=before.search)
    return found


@pytest.fixture
def asked(people, other):
    """A candidate that one examiner has compared; the second, who works on the case, is asked."""
    found = another_on_the_list(people, other.lead.candidate)
    make.examined(found, people.okafor, 1)
    make.examined(found.search.candidates.get(rank=2), people.okafor, 1)
    exculpatory.enter_from_records(other.lead)
    make.opened_blind(make.drawn(found, people.aldana))
    make.put_on_the_case(people, people.aldana)
    return found


@pytest.fixture
def aldana(client, people):
    """Signed in as the second examiner."""
    sign_in(client, people.aldana)
    return client


def pages(people, other, asked) -> list[str]:
    """Where something of the case is written."""
    number = people.case.case_number
    return [
        people.case.get_absolute_url(),
        *(reverse("cases:tab", args=[number, tab]) for tab in ("searches", "leads", "timeline")),
        reverse("cases:print", args=[number]), reverse("cases:timeline-print", args=[number]), "/",
        reverse("leads:lead-list"), reverse("leads:application-list"), reverse("leads:search-list"),
    ]  # fmt: skip


def test_the_register_of_another_lead_says_it(other, asked):
    said = other.lead.exculpatory.values_list("what", flat=True)
    assert any(what.startswith("An examiner thought another person possible") for what in said)


def test_no_page_of_the_case_says_it(aldana, people, other, asked):
    for address in pages(people, other, asked):
        answer = aldana.get(address)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert [
            words for words in (*TELLTALE[:2], *TELLTALE[4:], other.number, other.lead.number) if words in text
        ] == []


def test_what_names_it_is_refused_with_the_reason(aldana, people, other, asked):
    packet = reverse("leads:application-packet", args=[other.number])
    for address in (other.get_absolute_url(), other.lead.get_absolute_url(), packet, asked.search.get_absolute_url()):
        answer = aldana.get(address)
        assert answer.status_code == 403
        assert "Record your examination first" in answer.content.decode()
    for address in (f"/api/leads/{other.lead.number}/", f"/api/applications/{other.number}/"):
        assert aldana.get(address).status_code == 403
    for address in ("/api/leads/", "/api/applications/", "/api/searches/"):
        assert aldana.get(address).json()["count"] == 0
    seen = Decision.objects.filter(actor=people.aldana, outcome="allowed").values_list("action", flat=True)
    assert set(seen) & {"search.view", "lead.view", "warrant.view", "warrant.packet"} == set()


def test_who_came_on_the_case_all_the_same_does_not_examine_it(people, asked):
    with pytest.raises(PolicyDenied, match="You are or were on this case, or on another of its matter, and know it"):
        review.record_examination(
            candidate=asked, actor=people.aldana, position=2, components=make.answers(), conclusion="possible_match",
            basis="Eyes, nose and mouth agree.", does_not_fit="Nothing.",
        )  # fmt: skip


def test_once_it_is_recorded_everything_is_there_again(aldana, people, other):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    make.examined(found, people.aldana, 2)
    make.put_on_the_case(people, people.aldana)
    assert aldana.get(other.lead.get_absolute_url()).status_code == 200
    assert other.lead.number in aldana.get(reverse("leads:lead-list")).content.decode()
    assert (
        "First examiner had concluded"
        in aldana.get(reverse("cases:timeline-print", args=[people.case.case_number])).content.decode()
    )


def test_nothing_says_who_asked(client, people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    asked = make.drawn(found, people.aldana)
    sign_in(client, people.aldana)
    question = client.get(asked.get_absolute_url()).content.decode()
    assert "Do you know anything about this case?" in question and "picture-1.jpg" not in question
    make.opened_blind(asked)
    for address in ("/", asked.get_absolute_url(), reverse("policy:decisions"), "/api/cases/", "/api/searches/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert [words for words in ("Okafor", people.okafor.username, found.search.number) if words in text] == []
    assert "Compare two faces as second examiner" in client.get("/").content.decode()


def test_who_is_asked_is_not_put_on_the_case_before_it_is_recorded(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    make.opened_blind(make.drawn(found, people.aldana))
    with pytest.raises(PolicyDenied, match="FR-08"):
        assign(case=people.case, user=people.aldana, actor=people.marsh)
    review.record_examination(
        candidate=found, actor=people.aldana, position=2, components=make.answers(), conclusion="exclude",
        basis="The ears differ.", does_not_fit="The ears.",
    )  # fmt: skip
    assign(case=people.case, user=people.aldana, actor=people.marsh)


@pytest.mark.parametrize("ended", [False, True])
def test_who_is_or_was_on_the_case_is_not_asked(people, ended):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    if ended:
        end_assignment(assignment=people.case.assignments.get(user=people.raman), actor=people.marsh)
    assert people.raman not in second_examiners(found)[0]
    assert people.raman.pk not in lot_of(found)
    with pytest.raises(IntegrityError, match="FR-08: Who is or was"), transaction.atomic():
        ExaminationRequest.objects.create(candidate=found, asked_by=people.okafor, examiner=people.raman, lot_size=1)
