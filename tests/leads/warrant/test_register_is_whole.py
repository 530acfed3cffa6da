"""A register has what the records say before anybody applies or approves: no row beside the services goes around it (FR-18)."""

import pytest
from django.db import IntegrityError, transaction

from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from leads.corroboration import PICKED
from leads.models import ExculpatoryEntry, Lead, SearchRequest, WarrantApplication, WarrantDecision
from leads.selectors.past import not_entered, past_of
from leads.services import corroboration, exculpatory, warrant
from tests.factories import leads as make
from tests.story import copy_of

pytestmark = pytest.mark.django_db
REASONS = "The lift and the receipt agree with each other."


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


def another_search(people, lead: Lead) -> None:
    """A search for the same face of the probe fails."""
    search = lead.candidate.search
    again = make.requested(people, probe=search.probe, face=search.face)
    SearchRequest.objects.filter(pk=again.pk).update(
        state="failed", error="The picture is damaged.", finished_at=again.requested_at
    )


def a_link_taken_back(people, lead: Lead) -> None:
    item = make.linked(people, lead)
    corroboration.withdraw(item=item, actor=people.okafor, reason="The laboratory mixed up two lifts")


def apply(people, lead: Lead) -> WarrantApplication:
    return warrant.apply_for_warrant(lead=lead, actor=people.okafor, statement="A lift.", does_not_fit="None")


def answer_all(people, lead: Lead) -> None:
    for entry in lead.exculpatory.filter(answers__isnull=True):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")


def decide(people, application: WarrantApplication) -> WarrantApplication:
    return warrant.decide(application=application, actor=people.marsh, approve=True, reasons=REASONS, read_packet=True)


@pytest.mark.parametrize("what", [another_search, a_link_taken_back])
def test_the_database_finds_the_records_that_the_software_puts_into_words(people, what):
    lead = make.marked_lead(people)
    assert not_entered(lead) == []
    what(people, lead)
    words = {one.origin for one in past_of(lead)} - set(lead.exculpatory.values_list("origin", flat=True))
    assert set(not_entered(lead)) == words != set()
    exculpatory.enter_from_records(lead)
    assert not_entered(lead) == []


def test_nobody_applies_by_rows_with_a_register_that_is_not_whole(people):
    lead = make.marked_lead(people)
    a_link_taken_back(people, lead)
    with pytest.raises(IntegrityError, match="FR-18: An application comes"), transaction.atomic():
        make.allowed_on(people.okafor, "warrant.apply", lead)
        WarrantApplication.objects.create(lead=lead, applicant=people.okafor, statement="A lift.", does_not_fit="None",
                                          asks_for="search", number="W-26-9001", year=2026, serial=9001)  # fmt: skip


def test_a_live_lead_is_made_whole_as_its_packet_is_opened_and_goes_on_once_answered(people):
    application = apply(people, make.marked_lead(people))
    lead = application.lead
    another_search(people, lead)
    assert len(not_entered(lead)) == 1
    warrant.open_packet(application=application, actor=people.marsh)
    assert not_entered(lead) == []
    with pytest.raises(PolicyDenied, match="FR-18"):
        decide(people, application)
    answer_all(people, lead)
    warrant.open_packet(application=application, actor=people.marsh)
    assert decide(people, application).state == WarrantApplication.State.APPROVED


def test_what_the_register_lacks_is_asked_by_rule_and_database(people):
    """As in a lead that was made by rows: the packet was opened, and nothing has come in since."""
    application = apply(people, make.marked_lead(people))
    another_search(people, application.lead)
    answer_all(people, application.lead)
    warrant.open_packet(application=application, actor=people.marsh)
    with make.by_the_owner():
        ExculpatoryEntry.objects.filter(lead=application.lead, kind="failed_search").delete()
    verdicts = policy.explain(people.marsh, "warrant.approve", application, justification=REASONS)
    assert any("not all in the register" in verdict.sentence for verdict in verdicts if verdict.blocks)
    with pytest.raises(IntegrityError, match="FR-18: What the records"), transaction.atomic():
        make.allowed_on(people.marsh, "warrant.approve", application)
        WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="approve", reasons=REASONS,
                                       read_packet=True, packet_reading=application.readings.first())  # fmt: skip


@pytest.mark.parametrize("outcome", ["A filler", "Nobody", "Unsure", "The suspect"])
def test_a_line_up_in_which_this_person_was_not_picked_is_entered_as_it_is_linked(people, outcome):
    """For every lead to the face, and whatever becomes of the link (FR-18)."""
    lead, other = make.marked_lead(people), make.made_lead(people)
    with make.by_the_owner():
        Lead.objects.filter(pk=other.pk).update(person=lead.person)
    item = make.linked(people, lead, kind="lineup", details=make.LINEUP | {"outcome": outcome})
    picked = outcome == PICKED
    for one in (lead, other):
        assert one.exculpatory.filter(origin=f"lineup {item.pk}").count() == (0 if picked else 1)
        assert not_entered(one) == []
    with make.by_the_owner():
        ExculpatoryEntry.objects.filter(origin=f"lineup {item.pk}").delete()
    assert not_entered(lead) == ([] if picked else [f"lineup {item.pk}"])
    corroboration.withdraw(item=item, actor=people.okafor, reason="It was of another day.")
    assert (f"lineup {item.pk}" in not_entered(lead)) is not picked
