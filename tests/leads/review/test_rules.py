"""FR-07 to FR-13, FR-18, FR-22: each rule allows and denies, and tells what would satisfy it."""

from contextlib import suppress

import pytest

from cases.services.case import set_status
from cases.services.evidence import withdraw_evidence
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from ecpd.problem import StaleState
from leads.models import Candidate, Examination, Lead, WarrantApplication
from leads.models.examination import COMPONENTS
from leads.selectors.lot import lot_of
from leads.services import exculpatory, lead, lot, review, warrant
from tests.factories import leads as make
from tests.factories.people import suspend

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """An agency with a case."""
    return make.agency()


def denied_under(rule_id: str):
    """The block is refused under this rule."""
    return pytest.raises(PolicyDenied, match=rule_id)


def test_a_candidate_two_examiners_support_becomes_a_lead(people):
    made = make.made_lead(people)
    assert made.state == Lead.State.OPEN
    assert made.person.name == "Possibly Devin Harrow"
    assert made.person.unidentified


def test_a_candidate_under_95_cannot_become_a_lead(people):
    found = make.candidate(people, score=94.999)
    make.examined(found, people.okafor, 1)
    make.examined(found, people.aldana, 2)
    with denied_under("FR-07"):
        lead.promote(candidate=found, actor=people.okafor)
    assert not Lead.objects.exists()


def test_a_candidate_of_a_withdrawn_probe_or_in_a_closed_case_becomes_no_lead(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    make.examined(found, people.aldana, 2)
    set_status(case=people.case, status="closed", actor=people.marsh, reason="Nothing more to do.")
    with denied_under("FR-13"):
        lead.promote(candidate=Candidate.objects.get(pk=found.pk), actor=people.okafor)
    set_status(case=people.case, status="open", actor=people.marsh, reason="Another witness came.")
    withdraw_evidence(evidence=found.search.probe, actor=people.okafor, reason="It shows another day.")
    with denied_under("FR-03"):
        lead.promote(candidate=Candidate.objects.get(pk=found.pk), actor=people.okafor)
    assert not Lead.objects.exists()


def test_one_examination_is_not_enough(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    with denied_under("FR-08"):
        lead.promote(candidate=found, actor=people.okafor)


@pytest.mark.parametrize("second", ["exclude", "inconclusive"])
def test_examiners_who_disagree_end_the_candidate(people, second):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    make.examined(found, people.aldana, 2, conclusion=second)
    with denied_under("FR-08"):
        lead.promote(candidate=found, actor=people.okafor)
    assert people.case.timeline.filter(headline__startswith="The examiners disagree").exists()


def test_who_requested_the_search_cannot_be_asked_as_second_examiner(people):
    found = make.candidate(people)
    make.examined(found, people.raman, 1)
    assert people.okafor.pk not in lot_of(found)


def test_a_second_examiner_without_certificate_is_refused(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    suspend(people.aldana, people.administrator)
    assert people.aldana.pk not in lot_of(found)
    with denied_under("FR-08"):
        lot.draw_second_examiner(candidate=found, actor=people.okafor)


def test_nobody_examines_who_was_not_asked(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    with denied_under("FR-08"):
        review.record_examination(candidate=found, actor=people.aldana, position=2, components=make.answers(),
                                  conclusion="possible_match", basis="Agrees", does_not_fit="Nothing")  # fmt: skip


def test_a_form_with_an_answer_missing_is_refused(people):
    form = make.answers()
    del form["ears"]
    with denied_under("FR-22"):
        review.record_examination(candidate=make.candidate(people), actor=people.okafor, position=1, components=form,
                                  conclusion="possible_match", basis="Agrees", does_not_fit="Nothing")  # fmt: skip


def test_a_difference_is_explained(people):
    found, unexplained = make.candidate(people), make.answers(ears=("different", " "))
    with denied_under("FR-22"):
        review.record_examination(candidate=found, actor=people.okafor, position=1, components=unexplained,
                                  conclusion="exclude", basis="Ears", does_not_fit="The ears")  # fmt: skip
    explained = make.answers(ears=("different", "Attached lobes"))
    made = review.record_examination(candidate=found, actor=people.okafor, position=1, components=explained,
                                     conclusion="exclude", basis="Ears", does_not_fit="The ears")  # fmt: skip
    assert made.differences == [("Ears", "Attached lobes")]


def test_a_possible_match_rests_on_what_is_visible_and_similar(people):
    found, unseen = make.candidate(people), make.answers(**dict.fromkeys(list(COMPONENTS)[:12], ("not_visible", "")))
    with denied_under("FR-22"):
        review.record_examination(candidate=found, actor=people.okafor, position=1, components=unseen,
                                  conclusion="possible_match", basis="Agrees", does_not_fit="Nothing")  # fmt: skip
    made = review.record_examination(candidate=found, actor=people.okafor, position=1, components=unseen,
                                     conclusion="inconclusive", basis="Too little", does_not_fit="Nothing")  # fmt: skip
    assert made.conclusion == "inconclusive"


def test_an_examiner_says_what_does_not_fit(people):
    with denied_under("FR-18"):
        review.record_examination(candidate=make.candidate(people), actor=people.okafor, position=1,
                                  components=make.answers(), conclusion="exclude", basis="x", does_not_fit=" ")  # fmt: skip


def test_a_lead_without_corroboration_cannot_be_marked_for_warrant(people):
    made = make.made_lead(people)
    with denied_under("FR-10") as refusal:
        lead.mark_for_warrant(lead=made, actor=people.okafor)
    assert "does not rest on the face" in " ".join(verdict.remedy for verdict in refusal.value.blocking)
    assert Decision.objects.get(pk=refusal.value.decision_id).denied


def test_verified_independent_evidence_lets_a_lead_be_marked(people):
    assert make.marked_lead(people).state == Lead.State.MARKED


def test_what_rests_on_the_face_never_counts(people):
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made, rests_on_face="yes"))
    with denied_under("FR-10"):
        lead.mark_for_warrant(lead=made, actor=people.okafor)


def test_who_linked_an_item_cannot_verify_it(people):
    item = make.linked(people, make.made_lead(people))
    with denied_under("FR-10"):
        make.verified(people, item, by=people.okafor)


def test_a_withdrawn_exhibit_no_longer_counts(people):
    from cases.services.evidence import withdraw_evidence

    made = make.made_lead(people)
    item = make.linked(people, made)
    make.verified(people, item)
    withdraw_evidence(evidence=item.evidence, actor=people.okafor, reason="The laboratory mixed up two lifts")
    with denied_under("FR-10"):
        lead.mark_for_warrant(lead=made, actor=people.okafor)


def test_cell_phone_data_names_its_legal_process(people):
    from django.core.exceptions import ValidationError

    made = make.made_lead(people)
    with pytest.raises(ValidationError, match="legal process"):
        make.linked(people, made, kind="phone", details={"carrier": "Any"})


def test_a_lineup_may_not_follow_the_search_alone(people):
    made = make.made_lead(people)
    with denied_under("FR-11"):
        make.linked(people, made, kind="lineup")


def test_a_lineup_may_follow_a_verified_independent_item(people):
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made))
    assert make.linked(people, made, kind="lineup").kind == "lineup"


