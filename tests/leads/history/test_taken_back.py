"""What was one matter stays one: nobody sheds what happened by taking back a tie or undoing a merge (FR-12, FR-13, FR-24)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.access import grant
from cases.models import Case, Evidence
from cases.services import matter
from cases.services.case import assign, edit_case, open_case, set_sealed
from cases.services.evidence import add_evidence, hand_over, withdraw_evidence
from cases.services.person import (
    add_person,
    decide_merge,
    edit_person,
    propose_merge,
    record_not_same,
    undo_merge,
    withdraw_person,
)
from ecpd.policy.errors import PolicyDenied
from leads.models import Lead, WarrantDecision
from leads.packet.content import _before
from leads.selectors.came_in import came_in_since
from leads.selectors.history import is_bound, leads_of_the_face, matter_of, not_excepted, other_purposes
from leads.selectors.lead import unanswered
from leads.selectors.warrant import people_with_a_part
from leads.services import corroboration, exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.history.conftest import answer_everything, applied
from tests.shown import shown_in
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASONS = "The lift from the drawer stands by itself; nothing else does."
NUMBER, WHY = "26-014233", "It was another night, the clerk says."


def another_picture(people: make.Agency) -> Evidence:
    """An exhibit with a file of its own."""
    return add_evidence(case=people.case, actor=people.okafor, kind="photo", title="Door camera", file_name="door.png",
                        origin_kind="business_camera", origin="Handed over by the owner", file=make.picture(7),
                        obtained_at=timezone.now() - timedelta(hours=1))  # fmt: skip


def of_another_picture(people: make.Agency, subject, **changes) -> Lead | None:
    """A search with an exhibit of its own that finds this subject; with a suspect's purpose, the lead to it."""
    found = make.requested(people, probe=another_picture(people), **changes)
    with transaction.atomic():  # a template comes with its photo
        candidate = make.listed(found, make.gallery_face(people, subject))
    make.finish(found)
    if changes:
        return None
    make.examined(candidate, people.okafor, 1)
    make.examined(candidate, make.newcomer(people), 2)
    return leads.promote(candidate=candidate, actor=people.okafor)


@pytest.fixture
def same_number(people, elsewhere) -> make.Agency:
    """The other case, with the number of the first."""
    matter.enter_number(case=elsewhere.case, actor=people.okafor, number=NUMBER, system="records")
    return elsewhere


def another_case(people: make.Agency, title: str, number: str = "") -> Case:
    return open_case(actor=people.okafor, title=title, offense=people.case.offense, captain=people.marsh,
                     incident_number=number)  # fmt: skip


def untie(case: Case, people: make.Agency) -> None:
    """The captain takes every number of a case back."""
    for number in case.incident_numbers.filter(withdrawn_at=None):
        matter.take_back(tie=number, actor=people.marsh, reason=WHY)


def no_decision_by(application, captain, people) -> None:
    """The database takes no decision of this captain."""
    opened = make.opened(application, captain)
    with pytest.raises(IntegrityError, match="FR-13: Who searched, examined"), transaction.atomic():
        make.allowed_on(captain, "warrant.deny", application)
        WarrantDecision.objects.create(application=application, captain=captain, outcome="deny", reasons="It fails.",
                                       read_packet=True, packet_reading=opened)  # fmt: skip


@pytest.mark.parametrize("which", ["one", "other"])
def test_a_denial_binds_whichever_case_lost_its_number(people, elsewhere, denied, which):
    lead = of_another_picture(
        elsewhere, denied.candidate.face.photo.subject
    )  # before: who knows the matter is not blind
    matter.enter_number(case=elsewhere.case, actor=people.okafor, number=NUMBER, system="records")
    assert is_bound(lead)
    untie({"one": people, "other": elsewhere}[which].case, people)
    assert is_bound(lead) and denied in leads_of_the_face(lead)
    with pytest.raises(PolicyDenied, match="FR-13"):
        leads.mark_for_warrant(lead=lead, actor=people.okafor)


