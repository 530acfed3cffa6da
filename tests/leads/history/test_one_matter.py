"""What makes cases one matter (POLICY): an incident number, a link; what was found out in one counts in the other."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.models import Evidence, IncidentNumber
from cases.services import matter
from cases.services.case import assign, edit_case, open_case, set_sealed
from cases.services.evidence import add_evidence
from ecpd.audit.models import AuditEvent
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from leads.models import Candidate, Lead, SearchRequest, WarrantDecision
from leads.selectors.history import is_bound, matter_of
from leads.services import lead as leads
from leads.services import warrant
from tests.factories import leads as make
from tests.leads.history.conftest import applied

pytestmark = pytest.mark.django_db
NUMBER = "26-014233"  # of the agency's case


def another_picture(people: make.Agency) -> Evidence:
    """An exhibit with a file of its own."""
    return add_evidence(case=people.case, actor=people.okafor, kind="photo", title="Door camera", file_name="door.png",
                        origin_kind="business_camera", origin="Handed over by the owner", file=make.picture(7),
                        obtained_at=timezone.now() - timedelta(hours=1))  # fmt: skip


@pytest.fixture
def same_face_elsewhere(elsewhere):
    """A lead to the person of another lead, by another photo and another probe, in another case."""

    def lead(before: Lead) -> Lead:
        searched = make.requested(elsewhere, probe=another_picture(elsewhere))
        with transaction.atomic():  # a template comes with its photo
            found: Candidate = make.listed(searched, make.gallery_face(elsewhere, before.candidate.face.photo.subject))
        make.finish(searched)
        make.examined(found, elsewhere.okafor, 1)
        make.examined(found, make.newcomer(elsewhere), 2)
        return leads.promote(candidate=found, actor=elsewhere.okafor)

    return lead


@pytest.mark.parametrize("spelled", ["26-014233", " 26 014233 ", "26014233", "26.014233"])
def test_cases_of_one_incident_are_one_matter_however_its_number_is_written(people, elsewhere, spelled):
    assert matter_of(people.case.pk) == {people.case.pk}
    matter.enter_number(case=elsewhere.case, actor=people.okafor, number=spelled, system="records")
    assert matter_of(people.case.pk) == matter_of(elsewhere.case.pk) == {people.case.pk, elsewhere.case.pk}


def test_links_are_followed_through_both_ways(people, elsewhere):
    third = open_case(actor=people.okafor, title="A third", offense=people.case.offense, captain=people.marsh)
    matter.link(case=people.case, other=elsewhere.case, actor=people.okafor, why="The same night")
    matter.link(case=third, other=elsewhere.case, actor=people.okafor, why="The same cap")
    everything = {people.case.pk, elsewhere.case.pk, third.pk}
    assert all(matter_of(one) == everything for one in everything)


def test_a_denial_binds_a_lead_of_another_picture_as_soon_as_the_cases_are_one_matter(
    people, elsewhere, denied, same_face_elsewhere
):
    lead = same_face_elsewhere(denied)
    assert not is_bound(lead) and not lead.exculpatory.filter(kind="before").exists()
    link = matter.link(case=elsewhere.case, other=people.case, actor=people.okafor, why="The same till, an hour later")
    assert is_bound(lead), "nothing is new since the captain denied a lead to this face"
    assert "was denied" in lead.exculpatory.get(kind="before").what, "told at once, by the link itself"
    matter.take_back(tie=link, actor=people.marsh, reason="Another till, another night.")
    assert is_bound(lead), "what was known stays known"


@pytest.mark.parametrize("action", ["case.tie", "case.create"])
def test_what_a_tie_brings_up_is_entered_under_its_decision(people, elsewhere, again, action):
    lead = make.made_lead(people)
    make.examined(again(people, lead.candidate), people.okafor, 1, "exclude")
    assert not lead.exculpatory.filter(origin__startswith="elsewhere").exists(), "nothing brought it up yet"
    if action == "case.tie":
        matter.enter_number(case=elsewhere.case, actor=people.okafor, number=NUMBER, system="dispatch")
    else:
        open_case(actor=people.okafor, title="A third", offense=people.case.offense, captain=people.marsh,
                  incident_number=NUMBER)  # fmt: skip
    entry = lead.exculpatory.get(origin__startswith="elsewhere")
    noted = AuditEvent.objects.get(table_name="leads_exculpatoryentry", row_id=str(entry.pk), operation="I")
    assert Decision.objects.get(pk=noted.decision_id).action == action


def test_only_a_captain_takes_back_and_says_why(people, elsewhere):
    number = people.case.incident_numbers.get()
    with pytest.raises(PolicyDenied):
        matter.take_back(tie=number, actor=people.okafor, reason="It was another night.")
    with pytest.raises(PolicyDenied, match="No reason"):
        matter.take_back(tie=number, actor=people.marsh, reason="")
    matter.take_back(tie=number, actor=people.marsh, reason="It was another night.")
    with pytest.raises(IntegrityError, match="AC-07"), transaction.atomic():
        IncidentNumber.objects.filter(pk=number.pk).update(withdrawn_at=None)


def test_who_took_a_number_back_does_not_decide(people):
    lead = make.made_lead(people)
    make.verified(people, make.linked(people, lead))
    application = applied(people, lead)
    matter.take_back(tie=people.case.incident_numbers.get(), actor=people.marsh, reason="It was another night.")
    opened = make.opened(application, people.marsh)
    with pytest.raises(PolicyDenied, match="took back that cases are one matter"):
        warrant.decide(application=application, actor=people.marsh, approve=False, reasons="No.", read_packet=True)
    with pytest.raises(IntegrityError, match="FR-13"), transaction.atomic():
        make.allowed_on(people.marsh, "warrant.deny", application)
        WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="deny", reasons="No.",
                                       read_packet=True, packet_reading=opened)  # fmt: skip


def test_a_sealed_case_is_linked_to_by_who_is_named_on_it(people):
    hidden = open_case(actor=people.aldana, title="Hidden", offense=people.case.offense, captain=people.marsh)
    set_sealed(case=hidden, sealed=True, actor=people.marsh, reason="A witness is at risk.")
    with pytest.raises(PolicyDenied):
        matter.link(case=people.case, other=hidden, actor=people.okafor, why="The same cap")


def test_nobody_is_searched_for_in_a_case_without_a_number(people):
    case = open_case(actor=people.okafor, title="A scratch case", offense=people.case.offense, captain=people.marsh)
    scratch = make.Agency(**{**people.__dict__, "case": case})
    with pytest.raises(IntegrityError, match="FR-02: A search needs a case with a dispatch"):
        make.requested(scratch)
    matter.enter_number(case=case, actor=people.okafor, number="26-020001", system="dispatch")
    assert make.requested(scratch).pk


def test_the_offense_of_a_search_is_the_cases_own_also_when_it_runs(people):
    other = type(people.case.offense).objects.get(code="13A")
    with pytest.raises(IntegrityError, match="FR-02: The offense of a search"):
        make.requested(people, offense=other)
    search = make.requested(people)
    edit_case(case=people.case, actor=people.okafor, offense=other)
    with pytest.raises(IntegrityError, match="FR-02: The offense of a search"), transaction.atomic():
        make.finish(SearchRequest.objects.get(pk=search.pk))


def test_a_number_is_letters_and_digits(people):
    with pytest.raises(ValidationError):
        matter.enter_number(case=people.case, actor=people.okafor, number="—", system="dispatch")
    with pytest.raises(ValidationError, match="already"):
        matter.enter_number(case=people.case, actor=people.okafor, number=NUMBER, system="dispatch")


def test_its_page_enters_a_number_and_a_link_and_keeps_what_was_typed(client, people, elsewhere):
    from tests.signing_in import sign_in

    sign_in(client, people.okafor)
    at = f"/cases/{elsewhere.case.case_number}/matter/"
    client.post(at + "numbers/", {"system": "dispatch", "number": NUMBER})
    page = client.get(at).content.decode()
    assert people.case.case_number in page and "The same number." in page
    refused = client.post(at + "links/", {"other": "26-999999", "why": "The same cap"})
    assert refused.status_code == 422 and "You see no case with this number" in refused.content.decode()
    assert "The same cap" in refused.content.decode()
    assign(case=elsewhere.case, user=people.aldana, actor=people.marsh)
    done = client.post(at + "links/", {"other": people.case.case_number, "why": "The same cap"})
    assert done.status_code == 302 and "The same cap" in client.get(at).content.decode()