def test_a_search_for_a_witness_has_no_way_to_a_warrant(people):
    made = make.made_lead(people, purpose="witness", offense=None)
    make.verified(people, make.linked(people, made))
    with denied_under("FR-12"):
        lead.mark_for_warrant(lead=made, actor=people.okafor)


def test_what_points_away_is_answered_before_marking(people):
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made))
    entry = exculpatory.enter(lead=made, actor=people.raman, kind="alibi", what="A transit card 4 miles away")
    with denied_under("FR-18"):
        lead.mark_for_warrant(lead=made, actor=people.okafor)
    exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The card was lent to a cousin.")
    assert lead.mark_for_warrant(lead=made, actor=people.okafor).state == Lead.State.MARKED


def test_an_examiners_doubt_is_entered_by_itself(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1, fits="A mark on the left cheek is not on the probe.")
    make.examined(found, people.aldana, 2)
    made = lead.promote(candidate=found, actor=people.okafor)
    assert [entry.kind for entry in made.exculpatory.all()] == ["examiner_doubt"]


@pytest.fixture
def application(people) -> WarrantApplication:
    """An application waiting for a captain."""
    return warrant.apply_for_warrant(lead=make.marked_lead(people), actor=people.okafor, statement="A fingerprint.",
                                     does_not_fit="Nothing known.")  # fmt: skip


