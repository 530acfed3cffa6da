"""What frees no face after a denial or a clearing (FR-13): the same report, object, record or witness in another row, what lay in
the matter, a line-up, and the words of whoever had a part in the leads to the face.
"""

import pytest
from django.db import IntegrityError, transaction

from cases.models import Evidence
from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.manual import RULES
from leads.models import Lead
from leads.models.bound_v6 import PREPARED
from leads.rules.warrant import WHAT_FREES
from leads.selectors.history import is_bound, new_since
from leads.services import corroboration, exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.factories.people import certify, make_user
from tests.leads.history.conftest import answer_everything
from tests.leads.warrant.test_near_copies import exhibit as picture
from tests.leads.warrant.test_near_copies import scene
from tests.leads.warrant.test_same_report import ONE, link, refused_to_mark, stands
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> tuple[make.Agency, Lead]:
    people = make.agency()
    return people, make.made_lead(people, probe=picture(people, scene(), "still"))


@pytest.fixture
def story(begun) -> tuple[make.Agency, Lead]:
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def lead(story) -> Lead:
    return story[1]


def a_colleague(people):
    found = make_user(Role.INVESTIGATOR, last_name="Third")
    make.assign(case=people.case, user=found, actor=people.marsh)
    return found


def denied(people, lead: Lead) -> Lead:
    """The lead, with an alibi in its register, denied by a captain."""
    exculpatory.enter(lead=lead, actor=people.raman, kind="alibi", what="At work all night, says his employer.")
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    application = warrant.apply_for_warrant(
        lead=lead, actor=people.okafor, statement="It is his.", does_not_fit="Nothing."
    )
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=False, read_packet=True,
                   reasons="The alibi is stronger than that.")  # fmt: skip
    return Lead.objects.get(pk=lead.pk)


@pytest.mark.parametrize("kind", ONE)
@pytest.mark.parametrize("first", ["stands", "withdrawn"])
def test_after_a_denial_the_same_thing_in_another_row_frees_nothing(people, lead, kind, first):
    item = link(people, lead, kind, **ONE[kind][0])
    make.verified(people, item)
    lead = denied(people, lead)
    if first == "withdrawn":
        corroboration.withdraw(item=item, actor=people.okafor, reason="Linked anew with its copy.")
        exculpatory.enter_from_records(lead)
    make.verified(people, link(people, lead, kind, **ONE[kind][1]))
    answer_everything(people, lead)
    assert is_bound(lead)
    refused_to_mark(people, lead, "FR-13" if first == "withdrawn" or kind else "")
    make.verified(people, link(people, lead, kind, **ONE[kind][2]))
    assert not is_bound(lead)


@pytest.mark.parametrize("what", ["a line-up", "what lay in the case", "a copy of it"])
def test_after_a_denial_neither_a_line_up_nor_what_was_on_record_frees_it(people, lead, what):
    make.verified(people, link(people, lead, "fingerprint", lab_number="FP-78"))
    there = picture(people, scene("JPEG", name="coffee.png"), "transit")
    lead = denied(people, lead)
    if what == "a line-up":
        item = make.linked(people, lead, kind="lineup", details=make.LINEUP)
    else:
        copy = picture(people, scene("JPEG", name="coffee.png", quality=60), "transit")
        item = link(people, lead, "whereabouts", exhibit=copy if what == "a copy of it" else there)
    make.verified(people, item)
    assert stands(item) == ("lineup" if what == "a line-up" else "counts") and is_bound(lead)
    refused_to_mark(people, lead, "FR-13")


def test_nor_on_another_lead_to_the_face(people, lead):
    make.verified(people, link(people, lead, "fingerprint", lab_number="FP-78"))
    second = make.made_lead(people)
    with make.by_the_owner():
        Lead.objects.filter(pk=second.pk).update(person=lead.person)
    denied(people, lead)
    make.verified(people, link(people, second, "fingerprint", lab_number="FP 78"))
    answer_everything(people, second)
    assert is_bound(second)
    refused_to_mark(people, second, "FR-13")


# Nor do the words of who wants the warrant.


@pytest.fixture
def cleared(people, lead) -> Lead:
    """A second lead to the face, with its evidence and an open alibi, after a colleague cleared the first."""
    second = make.made_lead(people)
    with make.by_the_owner():
        Lead.objects.filter(pk=second.pk).update(person=lead.person)
    make.verified(people, link(people, second, "fingerprint", lab_number="FP-78"))
    exculpatory.enter(lead=second, actor=people.raman, kind="alibi", what="At work all night, says his employer.")
    leads.clear(lead=lead, actor=people.raman, reason="The employer's records prove it.")
    return Lead.objects.get(pk=second.pk)


