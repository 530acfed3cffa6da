"""FR-24: a denial, a clearing, a conclusion and a purpose follow the face, whoever searches for it again, wherever."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from cases.access import grant
from cases.services.case import set_sealed
from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from ecpd.web.words import day
from leads.models import ExculpatoryEntry, Lead, WarrantDecision
from leads.selectors.came_in import came_in_since
from leads.selectors.history import is_bound
from leads.selectors.warrant import people_with_a_part
from leads.services import corroboration, exculpatory, lot, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.factories.people import certify, make_user
from tests.leads.history.conftest import CLEARED, DENIED, answer_everything, applied

pytestmark = pytest.mark.django_db


def link_again(people, before: Lead, lead: Lead) -> None:
    """The exhibit that was linked to one lead, linked to another and verified."""
    exhibit = before.corroborations.get().evidence
    item = corroboration.link(
        lead=lead, actor=people.okafor, evidence=exhibit, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="Found on the drawer", because_of="no", rests_on_face="no", independence="Found the same night",
    )  # fmt: skip
    make.verified(people, item)


def refused_by_the_database(lead: Lead, people, said: str) -> None:
    """The mark as an application's session would write it, past the door."""
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        make.allowed_on(people.okafor, "lead.mark_for_warrant", lead)
        Lead.objects.filter(pk=lead.pk).update(state="marked", marked_by=people.okafor, marked_at=lead.created_at)


def refused(lead: Lead, people, rule: str, said: str) -> None:
    """The mark is refused at the door, by this rule, with these words, and by the database."""
    with pytest.raises(PolicyDenied) as denial:
        leads.mark_for_warrant(lead=Lead.objects.get(pk=lead.pk), actor=people.okafor)
    blocking = [(one.rule_id, one.sentence) for one in denial.value.verdicts if one.blocks]
    assert [id_ for id_, _ in blocking] == [rule] and said in blocking[0][1], blocking
    refused_by_the_database(lead, people, rule)


def test_a_denial_binds_the_lead_of_a_new_search(people, denied, again, lead_of):
    lead = lead_of(people, again(people, denied.candidate))
    link_again(people, denied, lead)
    answer_everything(people, lead)
    refused(lead, people, "FR-13", "Nothing is new since W-")
    make.verified(people, make.linked(people, lead))
    leads.mark_for_warrant(lead=Lead.objects.get(pk=lead.pk), actor=people.okafor)


def test_a_clearing_binds_the_lead_of_a_new_search(people, cleared, again, lead_of):
    lead = lead_of(people, again(people, cleared.candidate))
    told = f"Lead {cleared.number} to this face was cleared on {day(cleared.cleared_at)}: {CLEARED}"
    assert [entry.what for entry in lead.exculpatory.filter(kind="before")] == [told]
    assert is_bound(lead)
    answer_everything(people, lead)
    make.verified(people, make.linked(people, lead))
    assert not is_bound(lead)
    leads.mark_for_warrant(lead=Lead.objects.get(pk=lead.pk), actor=people.okafor)


def test_a_denial_binds_in_another_case_that_searches_for_the_same_picture(people, elsewhere, denied, again, lead_of):
    lead = lead_of(elsewhere, again(elsewhere, denied.candidate))
    assert DENIED in lead.exculpatory.get(kind="before").what
    exhibit = make.linked(elsewhere, lead).evidence  # a copy of the file that was linked there
    assert exhibit.file_id is None or exhibit.file_id == denied.corroborations.get().evidence.file_id


def test_two_captains_are_not_asked_at_once(people, again, lead_of):
    first = make.made_lead(people)
    make.verified(people, make.linked(people, first))
    second = lead_of(people, again(people, first.candidate))
    make.verified(people, make.linked(people, second))
    answer_everything(people, second)
    waiting = applied(people, first)
    answer_everything(people, second)
    leads.mark_for_warrant(lead=Lead.objects.get(pk=second.pk), actor=people.okafor)
    second.refresh_from_db()
    with pytest.raises(PolicyDenied, match=f"{waiting.number} on {first.number} waits for a decision"):
        warrant.apply_for_warrant(lead=second, actor=people.okafor, statement="It.", does_not_fit="Nothing.")


