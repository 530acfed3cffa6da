"""FR-08: a tie that is entered after the blind examination says as much of the second examiner as one entered before."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.models import Case
from cases.services import matter
from cases.services.case import assign, open_case, set_sealed
from ecpd.policy.errors import PolicyDenied
from leads.models import Candidate, Lead
from leads.models.knew_v2 import KNEW_THE_MATTER
from leads.models.not_blind import examined_it, had_to_do, knows, looked, requested, was_shown_it
from leads.packet.content import NOT_BLIND, sections_of
from leads.selectors.history import knew_the_matter
from leads.services import exculpatory, review, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.warrant.test_near_copies import exhibit as picture
from tests.leads.warrant.test_near_copies import scene
from tests.story import copy_of

pytestmark = pytest.mark.django_db
KNEW = "knew another case of this matter, or this face"


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def hers(people) -> Case:
    """A case of the examiner's own, which nothing ties to the first yet."""
    return open_case(actor=people.aldana, title="An hour later", offense=people.case.offense, captain=people.marsh,
                     incident_number="26-014999")  # fmt: skip


def tie(people: make.Agency, other: Case) -> None:
    matter.enter_number(
        case=people.case, actor=people.okafor, number=other.incident_numbers.get().number, system="records"
    )


def examined_twice(people: make.Agency, found: Candidate, second) -> Candidate:
    make.examined(found, people.okafor, 1)
    make.examined(found, second, 2)
    return found


def answered(people: make.Agency, lead: Lead) -> None:
    for entry in lead.exculpatory.filter(answers__isnull=True):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text=f"It is explained: {entry.pk}.")


def refused(act, **facts) -> None:
    with pytest.raises(PolicyDenied, match=KNEW) as denied:
        act(**facts)
    assert "FR-08" in [one.rule_id for one in denied.value.blocking]


def refused_by_the_database(people: make.Agency, act, action: str, subject) -> None:
    with pytest.raises(IntegrityError, match="FR-08: The second examiner knew"), transaction.atomic():
        make.allowed_on(people.okafor, action, subject)
        act()


def test_nothing_goes_further_on_an_examination_that_was_not_blind(people, hers):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    assert not knew_the_matter([lead.candidate_id])
    tie(people, hers)
    second = lead.candidate.examinations.get(position=2)
    assert list(knew_the_matter([lead.candidate_id])) == [second]
    told = lead.exculpatory.get(origin=f"blind {second.pk}")
    assert people.aldana.display_name in told.what and "does not count as blind" in told.what
    answered(people, lead)
    refused(leads.mark_for_warrant, lead=lead, actor=people.okafor)
    marked = {"state": "marked", "marked_by": people.okafor, "marked_at": timezone.now()}
    refused_by_the_database(
        people, lambda: Lead.objects.filter(pk=lead.pk).update(**marked), "lead.mark_for_warrant", lead
    )


def test_a_waiting_application_is_not_approved_and_says_it(people, hers):
    application = make.applied_for(people)
    tie(people, hers)
    lead = Lead.objects.get(pk=application.lead_id)
    answered(people, lead)
    make.opened(application, people.marsh)
    decide = {"application": application, "actor": people.marsh, "read_packet": True,
              "reasons": "The lift from the drawer stands by itself."}  # fmt: skip
    refused(warrant.decide, approve=True, **decide)
    own = next(part for part in sections_of(application) if part.heading == "The two examinations")
    assert [NOT_BLIND in words for words in own.paragraphs] == [False, True]
    warrant.decide(approve=False, **decide)


