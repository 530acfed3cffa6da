"""FR-13: what counts is what a captain saw; FR-10: what somebody rejected counts under no other link."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases import vault
from cases.models import Person
from cases.services import matter
from cases.services.case import add_note, edit_case, open_case
from cases.services.evidence import add_evidence, hand_over, withdraw_evidence
from cases.services.person import add_person, decide_merge, edit_person, propose_merge, record_not_same
from ecpd.accounts.roles import Role
from ecpd.accounts.services import save_account, suspend_certificate
from ecpd.policy import engine
from ecpd.policy.errors import PolicyDenied
from leads.models import Lead, SearchReplay, WarrantApplication, WarrantDecision
from leads.selectors.came_in import approvals_that_count, came_in_since
from leads.selectors.warrant import people_with_a_part
from leads.services import corroboration, exculpatory, warrant
from leads.services import lead as leads
from leads.services.gallery import record_opt_out, withdraw_source
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.story import copy_of

pytestmark = pytest.mark.django_db
REASONS = "The lift from the drawer stands by itself; nothing else points away."


def begin() -> tuple[make.Agency, WarrantApplication]:
    """The agency with its case, and an application on which everything is answered."""
    people = make.agency()
    return people, warrant.apply_for_warrant(
        lead=make.marked_lead(people), actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known."
    )


@pytest.fixture(scope="module")
def begun(kept):
    return begin()


@pytest.fixture
def story(begun):
    return copy_of(begun)


@pytest.fixture
def people(story):
    return story[0]


@pytest.fixture
def application(story):
    return story[1]


def an_exhibit(people, application):
    make.exhibit(people, kind="document", title="A letter")


def the_probe_withdrawn(people, application):
    withdraw_evidence(evidence=application.lead.candidate.search.probe, actor=people.okafor, reason="Of another day.")


def a_merge(people, application):
    one, other = (
        add_person(case=people.case, actor=people.okafor, role="witness", name=name)
        for name in ("L. Ostrander", "Lena O.")
    )
    propose_merge(keep=one, duplicate=other, actor=people.okafor, reason="The same address and birthday")


def a_note(people, application):
    add_note(case=people.case, actor=people.okafor, text="He was in the hospital that day.")


def two_told_apart(people, application):
    one, other = (
        add_person(case=people.case, actor=people.okafor, role="witness", name=name) for name in ("A. Ito", "Aki Ito")
    )
    record_not_same(one=one, other=other, actor=people.okafor, reason="Brothers")


def an_exhibit_handed_over(people, application):
    probe = application.lead.candidate.search.probe
    hand_over(evidence=probe, actor=people.okafor, action="other", from_party=probe.custody.last().to_party, to_party="Lost",
              reason="It is not there any more")  # fmt: skip


def a_replay_that_differs(people, application):
    search = application.lead.candidate.search
    decision = make.allowed_on(people.okafor, "search.replay", search)
    SearchReplay.objects.create(
        search=search, by=people.okafor, same=False, differs="Another is first", decision=decision
    )


def an_examiner_suspended(people, application):
    certificate = application.lead.candidate.examinations.last().certificate
    suspend_certificate(certificate=certificate, actor=people.administrator, reason="He failed the yearly set")


def a_source_withdrawn(people, application):
    source = application.lead.candidate.face.photo.source
    withdraw_source(source=source, actor=people.marsh, reason="The photos are not public")


def another_suspect(people, application):
    add_person(case=people.case, actor=people.okafor, role="suspect", name="Somebody Else", description="He confessed")


def the_case_rewritten(people, application):
    edit_case(case=people.case, actor=people.okafor, summary="It was another man.")


def an_opt_out(people, application):
    photo = application.lead.candidate.face.photo
    record_opt_out(actor=people.marsh, sha256=photo.sha256, received_on=timezone.localdate(), reason="It is me.")


def an_examiner_disabled(people, application):
    examiner = application.lead.candidate.examinations.last().examiner
    examiner.is_active = False
    save_account(user=examiner, roles=examiner.role_names, actor=people.administrator)


def the_picture_elsewhere(people, application):
    other = open_case(actor=people.raman, title="Another robbery", offense=people.case.offense, captain=people.marsh)
    picture = vault.path_of(application.lead.candidate.search.probe.file.sha256).read_bytes()
    add_evidence(case=other, actor=people.raman, kind="photo", title="The same", origin_kind="business_camera",
                 origin="Handed over", obtained_at=timezone.now(), file=picture, file_name="a.png")  # fmt: skip


def a_number(people, application):
    matter.enter_number(case=people.case, actor=people.okafor, number="26-10441", system="records")


def a_link(people, application):
    other = open_case(actor=people.raman, title="An hour later", offense=people.case.offense, captain=people.marsh)
    matter.link(case=people.case, other=other, actor=people.marsh, why="The same night and the same cap")


CAME_IN = {
    a_number: "which cases are one matter, by number",
    a_link: "which cases are one matter, by a link",
    the_picture_elsewhere: "the same picture in another case",
    another_suspect: "the people of the case",
    the_case_rewritten: "what the case says",
    an_opt_out: "an opt-out of its photo",
    a_note: "the notes of the case",
    two_told_apart: "who is not one person",
    an_exhibit_handed_over: "the exhibits of the case",
    a_replay_that_differs: "a replay that differs",
    an_examiner_suspended: "an examiner's certificate",
    a_source_withdrawn: "the source of its photo",
    an_exhibit: "the exhibits of the case",
    the_probe_withdrawn: "the exhibits of the case",
    a_merge: "who is one person",
    an_examiner_disabled: "the account of who examined or verified",
}


@pytest.mark.parametrize("act", CAME_IN)
def test_a_captain_opens_the_packet_again_when_something_came_in(people, application, act):
    opened = make.opened(application, people.marsh)
    act(people, application)
    its_people = ["the people of the case"] if act in (two_told_apart, a_merge) else []  # whom the act adds first
    assert came_in_since(application.lead, opened.at) == [CAME_IN[act], *its_people]
    with pytest.raises(PolicyDenied) as refusal:
        warrant.decide(application=application, actor=people.marsh, approve=False, reasons=REASONS, read_packet=True)
    assert "FR-13" in {one.rule_id for one in refusal.value.blocking}
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=False, reasons=REASONS, read_packet=True)
    assert Lead.objects.get(pk=application.lead_id).state == "denied"


def test_whatever_came_in_the_database_sees_it_too(people, application):
    for act, words in CAME_IN.items():
        if act in (the_probe_withdrawn, a_merge):
            continue  # by now nobody may do them
        opened = make.opened(application, people.marsh)
        act(people, application)
        assert words in came_in_since(application.lead, opened.at)
        with pytest.raises(IntegrityError, match="FR-13: Something came in"), transaction.atomic():
            WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="deny",
                                           reasons=REASONS, read_packet=True, packet_reading=opened)  # fmt: skip


def test_who_searched_for_the_same_picture_has_a_part_in_it(people, application):
    searcher = make_user(Role.INVESTIGATOR)
    make.certify(searcher, people.administrator)
    make.assign(case=people.case, user=searcher, actor=people.marsh)
    probe = application.lead.candidate.search.probe
    copy = make.exhibit(people)
    assert copy.file_id == probe.file_id  # the same bytes under another number
    make.requested(people, requested_by=searcher, probe=copy)
    assert people_with_a_part(application)[searcher.pk] == {"requested a search of the same picture"}
    searcher.groups.set([Group.objects.get(name=Role.CAPTAIN)])  # AC-10: no longer an investigator
    opened = make.opened(application, searcher)
    with pytest.raises(IntegrityError, match="FR-13: Who searched"), transaction.atomic():
        WarrantDecision.objects.create(application=application, captain=searcher, outcome="deny",
                                       reasons=REASONS, read_packet=True, packet_reading=opened)  # fmt: skip


@pytest.mark.parametrize("is_captain_then", [False, True])
def test_who_signed_off_as_a_third_person_does_not_decide(people, is_captain_then):
    made = make.made_lead(people)
    third = make_user(Role.CAPTAIN)
    leads.sign_off(lead=made, actor=third, reason="Compared both examinations.")
    make.verified(people, make.linked(people, made))
    for entry in made.exculpatory.all():
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    marked = leads.mark_for_warrant(lead=Lead.objects.get(pk=made.pk), actor=people.okafor)
    applied = warrant.apply_for_warrant(lead=marked, actor=people.okafor, statement="A lift.", does_not_fit="None")
    captain = third if is_captain_then else people.marsh
    opened = make.opened(applied, captain)
    told = [one.sentence for one in engine.explain(captain, "warrant.deny", applied) if one.blocks]
    assert ("You signed off on it." in told) is is_captain_then
    make.allowed_on(captain, "warrant.deny", applied)
    said = "FR-13: Who signed off" if is_captain_then else "FR-13: What captains decided"  # the next guard
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        WarrantDecision.objects.create(application=applied, captain=captain, outcome="deny", reasons=REASONS,
                                       read_packet=True, packet_reading=opened)  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_who_linked_evidence_to_another_lead_to_the_face_has_a_part_in_it(people, application):
    linker = make_user(Role.INVESTIGATOR)
    make.assign(case=people.case, user=linker, actor=people.marsh)
    first = application.lead
    search = make.requested(people, probe=first.candidate.search.probe, face=first.candidate.search.face)
    found = make.listed(search, first.candidate.face)
    make.finish(search, like=first.candidate.search)
    make.examined(found, people.okafor, 1)
    make.examined(found, make.newcomer(people), 2)
    another = leads.promote(candidate=found, actor=people.okafor)
    corroboration.link(
        lead=another, actor=linker, evidence=make.exhibit(people, kind="fingerprint", title="Lift"), kind="fingerprint",
        details=make.FINGERPRINT, ties_by="Found on the drawer", **make.ANSWERS, independence="The same night",
    )  # fmt: skip
    assert people_with_a_part(application)[linker.pk] == {"linked evidence to another lead to this face"}
    linker.groups.set([Group.objects.get(name=Role.CAPTAIN)])  # AC-10: no longer an investigator
    opened = make.opened(application, linker)
    with pytest.raises(IntegrityError, match="FR-13: Who searched"), transaction.atomic():
        WarrantDecision.objects.create(application=application, captain=linker, outcome="deny",
                                       reasons=REASONS, read_packet=True, packet_reading=opened)  # fmt: skip


def test_what_is_known_of_who_is_one_person_with_the_lead_came_in(people):
    made = make.made_lead(people)
    suspect = add_person(case=people.case, actor=people.okafor, role="suspect", name="Man in the gray coat")
    merge = propose_merge(keep=suspect, duplicate=made.person, actor=people.okafor, reason="The same scar")
    decide_merge(merge=merge, actor=people.marsh, approve=True)
    make.verified(people, make.linked(people, made))
    for entry in made.exculpatory.all():
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    marked = leads.mark_for_warrant(lead=Lead.objects.get(pk=made.pk), actor=people.okafor)
    application = warrant.apply_for_warrant(lead=marked, actor=people.okafor, statement="A lift.", does_not_fit="None")
    opened = make.opened(application, people.marsh)
    assert came_in_since(marked, opened.at) == []
    edit_person(person=Person.objects.get(pk=suspect.pk), actor=people.okafor, name="Harold Fenn")
    assert came_in_since(marked, opened.at) == ["what is known of its person"]
    with pytest.raises(IntegrityError, match="FR-13: Something came in"), transaction.atomic():
        WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="approve",
                                       reasons=REASONS, read_packet=True, packet_reading=opened)  # fmt: skip
    other = add_person(case=people.case, actor=people.okafor, role="suspect", name="Harry Fenn")
    chain = propose_merge(keep=other, duplicate=suspect, actor=people.okafor, reason="The same birthday")
    with pytest.raises(PolicyDenied, match="Nobody is merged with the person of a lead"):
        decide_merge(merge=chain, actor=people.marsh, approve=True)


def test_nothing_is_approved_on_a_probe_that_was_withdrawn(people, application):
    the_probe_withdrawn(people, application)
    make.opened(application, people.marsh)
    with pytest.raises(PolicyDenied) as refusal:
        warrant.decide(application=application, actor=people.marsh, approve=True, reasons=REASONS, read_packet=True)
    assert "FR-03" in {one.rule_id for one in refusal.value.blocking}


def test_an_approval_counts_while_its_packet_is_the_newest(people, application, owner_cursor):
    """The row alone: by the manual as released one approval ends it."""
    reading = make.opened(application, people.marsh)
    owner_cursor.execute("SET session_replication_role = replica")
    WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="approve", reasons=REASONS,
                                   read_packet=True, packet_reading=reading)  # fmt: skip
    owner_cursor.execute("SET session_replication_role = origin")
    make.opened(application, people.chief)  # the captain's own words are in it now
    assert approvals_that_count(application) == {people.marsh.pk}
    alibi = exculpatory.enter(
        lead=application.lead, actor=people.raman, kind="alibi", what="Seen in Oakland that night."
    )
    exculpatory.answer(entry=alibi, actor=people.okafor, outcome="explained", text="It was his brother.")
    assert approvals_that_count(application) == set()
    make.opened(application, people.chief)
    assert approvals_that_count(application) == set()


def test_what_was_rejected_counts_under_no_other_link(people):
    made = make.made_lead(people)
    item = make.linked(people, made)
    make.rejected(people, item)
    corroboration.withdraw(item=item, actor=people.okafor, reason="Linked by mistake.")
    again = corroboration.link(
        lead=made, actor=people.okafor, evidence=item.evidence, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="Found on the drawer", **make.ANSWERS, independence="Found the same night",
    )  # fmt: skip
    make.verified(people, again, by=people.marsh)
    for entry in made.exculpatory.filter(answers=None):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    fresh = Lead.objects.get(pk=made.pk)
    told = [one.sentence for one in engine.explain(people.okafor, "lead.mark_for_warrant", fresh) if one.blocks]
    assert told == ["No independent evidence links this person but what a colleague rejected."]
    with pytest.raises(PolicyDenied):
        leads.mark_for_warrant(lead=fresh, actor=people.okafor)
    make.verified(people, make.linked(people, made), by=people.marsh)
    assert leads.mark_for_warrant(lead=Lead.objects.get(pk=made.pk), actor=people.okafor).state == "marked"