@pytest.mark.parametrize("conclusion", ["exclude", "inconclusive"])
@pytest.mark.parametrize("position", [1, 2])
def test_an_examiner_who_did_not_think_it_possible_ends_the_face_for_the_probe(people, again, conclusion, position):
    before = make.candidate(people)
    for examiner, place in [(people.okafor, 1), (people.aldana, 2)][:position]:
        make.examined(before, examiner, place, conclusion if place == position else "possible_match")
    found = again(people, before)
    make.examined(found, people.okafor, 1)
    make.examined(found, make.newcomer(people), 2)
    with pytest.raises(PolicyDenied, match="An examiner concluded before"):
        leads.promote(candidate=found, actor=people.okafor)


def test_another_face_of_the_same_photo_is_another_person(people):
    before = make.candidate(people)
    make.examined(before, people.okafor, 1, "exclude")
    other = make.candidate(people)
    make.examined(other, people.okafor, 1)
    make.examined(other, people.aldana, 2)
    made = leads.promote(candidate=other, actor=people.okafor)
    assert not made.exculpatory.exists()


def test_a_face_that_was_a_witness_has_no_way_to_a_warrant(people, again, lead_of, another_captain):
    witness = make.candidate(people, search=make.requested(people, purpose="witness", offense=None))
    lead = lead_of(people, again(people, witness.face.candidates.get()))
    answer_everything(people, lead)
    make.verified(people, make.linked(people, lead))
    refused(lead, people, "FR-12", f"{witness.search.number}, find a witness")
    with pytest.raises(PolicyDenied, match="No reason is given"):
        leads.allow_purpose(lead=lead, actor=another_captain, reason="")
    excepted = leads.allow_purpose(
        lead=lead, actor=another_captain, reason="The clerk told on November 6 that this witness took the money."
    )
    leads.mark_for_warrant(lead=Lead.objects.get(pk=lead.pk), actor=people.okafor)
    assert excepted.captain == another_captain


def test_an_exception_is_of_the_searches_that_were_there(people, again, lead_of, another_captain):
    witness = make.candidate(people, search=make.requested(people, purpose="witness", offense=None))
    lead = lead_of(people, again(people, witness.face.candidates.get()))
    make.verified(people, make.linked(people, lead))
    said = "The clerk told on November 6 that this witness took the money."
    leads.allow_purpose(lead=lead, actor=another_captain, reason=said)
    with pytest.raises(PolicyDenied, match="Nothing is to be excepted"):
        leads.allow_purpose(lead=lead, actor=another_captain, reason=said)
    victim = again(people, witness, purpose="victim", offense=None)
    answer_everything(people, lead)
    refused(lead, people, "FR-12", f"{victim.search.number}, identify a victim")
    leads.allow_purpose(lead=lead, actor=another_captain, reason=said)
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=Lead.objects.get(pk=lead.pk), actor=people.okafor)


def test_a_lead_goes_no_further_once_an_examiner_excludes_its_face(people, elsewhere, again):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    make.examined(again(elsewhere, lead.candidate), people.okafor, 1, "exclude")
    exculpatory.enter_from_records(lead)
    answer_everything(people, lead)
    refused(lead, people, "FR-24", "An examiner concluded before: exclude")


@pytest.mark.django_db(transaction=True)  # the register is looked at when an application is committed
def test_an_exclusion_in_another_case_came_in(people, elsewhere, again):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    application = applied(people, lead)
    found = again(elsewhere, lead.candidate)
    opened = make.opened(application, people.marsh)
    assert came_in_since(lead, opened.at) == []
    make.examined(found, people.okafor, 1, "exclude")
    assert came_in_since(lead, opened.at) == ["the searches"]
    with pytest.raises(IntegrityError, match="FR-13: Something came in"), transaction.atomic():
        make.allowed_on(people.marsh, "warrant.approve", application)
        WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="approve", reasons="It holds.",
                                       read_packet=True, packet_reading=opened)  # fmt: skip


def entered_an_alibi(people, elsewhere, lead, captain):
    exculpatory.enter(lead=lead, actor=captain, kind="alibi", what="He was in another town that day.")


