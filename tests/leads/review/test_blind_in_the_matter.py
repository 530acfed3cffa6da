"""FR-08: who knows a case of the matter, or the face by another search of it, is not its blind second examiner."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.services import matter
from cases.services.case import assign, end_assignment, open_case, set_sealed
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from leads import after_upgrade
from leads.models import Candidate, Examination, ExaminationRequest, SearchRequest
from leads.selectors.lot import lot_of
from leads.selectors.review import NotBlind, second_examiners
from leads.services import review
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def quill(people):
    """A certified investigator who knows nothing yet."""
    return make.newcomer(people)


@pytest.fixture
def elsewhere(people) -> make.Agency:
    """Another case, of the same detective, that is one matter with the first."""
    case = open_case(actor=people.okafor, title="Another robbery", offense=people.case.offense, captain=people.marsh,
                     incident_number="26-014999")  # fmt: skip
    matter.link(case=people.case, other=case, actor=people.okafor, why="The same cap, the same night")
    return make.Agency(**{**people.__dict__, "case": case})


def again(people: make.Agency, before: Candidate) -> Candidate:
    """A later search, in this case, that lists the same face."""
    found = make.listed(made := make.requested(people), before.face)
    make.finish(made, like=before.search)
    return found


def why(found: Candidate, person) -> NotBlind | None:
    """Why this person is not offered for a candidate."""
    free, left_out = second_examiners(found)
    assert (person in free) is (person not in dict(left_out))
    return dict(left_out).get(person)


def is_not_asked(found: Candidate, people, person, words: str, sentence: str) -> None:
    """The lot is without this person, the page says why, and PostgreSQL as well."""
    assert person.pk not in lot_of(found)
    assert words in dict(second_examiners(found)[1])[person].words
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        make.allowed_on(people.okafor, "review.assign", found)
        ExaminationRequest.objects.create(candidate=found, asked_by=people.okafor, examiner=person, lot_size=1)


def second(found: Candidate, person) -> Examination:
    """The blind examination as the door takes it, once it is said that nothing is known."""
    for asked in found.examination_requests.filter(examiner=person, state="open", knew_nothing_at=None):
        make.opened_blind(asked)
    return review.record_examination(
        candidate=found, actor=person, position=2, components=make.answers(), conclusion="possible_match",
        basis="Eyes, nose and mouth agree.", does_not_fit="Nothing.",
    )  # fmt: skip


def cannot_conclude(found: Candidate, person, words: str, sentence: str) -> None:
    """Neither by the door nor around it."""
    with pytest.raises(PolicyDenied, match=words):
        second(found, person)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        make.allowed_on(person, "review.conclude", found)
        Examination.objects.create(
            candidate=found, examiner=person, position=2, components=make.answers(), conclusion="possible_match",
            basis="x", does_not_fit="y", certificate=person.certificates.first(),
        )  # fmt: skip


def test_who_examined_the_face_first_in_another_case_is_not_asked_here(people, elsewhere, quill):
    assign(case=elsewhere.case, user=quill, actor=people.marsh)
    before = make.candidate(elsewhere)
    make.examined(before, quill, 1)
    end_assignment(assignment=elsewhere.case.assignments.get(user=quill), actor=people.marsh)
    found = again(people, before)
    make.examined(found, people.okafor, 1)
    assert why(found, quill) is NotBlind.EXAMINED
    is_not_asked(found, people, quill, "examined this face under another search", "FR-08: Who examined this face")


def test_who_was_the_blind_second_is_not_asked_for_the_face_again(people, quill):
    before = make.candidate(people)
    make.examined(before, people.okafor, 1)
    make.examined(before, quill, 2)
    found = again(people, before)
    make.examined(found, people.okafor, 1)
    assert why(found, quill) is NotBlind.EXAMINED and why(found, people.aldana) is None
    is_not_asked(found, people, quill, "examined this face under another search", "FR-08: Who examined this face")


def test_who_was_on_another_case_of_the_matter_is_not_asked(people, elsewhere, quill):
    assign(case=elsewhere.case, user=quill, actor=people.marsh)
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    assert why(found, quill) is NotBlind.KNOWS
    is_not_asked(found, people, quill, "or on another of its matter", "FR-08: Who is or was on a case of the matter")
    link = people.case.links.get()
    matter.take_back(tie=link, actor=people.marsh, reason="Another cap, another night.")
    assert why(found, quill) is NotBlind.KNOWS, "what was one matter stays one: both cases held something"


def test_who_looked_at_what_another_case_of_the_matter_found_is_not_asked(people, elsewhere, quill):
    found, other = make.candidate(people), make.candidate(elsewhere)
    make.examined(found, people.okafor, 1)
    Decision.objects.create(actor=quill, action="search.view", outcome="allowed", verdicts=[], subject_id=str(other.search_id),
                            subject_type="leads.searchrequest", case_number=elsewhere.case.case_number,
                            manual_version=found.search.manual_version)  # fmt: skip
    assert why(found, quill) is NotBlind.LOOKED
    is_not_asked(
        found, people, quill, "has seen what a search of this matter found", "FR-08: Who opened a case of the matter"
    )


def test_who_is_asked_for_the_face_under_two_searches_answers_one(people, quill):
    before = make.candidate(people)
    make.examined(before, people.okafor, 1)
    asked = make.drawn(before, quill)
    found = again(people, before)
    make.examined(found, people.okafor, 1)
    assert why(found, quill) is NotBlind.SHOWN
    is_not_asked(found, people, quill, "was shown this face", "or was shown it, is not asked again")
    review.note_look(asked=asked, actor=quill, at="the page")
    with make.by_the_owner():
        ExaminationRequest.objects.filter(pk=asked.pk).update(state="withdrawn")
    assert why(found, quill) is NotBlind.SHOWN, "asked no more, but the pictures were opened"
    is_not_asked(found, people, quill, "was shown this face", "or was shown it, is not asked again")


def test_who_was_asked_and_never_opened_it_may_be_asked_elsewhere(people, quill):
    before = make.candidate(people)
    make.examined(before, people.okafor, 1)
    asked = make.drawn(before, quill)
    with make.by_the_owner():
        ExaminationRequest.objects.filter(pk=asked.pk).update(state="withdrawn")
    found = again(people, before)
    make.examined(found, people.okafor, 1)
    assert why(found, quill) is None
    make.drawn(found, quill)
    assert second(found, quill).position == 2


@pytest.fixture
def asked(people, quill) -> Candidate:
    """A candidate for which a second examiner is asked."""
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    make.drawn(found, quill)
    return found


def test_who_is_asked_and_comes_into_the_matter_by_a_link_does_not_conclude(people, quill, asked):
    own = open_case(actor=quill, title="Another robbery", offense=people.case.offense, captain=people.marsh)
    matter.link(case=people.case, other=own, actor=people.marsh, why="The same cap, the same night")
    cannot_conclude(asked, quill, "You are or were on this case, or on another", "FR-08: Who is or was on a case of")
    told = after_upgrade.second_examinations()
    assert f"{asked.search.number} candidate 1" in told.sentence


def test_who_is_asked_is_put_on_no_case_of_the_matter(people, elsewhere, quill, asked):
    with pytest.raises(PolicyDenied, match="put on no case of it"):
        assign(case=elsewhere.case, user=quill, actor=people.marsh)
    second(asked, quill)
    assign(case=elsewhere.case, user=quill, actor=people.marsh)


def test_who_is_asked_opens_no_search_of_the_matter(client, people, elsewhere, quill, asked):
    other: SearchRequest = make.candidate(elsewhere).search
    make.put_on_the_case(elsewhere, quill)
    sign_in(client, quill)
    refused = client.get(other.get_absolute_url())
    assert refused.status_code == 403 and "Record your examination first" in refused.content.decode()
    assert other.number not in client.get(reverse("leads:search-list")).content.decode()
    with make.by_the_owner():
        asked.examination_requests.update(state="withdrawn")
    assert client.get(other.get_absolute_url()).status_code == 200


def test_the_page_says_who_is_not_offered_and_why(client, people, elsewhere, quill):
    assign(case=elsewhere.case, user=quill, actor=people.marsh)
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    sign_in(client, people.okafor)
    page = client.get(found.get_absolute_url()).content.decode()
    assert f"{quill.short_name} is or was on this case, or on another of its matter, and knows it." in page
    assert f"{people.aldana.short_name} is or was" not in page and "1 certified person may be drawn." in page


def test_who_works_on_a_sealed_case_is_not_told_to_who_may_not_see_it(client, people):
    """The list of who is not offered, and the refusal, say no more than that she cannot be drawn (AC-04)."""
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    sealed = open_case(actor=people.aldana, title="Another robbery", offense=people.case.offense, captain=people.marsh,
                       incident_number="26-014999")  # fmt: skip
    matter.link(case=sealed, other=people.case, actor=people.marsh, why="The same cap, the same night")
    assert dict(second_examiners(found, people.okafor)[1])[people.aldana] is not NotBlind.UNTOLD
    set_sealed(case=sealed, sealed=True, actor=people.marsh, reason="A witness is at risk.")
    told = dict(second_examiners(found, people.okafor)[1])
    assert {people.okafor, people.raman, people.aldana} <= set(told) and set(told.values()) == {NotBlind.UNTOLD}
    assert dict(second_examiners(found, people.marsh)[1])[people.aldana] is not NotBlind.UNTOLD
    is_not_asked(found, people, people.aldana, "is or was on this case", "FR-08")
    sign_in(client, people.okafor)
    said = client.get(found.get_absolute_url()).content.decode()
    assert "Det. Aldana cannot be drawn." in said
    assert [line for line in said.splitlines() if "Aldana" in line and "cannot be drawn" not in line] == []