def test_a_witness_stays_one_though_the_tie_is_taken_back(people, same_number):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    of_another_picture(same_number, lead.candidate.face.photo.subject, purpose="witness", offense=None)
    untie(same_number.case, people)
    assert other_purposes(lead).count() == 1
    with pytest.raises(PolicyDenied, match="FR-12"):
        leads.mark_for_warrant(lead=lead, actor=people.okafor)


def test_a_tie_that_is_taken_back_over_there_came_in_and_is_a_part(people, same_number):
    another_picture(same_number)
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    application = applied(people, lead)
    opened = make.opened(application, people.marsh)
    assert came_in_since(lead, opened.at) == []
    untie(same_number.case, people)
    assert came_in_since(lead, opened.at) == ["which cases are one matter, by number"]
    assert people_with_a_part(application)[people.marsh.pk] == {"took back that cases are one matter"}
    no_decision_by(application, people.marsh, people)


@pytest.mark.parametrize("by", ["number", "link"])
def test_what_ties_a_case_in_which_nothing_is_yet_can_be_taken_back(people, by):
    make.exhibit(people)
    mistaken = another_case(people, "Another night", NUMBER if by == "number" else "")
    if by == "link":
        matter.link(case=people.case, other=mistaken, actor=people.okafor, why="The same cap")
    assert matter_of(mistaken.pk) == matter_of(people.case.pk) == {mistaken.pk, people.case.pk}
    tie = mistaken.incident_numbers.get() if by == "number" else people.case.links.get()
    matter.take_back(tie=tie, actor=people.marsh, reason=WHY)
    assert matter_of(mistaken.pk) == {mistaken.pk}
    matter.enter_number(case=mistaken, actor=people.okafor, number="26-014911", system="dispatch")
    assert matter_of(mistaken.pk) == {mistaken.pk} and matter_of(people.case.pk) == {people.case.pk}


def test_an_empty_case_between_two_others_still_ties_them(people, elsewhere):
    between = another_case(people, "Between", NUMBER)
    assign(case=elsewhere.case, user=people.aldana, actor=people.marsh)
    matter.link(case=elsewhere.case, other=between, actor=people.okafor, why="The same cap")
    everything = {people.case.pk, elsewhere.case.pk, between.pk}
    assert matter_of(people.case.pk) == everything
    untie(between, people)
    assert matter_of(people.case.pk) == everything


def merged(people: make.Agency) -> tuple[Lead, Lead]:
    """Two leads of one case whose people were thought one person."""
    first, second = make.made_lead(people), make.made_lead(people)
    merge = propose_merge(keep=first.person, duplicate=second.person, actor=people.raman, reason="The same man")
    decide_merge(merge=merge, actor=people.marsh, approve=True)
    return first, second


def test_a_denial_binds_after_the_merge_is_undone(people, another_captain):
    first, second = merged(people)
    for lead in (first, second):
        make.verified(people, make.linked(people, lead))
    application = applied(people, first)
    grant(another_captain, people.case, "view")
    make.opened(application, another_captain)
    warrant.decide(application=application, actor=another_captain, approve=False, reasons=REASONS, read_packet=True)
    assert is_bound(second)
    undo_merge(merge=people.case.merges.get(), actor=people.marsh, reason="They are two people after all.")
    assert is_bound(second) and first in leads_of_the_face(second)


def decided_on_a_merge(people, elsewhere, lead, captain):
    other = make.made_lead(people)
    decide_merge(merge=propose_merge(keep=lead.person, duplicate=other.person, actor=people.raman, reason="The same man"),
                 actor=captain, approve=False)  # fmt: skip


def undid_a_merge(people, elsewhere, lead, captain):
    other = make.made_lead(people)
    merge = propose_merge(keep=lead.person, duplicate=other.person, actor=people.raman, reason="The same man")
    decide_merge(merge=merge, actor=people.marsh, approve=True)
    undo_merge(merge=merge, actor=captain, reason="They are two people after all.")


def proposed_a_merge(people, elsewhere, lead, captain):
    propose_merge(keep=make.made_lead(people).person, duplicate=lead.person, actor=captain, reason="The same man")


def told_it_from_another(people, elsewhere, lead, captain):
    record_not_same(one=lead.person, other=make.made_lead(people).person, actor=captain, reason="Brothers")