def excepted_it(people, elsewhere, lead, captain):
    witness = make.requested(people, purpose="witness", offense=None)
    make.listed(witness, lead.candidate.face)
    make.finish(witness, like=lead.candidate.search)
    leads.allow_purpose(lead=lead, actor=captain, reason="He was thought a witness until the clerk told of the money.")


def added_an_exhibit_elsewhere(people, elsewhere, lead, captain):
    grant(captain, elsewhere.case, "view", "contribute")
    make.exhibit(replace(elsewhere, okafor=captain))


PARTS = {
    entered_an_alibi: ("entered what points away", "FR-13: Who searched, examined"),
    excepted_it: ("said why this face has a way to a warrant", "FR-13: Who said why"),
    added_an_exhibit_elsewhere: ("added evidence to a case of this matter", "FR-13: Who searched, examined"),
}


@pytest.mark.parametrize("act", PARTS)
def test_a_part_in_the_matter_is_a_part(people, elsewhere, again, another_captain, act):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    again(elsewhere, lead.candidate)
    grant(another_captain, people.case, "view")
    act(people, elsewhere, lead, another_captain)
    application = applied(people, lead)
    words, said = PARTS[act]
    assert people_with_a_part(application)[another_captain.pk] == {words}
    opened = make.opened(application, another_captain)
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        make.allowed_on(another_captain, "warrant.deny", application)
        WarrantDecision.objects.create(application=application, captain=another_captain, outcome="deny", reasons="It fails.",
                                       read_packet=True, packet_reading=opened)  # fmt: skip


def test_what_is_no_exception_cannot_be_excepted(people, another_captain):
    made = make.made_lead(people)
    with pytest.raises(PolicyDenied, match="Nothing is to be excepted"):
        leads.allow_purpose(lead=made, actor=another_captain, reason="Because it would be good to have it.")


def test_what_was_rejected_counts_for_no_lead_to_the_face(people, again, lead_of):
    first = make.made_lead(people)
    item = make.linked(people, first)
    make.rejected(people, item)
    second = lead_of(people, again(people, first.candidate))
    assert "was rejected as fingerprints" in second.exculpatory.get(origin__startswith="rejection").what.lower()
    again_linked = corroboration.link(
        lead=second, actor=people.okafor, evidence=item.evidence, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="Found on the drawer", because_of="no", rests_on_face="no", independence="Found the same night",
    )  # fmt: skip
    make.verified(people, again_linked)
    answer_everything(people, second)
    refused(second, people, "FR-10", "No independent evidence links this person but what a colleague rejected")


def test_a_sealed_case_says_only_that_it_has_something(people, elsewhere, denied, again, lead_of):
    set_sealed(case=denied.case, actor=people.marsh, sealed=True, reason="A juvenile is named in it.")
    lead = lead_of(elsewhere, again(elsewhere, denied.candidate))
    told = lead.exculpatory.get(origin__startswith="application")
    assert (
        told.what
        == f"A sealed case holds something about this face; {people.marsh.display_name} decides what is disclosed."
    )


def test_a_victims_search_of_the_case_says_nothing_of_this_person(people):
    make.candidate(people, search=make.requested(people, purpose="victim", offense=None))
    assert not make.made_lead(people).exculpatory.exists()


def test_a_replaced_examiner_is_told(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    outsider = make_user(Role.INVESTIGATOR, last_name="Quill")
    certify(outsider, people.administrator)
    asked = make.replaced(make.drawn(found, outsider), people.aldana)
    lot.say_nothing_is_known(asked=asked, actor=people.aldana)
    make.concluded(found, people.aldana, 2)
    made = leads.promote(candidate=found, actor=people.okafor)
    said = made.exculpatory.get(origin__startswith="replaced").what
    assert "Quill was asked to examine" in said and said.endswith("before an answer: knows something of the case.")


def test_an_entry_of_the_software_names_a_record_of_the_matter(people, denied):
    other = make.made_lead(make.agency())
    with pytest.raises(IntegrityError, match="FR-18: What the software enters"), transaction.atomic():
        ExculpatoryEntry.objects.create(lead=other, origin=f"lead {denied.pk}", kind="before", what="Cleared.")
