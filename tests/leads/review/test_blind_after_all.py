"""FR-08: a tie that is entered after the blind examination says as much of the second examiner as one entered before."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.models import Case
from cases.services import matter
from cases.services.case import assign, open_case
from ecpd.policy.errors import PolicyDenied
from leads.models import Candidate, Lead
from leads.packet.content import NOT_BLIND, sections_of
from leads.selectors.history import knew_the_matter
from leads.services import exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make

pytestmark = pytest.mark.django_db
KNEW = "knew another case of this matter, or this face"


@pytest.fixture
def people() -> make.Agency:
    """An agency with a case."""
    return make.agency()


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