def withdrew_an_exhibit_elsewhere(people, elsewhere, lead, captain):
    grant(captain, elsewhere.case, "view", "contribute")
    withdraw_evidence(evidence=make.exhibit(elsewhere), actor=captain, reason="It is of another night.")


def handed_an_exhibit_over(people, elsewhere, lead, captain):
    exhibit = make.exhibit(people)
    hand_over(evidence=exhibit, actor=captain, action="transferred", from_party=exhibit.custody.last().to_party,
              to_party="The laboratory", reason="For prints")  # fmt: skip


def a_witness(people):
    return add_person(
        case=people.case, actor=people.raman, role="witness", name="Irma Koch", description="With him that night"
    )


def withdrew_a_witness(people, elsewhere, lead, captain):
    withdraw_person(person=a_witness(people), actor=captain, reason="Entered by mistake, I think")


def withdrew_a_witness_elsewhere(people, elsewhere, lead, captain):
    grant(captain, elsewhere.case, "view", "contribute")
    withdraw_person(person=a_witness(elsewhere), actor=captain, reason="Entered by mistake, I think")


def rewrote_a_witness(people, elsewhere, lead, captain):
    edit_person(person=a_witness(people), actor=captain, description="Knows nothing")


def entered_another_suspect(people, elsewhere, lead, captain):
    add_person(case=people.case, actor=captain, role="suspect", name="Somebody Else")


def changed_when_it_was(people, elsewhere, lead, captain):
    edit_case(
        case=people.case, actor=captain, occurred_at=timezone.now() - timedelta(days=3), summary="At another hour"
    )


def sealed_the_other_case(people, elsewhere, lead, captain):
    grant(captain, elsewhere.case, "view", "contribute", "manage")
    set_sealed(case=elsewhere.case, actor=captain, sealed=True, reason="A witness is at risk.")


def cleared_another_lead(people, elsewhere, lead, captain):
    other = of_another_picture(people, lead.candidate.face.photo.subject)
    leads.clear(lead=other, actor=captain, reason="He was in the hospital that night.")


PARTS = {
    withdrew_a_witness: "withdrew a person of this matter",
    withdrew_a_witness_elsewhere: "withdrew a person of this matter",
    rewrote_a_witness: "entered or changed a person of this matter",
    entered_another_suspect: "entered or changed a person of this matter",
    changed_when_it_was: "changed what a case of this matter says",
    sealed_the_other_case: "sealed another case of this matter or opened its seal",
    cleared_another_lead: "cleared another lead to this face",
    decided_on_a_merge: "decided on a merge of its person",
    undid_a_merge: "undid a merge of its person",
    proposed_a_merge: "proposed a merge of its person",
    told_it_from_another: "told its person from another",
    withdrew_an_exhibit_elsewhere: "withdrew evidence of a case of this matter",
    handed_an_exhibit_over: "recorded a hand-over of evidence of this matter",
}


@pytest.mark.parametrize("act", PARTS)
def test_who_moved_what_a_lead_rests_on_does_not_decide(people, elsewhere, again, another_captain, act):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    again(elsewhere, lead.candidate)
    grant(another_captain, people.case, "view", "contribute", "manage")
    act(people, elsewhere, lead, another_captain)
    if act is cleared_another_lead:  # which binds the face; something new
        make.verified(people, make.linked(people, lead))
    application = applied(people, lead)
    assert PARTS[act] in people_with_a_part(application)[another_captain.pk]
    no_decision_by(application, another_captain, people)


def test_who_took_a_link_back_has_a_part(people):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    corroboration.withdraw(item=make.linked(people, lead), actor=people.raman, reason="Of another drawer")
    assert "took a link back" in people_with_a_part(applied(people, lead))[people.raman.pk]


REASON = "He was asked as a witness first, and then the clerk named him."


