"""FR-13: who acted on this evidence for another lead, cleared one of the matter, or rewrote the case since its first search, had
a part: such a captain does not decide.
"""

import pytest
from django.db import IntegrityError, transaction

from cases.services import person
from cases.services.case import edit_case
from ecpd.policy.errors import PolicyDenied
from leads.models import Lead, WarrantApplication
from leads.selectors.warrant import people_with_a_part_in
from leads.services import corroboration, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.history.conftest import answer_everything
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


def applied_for(people, lead: Lead) -> WarrantApplication:
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    return warrant.apply_for_warrant(lead=lead, actor=people.okafor, statement="It is his.", does_not_fit="Nothing.")


def refused(people, lead: Lead, words: str) -> None:
    """By the rule, and by the database where the rule is asleep."""
    application = applied_for(people, lead)
    make.opened(application, people.marsh)
    assert words in people_with_a_part_in(lead)[people.marsh.pk]
    with pytest.raises(PolicyDenied, match=words):
        warrant.decide(
            application=application, actor=people.marsh, approve=True, read_packet=True, reasons="It is his, I say."
        )
    with pytest.raises(IntegrityError, match="FR-13: Who searched"), transaction.atomic():
        make.allowed_on(people.marsh, "warrant.approve", application)
        application.decisions.create(captain=people.marsh, outcome="approve", reasons="It is his.", read_packet=True,
                                     packet_reading=make.reading(application, people.marsh))  # fmt: skip


def on_the_same(people, lead: Lead, item):
    return corroboration.link(lead=lead, actor=people.okafor, evidence=item.evidence, kind="fingerprint", details=item.details,
                              ties_by="On the drawer", independence="Found the same night", **make.ANSWERS)  # fmt: skip


def in_another_row(people, lead: Lead, item):
    return make.linked(
        people, lead, details=item.details | {"lab_number": item.details["lab_number"].replace("-", " ")}
    )


@pytest.mark.parametrize("how", [on_the_same, in_another_row])
def test_who_rejected_the_same_evidence_for_another_man_does_not_decide_on_this_one(people, how):
    lead, other = make.made_lead(people), make.made_lead(people)
    item = make.linked(people, lead)
    make.verified(people, item)
    make.verified(people, how(people, other, item), by=people.marsh, verified=False, reason="It is not that man's.")
    refused(people, lead, "verified or rejected the same evidence for a lead of this matter")


def test_nor_who_cleared_the_other_man(people):
    lead, other = make.made_lead(people), make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    leads.clear(lead=other, actor=people.marsh, reason="He was in the hospital that night.")
    refused(people, lead, "cleared a lead of this matter")


@pytest.mark.parametrize("what", ["the case", "a person"])
def test_nor_who_rewrote_the_case_after_its_first_search_whatever_that_led_to(people, what):
    """The search that found him first made no lead; the lead comes of the second."""
    witness = person.add_person(
        case=people.case, actor=people.raman, role="witness", name="Irma Koch", description="With him"
    )
    first = make.candidate(people)
    if what == "the case":
        edit_case(case=people.case, actor=people.marsh, summary="It was at another hour.")
    else:
        person.edit_person(person=witness, actor=people.marsh, description="Says that she knows nothing.")
    found = make.listed(made := make.requested(people), first.face)
    make.finish(made, like=first.search)
    make.examined(found, people.okafor, 1)
    make.examined(found, people.aldana, 2)
    lead = leads.promote(candidate=found, actor=people.okafor)
    make.verified(people, make.linked(people, lead))
    words = {
        "the case": "changed what a case of this matter says",
        "a person": "entered or changed a person of this matter",
    }
    refused(people, lead, words[what])