def decide(application, captain, *, approve=True, reasons="The fingerprint stands by itself.", read=True):
    """A captain's decision, once the packet is opened."""
    with suppress(PolicyDenied):
        make.opened(application, captain)
    return warrant.decide(application=application, actor=captain, approve=approve, reasons=reasons, read_packet=read)


def test_a_captain_without_a_part_approves(people, application):
    decided = decide(application, people.marsh)
    assert decided.state == WarrantApplication.State.APPROVED
    assert decided.lead.state == Lead.State.APPROVED
    assert decided.packet_sha256


def test_a_denied_lead_is_applied_for_again_with_something_new(people, application):
    denied = decide(application, people.marsh, approve=False, reasons="The lift card is not in the packet.")
    make.verified(people, make.linked(people, denied.lead))
    again = lead.mark_for_warrant(lead=denied.lead, actor=people.okafor)
    assert warrant.apply_for_warrant(lead=again, actor=people.okafor, statement="With the lift card.",
                                     does_not_fit="Nothing known.").number != application.number  # fmt: skip


def test_a_denied_lead_is_not_marked_again_as_it_was(people, application):
    denied = decide(application, people.marsh, approve=False, reasons="The lift card is not in the packet.")
    assert denied.lead.state == Lead.State.DENIED
    with denied_under("FR-13"):
        lead.mark_for_warrant(lead=denied.lead, actor=people.okafor)


def test_a_captain_who_verified_cannot_decide(people):
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made), by=people.marsh)
    lead.mark_for_warrant(lead=made, actor=people.okafor)
    application = warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="x", does_not_fit="y")
    with denied_under("FR-13"):
        decide(application, people.marsh)


def test_an_investigator_does_not_decide(people, application):
    with denied_under("AC-08"):
        decide(application, people.raman)


@pytest.mark.parametrize(("reasons", "read"), [("Yes.", True), ("The fingerprint stands by itself.", False)])
def test_a_decision_has_reasons_and_a_packet_that_was_read(people, application, reasons, read):
    with denied_under("FR-13"):
        decide(application, people.marsh, reasons=reasons, read=read)


def test_something_new_that_points_away_stops_the_approval(people, application):
    exculpatory.enter(lead=application.lead, actor=people.raman, kind="alibi", what="He was at work")
    with denied_under("FR-18"):
        decide(application, people.marsh)


def test_a_decided_application_cannot_be_decided_again(people, application):
    decide(application, people.marsh)
    with denied_under("FR-13"):
        decide(application, people.marsh, approve=False)


def test_an_undecided_application_can_be_withdrawn(people, application):
    withdrawn = warrant.withdraw_application(application=application, actor=people.okafor)
    assert withdrawn.lead.state == Lead.State.MARKED


@pytest.mark.django_db(transaction=True)  # each decides in a transaction of their own
def test_two_captains_when_the_manual_asks_for_two(people, application):
    from django.utils import timezone

    from cases import access
    from ecpd.accounts.roles import Role
    from ecpd.policy.services import approve_amendment, propose_amendment
    from tests.factories.people import make_user

    amendment = propose_amendment(actor=people.marsh, changes={"warrant_approvers": 2}, effective_on=timezone.localdate(),
                                  reason="Detroit asks for two captains since 2023.")  # fmt: skip
    approve_amendment(amendment=amendment, actor=people.chief, reason="Agreed with the council")
    assert decide(application, people.marsh).state == WarrantApplication.State.SUBMITTED
    other = make_user(Role.CAPTAIN)
    with make.by_the_owner():
        access.grant(other, people.case, "view")
    assert decide(application, other).state == WarrantApplication.State.APPROVED


def test_clearing_says_why_and_ends_the_lead(people):
    made = make.made_lead(people)
    with denied_under("FR-10"):
        lead.clear(lead=made, actor=people.okafor, reason="no")
    assert lead.clear(lead=made, actor=people.okafor, reason="He was in another city, on camera.").state == "cleared"
    with pytest.raises((StaleState, PolicyDenied)):
        lead.mark_for_warrant(lead=made, actor=people.okafor)


def test_explaining_writes_nothing(people):
    made = make.made_lead(people)
    before = Decision.objects.count()
    assert any(v.rule_id == "FR-10" and v.blocks for v in policy.explain(people.okafor, "lead.mark_for_warrant", made))
    assert Decision.objects.count() == before


def test_identified_is_not_a_conclusion():
    assert "identified" not in Examination.Conclusion.values