def test_an_exception_is_about_the_searches_that_stood_open(people, elsewhere, another_captain):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    subject = lead.candidate.face.photo.subject
    of_another_picture(elsewhere, subject, purpose="victim", offense=None)  # older, and in no matter with it yet
    unknown = elsewhere.case.searches.get()
    known = make.requested(people, purpose="witness", offense=None)
    make.listed(known, lead.candidate.face)
    make.finish(known, like=lead.candidate.search)
    grant(another_captain, people.case, "view")
    excepted = leads.allow_purpose(lead=lead, actor=another_captain, reason=REASON)
    excepted.refresh_from_db()
    assert excepted.searches == [known.pk] and not_excepted(lead) == []
    matter.enter_number(case=elsewhere.case, actor=people.okafor, number=NUMBER, system="records")
    assert not_excepted(lead) == [unknown]
    answer_everything(people, lead)
    with pytest.raises(PolicyDenied, match=f"searched for before as no suspect: {unknown.number}"):
        leads.mark_for_warrant(lead=lead, actor=people.okafor)
    with pytest.raises(IntegrityError, match="FR-12: This face was searched for as somebody"), transaction.atomic():
        make.allowed_on(people.okafor, "lead.mark_for_warrant", lead)
        Lead.objects.filter(pk=lead.pk).update(state="marked", marked_by=people.okafor, marked_at=timezone.now())
    leads.allow_purpose(lead=lead, actor=another_captain, reason=REASON + " The other was a mistake.")
    told = " ".join(_before(lead).paragraphs)
    assert f"({known.number}, find a witness): {REASON}" in told
    assert f"({unknown.number}, identify a victim): {REASON} The other" in told
    leads.mark_for_warrant(lead=lead, actor=people.okafor)


def test_a_reason_of_an_older_release_is_about_what_ended_before_it(people, another_captain):
    lead = make.made_lead(people)
    known = make.requested(people, purpose="witness", offense=None)
    make.listed(known, lead.candidate.face)
    make.finish(known, like=lead.candidate.search)
    grant(another_captain, people.case, "view")
    excepted = leads.allow_purpose(lead=lead, actor=another_captain, reason=REASON)
    with make.by_the_owner():
        type(excepted).objects.filter(pk=excepted.pk).update(searches=None)
    assert not_excepted(lead) == []
    make.verified(people, make.linked(people, lead))
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)


def test_an_answer_falls_with_the_exhibit_that_its_entry_names(client, people, another_captain):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    card = make.exhibit(people, kind="document", title="Time card")
    entry = exculpatory.enter(lead=lead, actor=people.raman, kind="alibi", what="At work, says his card", evidence=card)
    application = applied(people, lead)
    assert unanswered(lead) == []
    withdraw_evidence(evidence=card, actor=people.okafor, reason="It belongs to another case.")
    assert unanswered(Lead.objects.get(pk=lead.pk)) == [entry]
    sign_in(client, people.okafor)
    page = client.get(lead.get_absolute_url()).content.decode()
    assert "was withdrawn by" in page and "Needs another answer" in page
    opened = make.opened(application, people.marsh)
    with pytest.raises(PolicyDenied, match="1 item points away"):
        warrant.decide(application=application, actor=people.marsh, approve=True, reasons=REASONS, read_packet=True)
    with pytest.raises(IntegrityError, match="FR-18: What speaks against"), transaction.atomic():
        make.allowed_on(people.marsh, "warrant.approve", application)
        WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="approve", reasons="It holds.",
                                       read_packet=True, packet_reading=opened)  # fmt: skip
    exculpatory.answer(
        entry=entry, actor=people.okafor, outcome="open", text="The card is of another man of that name."
    )
    assert unanswered(Lead.objects.get(pk=lead.pk)) == []
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=True, reasons=REASONS, read_packet=True)


def test_the_page_of_a_tie_says_whether_it_sets_the_cases_apart(client, people):
    sign_in(client, people.marsh)
    empty = another_case(people, "Another night", NUMBER)
    at = f"/cases/{empty.case_number}/matter/numbers/{empty.incident_numbers.get().pk}/"
    page = client.get(at).content.decode()
    assert "so this sets the cases apart" in page
    make.exhibit(replace(people, case=empty), kind="document", title="A letter")
    refused = client.post(at, {"reason": WHY, "shown": shown_in(page)})
    assert refused.status_code == 403 and "Changed since you opened this page" in refused.content.decode()
    page = client.get(at).content.decode()
    assert "stays known in all the cases" in page
    assert client.post(at, {"reason": WHY, "shown": shown_in(page)}).status_code == 302