def explained(people, lead: Lead, by) -> None:
    for entry in lead.exculpatory.filter(answers=None):
        own = entry.kind == "alibi"
        words = "The employer is his cousin and would say anything." if own else "It is on the record, and was weighed."
        exculpatory.answer(entry=entry, actor=by if own else people.okafor, outcome="explained", text=words)


def test_after_a_clearing_nobody_frees_the_face_by_words_who_had_a_part_in_it(people, cleared):
    explained(people, cleared, people.okafor)
    assert is_bound(cleared)
    refused_to_mark(people, cleared, "FR-13")


def test_after_a_clearing_a_colleague_frees_it_for_others_alone(people, cleared):
    third = a_colleague(people)
    explained(people, cleared, third)
    assert not is_bound(cleared) and new_since(cleared) and not new_since(cleared, wanted_by=third)
    with pytest.raises(PolicyDenied, match="Nothing is new since"):
        leads.mark_for_warrant(lead=cleared, actor=third)
    with pytest.raises(IntegrityError, match="FR-13: Nothing is new"), transaction.atomic():
        make.allowed_on(third, "lead.mark_for_warrant", cleared)
        Lead.objects.filter(pk=cleared.pk).update(state="marked", marked_by=third, marked_at=cleared.created_at)
    marked = leads.mark_for_warrant(lead=Lead.objects.get(pk=cleared.pk), actor=people.okafor)
    with pytest.raises(PolicyDenied, match="Nothing is new since"):
        warrant.apply_for_warrant(lead=marked, actor=third, statement="It is his.", does_not_fit="Nothing.")
    assert warrant.apply_for_warrant(lead=marked, actor=people.okafor, statement="It is his.", does_not_fit="Nothing.")


def test_after_a_denial_who_made_linked_and_marked_is_no_second_person_though_another_applied(people, lead):
    make.verified(people, link(people, lead, "fingerprint", lab_number="FP-78"))
    exculpatory.enter(lead=lead, actor=people.raman, kind="alibi", what="At work all night, says his employer.")
    explained(people, lead, people.raman)  # who entered it: it holds as an answer, and frees nothing later
    answer_everything(people, lead)
    marked = leads.mark_for_warrant(lead=lead, actor=people.okafor)
    unwitting = a_colleague(people)
    application = warrant.apply_for_warrant(
        lead=marked, actor=unwitting, statement="It is his.", does_not_fit="Nothing."
    )
    make.opened(application, people.marsh)
    warrant.decide(
        application=application, actor=people.marsh, approve=False, read_packet=True, reasons="The alibi holds, I say."
    )
    alibi = lead.exculpatory.get(kind="alibi")
    exculpatory.answer(entry=alibi, actor=people.okafor, outcome="explained",
                       text="Nobody there was asked about the hours after midnight.")  # fmt: skip
    assert is_bound(lead)
    refused_to_mark(people, lead, "FR-13")


def test_after_a_denial_nobody_s_words_free_it_who_had_a_part_in_the_leads_to_the_face(people, lead):
    """Whoever examined it, asked for another search that lists it, took a link back, or added what was linked."""
    asker, taker, adder, third = (a_colleague(people) for _ in range(4))
    make.put_on_the_case(people, people.aldana)  # the second examiner
    certify(asker, people.administrator)
    make.listed(asked := make.requested(people, requested_by=asker), lead.candidate.face)
    make.finish(asked, like=lead.candidate.search)
    kept, back = (link(people, lead, "fingerprint", lab_number=number) for number in ("FP-78", "FP-79"))
    with make.by_the_owner():
        Evidence.objects.filter(pk=back.evidence_id).update(added_by=adder)
    make.verified(people, kept)
    corroboration.withdraw(item=back, actor=taker, reason="The laboratory mixed up two lifts.")
    said = ("He was at work, says his employer.", "A camera at the mill shows him.", "His sister ate supper with him.",
            "The bus driver knows him well.", "A receipt has his card at nine.")  # fmt: skip
    alibis = [exculpatory.enter(lead=lead, actor=people.raman, kind="alibi", what=what) for what in said]
    exculpatory.enter_from_records(lead)
    lead = denied(people, lead)
    words = ("Anybody could have borrowed that badge overnight.", "Its clock was an hour slow until Monday.",
             "Two relatives disagree about which evening it happened.", "Drivers on route nine changed shifts beforehand.",
             "Several people share one bank account there.")  # fmt: skip
    for alibi, text, person in zip(alibis, words, (people.aldana, asker, taker, adder, third), strict=True):
        exculpatory.answer(entry=alibi, actor=person, outcome="explained", text=text)
        assert is_bound(lead) is (person != third), person
    assert all(part in WHAT_FREES and part in RULES["FR-13"].text for part in PREPARED)