def test_no_lead_is_made_and_another_examination_is_asked_for(people, hers):
    before = examined_twice(people, make.candidate(people), people.aldana)
    tie(people, hers)
    refused(leads.promote, candidate=before, actor=people.okafor)
    found = make.listed(made := make.requested(people), before.face)
    make.finish(made, like=before.search)
    lead = leads.promote(candidate=examined_twice(people, found, make.newcomer(people)), actor=people.okafor)
    make.verified(people, make.linked(people, lead))
    assert lead.exculpatory.filter(origin=f"blind {before.examinations.get(position=2).pk}").count() == 1
    answered(people, lead)
    assert leads.mark_for_warrant(lead=lead, actor=people.okafor).state == "marked"


def test_who_learned_of_it_later_was_blind(people):
    other = open_case(actor=people.raman, title="An hour later", offense=people.case.offense, captain=people.marsh,
                      incident_number="26-014999")  # fmt: skip
    lead = make.made_lead(people)
    assign(case=other, user=people.aldana, actor=people.marsh)
    tie(people, other)
    assert not knew_the_matter([lead.candidate_id])
    assert not lead.exculpatory.filter(origin__startswith="blind").exists()


# Who was shown the face elsewhere was not blind either, and a sealed case's people are not named.


@pytest.mark.parametrize("how", ["opened and replaced", "opened and left open", "left open", "replaced unopened"])
def test_who_was_asked_for_the_face_in_another_case_and_opened_it_was_not_blind(people, how):
    """The cases are tied afterward."""
    there = open_case(actor=people.raman, title="An hour later", offense=people.case.offense, captain=people.marsh,
                      incident_number="26-014999")  # fmt: skip
    elsewhere = make.Agency(**{**people.__dict__, "case": there, "okafor": people.raman})
    other = make.candidate(elsewhere, search=make.requested(elsewhere, probe=picture(elsewhere, scene(), "still")))
    make.examined(other, people.raman, 1)
    shown = make.newcomer(people)
    asked = make.drawn(other, shown)
    if how.startswith("opened"):
        review.note_look(asked=asked, actor=shown, at="page")
    if "replaced" in how:
        with make.by_the_owner():
            other.examination_requests.filter(pk=asked.pk).update(state="withdrawn")
    mine = make.requested(people, probe=picture(people, scene(name="coffee.png"), "still"))
    with transaction.atomic():  # a template comes with its photo
        found = make.listed(mine, make.gallery_face(people, other.face.photo.subject))
    make.finish(mine)
    lead = leads.promote(candidate=examined_twice(people, found, shown), actor=people.okafor)
    tie(people, there)
    assert [one.examiner for one in knew_the_matter([found.pk])] == ([] if how == "replaced unopened" else [shown])
    if how != "replaced unopened":
        refused(leads.mark_for_warrant, lead=lead, actor=people.okafor)


def test_of_a_sealed_case_nobody_learns_who_works_on_it(people, hers):
    lead = make.made_lead(people)
    set_sealed(case=hers, actor=people.marsh, sealed=True, reason="It concerns a colleague.")
    tie(people, hers)
    second = lead.candidate.examinations.get(position=2)
    said = [lead.exculpatory.get(origin=f"blind {second.pk}").what]
    with pytest.raises(PolicyDenied, match="does not count as blind") as denied:
        leads.mark_for_warrant(lead=lead, actor=people.okafor)
    said += [one.sentence for one in denied.value.blocking if one.rule_id == "FR-08"]
    assert all(people.aldana.last_name not in words and "knew" not in words for words in said), said
    assert all("A sealed case" in words for words in said)


def test_whatever_bars_somebody_from_being_asked_is_asked_again_of_who_recorded():
    """The tables by which a guard knows who is not blind, and those by which it is known afterward."""
    before = " ".join(
        (requested("P"), knows("P"), looked("P"), had_to_do("P"), examined_it("P", "C"), was_shown_it("P", "C"))
    )
    tables = set(re.findall(r"(?:FROM|JOIN) (?:public\.)?(\w+_\w+)", before))
    assert len(tables) > 6
    assert tables - set(re.findall(r"(?:FROM|JOIN) (?:public\.)?(\w+_\w+)", KNEW_THE_MATTER.body)) == set()
