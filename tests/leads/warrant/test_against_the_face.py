"""What a person or an examiner says against a face is said against every lead to it (FR-18, FR-24). What happens to a lead is
told to the others, but neither words nor names of a sealed case, nor a linker's answer to who is to verify it (AC-04, FR-10).
"""

import pytest
from django.db import IntegrityError, transaction

from cases.models import TimelineEntry
from cases.services.case import open_case, set_sealed
from cases.services.evidence import add_evidence
from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from leads.models import ExculpatoryEntry, Lead, WarrantDecision
from leads.packet.content import sections_of
from leads.selectors.came_in import came_in_since
from leads.selectors.past import not_entered, past_of
from leads.services import corroboration, exculpatory, warrant
from leads.services import lead as leads
from leads.services.withdrawn import LINKED_SINCE
from tests.factories import leads as make
from tests.factories.people import certify, make_user
from tests.leads.history.conftest import again, answer_everything, applied, lead_of  # noqa: F401 (fixtures)
from tests.leads.warrant.test_same_report import said as details_of

pytestmark = pytest.mark.django_db
NIGHT = "His employer says that he worked the night shift, and sends the time clock."
CAMERA = "A camera shows him at the mill at nine."
ROSA = "Informant Rosa Vance says that her cousin planted the lift."
DECIDE = {"approve": True, "read_packet": True, "reasons": "The lift and the receipt agree."}


@pytest.fixture
def people() -> make.Agency:
    return make.agency()


def packet_of(application) -> str:
    return repr([vars(section) for section in sections_of(application)])


def test_what_is_entered_or_doubted_on_one_lead_is_answered_for_every_lead_to_the_face(people, again, lead_of):  # noqa: F811
    found = make.candidate(people)
    doubts = [make.examined(found, people.okafor, 1, fits="The left ear is of another shape."),
              make.examined(found, people.aldana, 2, fits="The scar on the chin is missing.")]  # fmt: skip
    first = leads.promote(candidate=found, actor=people.okafor)
    bag = make.exhibit(people, kind="document", title="Time clock")
    alibi = exculpatory.enter(lead=first, actor=people.raman, kind="alibi", what=NIGHT, evidence=bag)
    second = lead_of(people, again(people, found))
    make.verified(people, make.linked(people, second))
    assert {one.origin for one in second.exculpatory.all()} == {
        f"entry {alibi.pk}",
        *(f"examination {one.pk}" for one in doubts),
    }
    assert not_entered(first) == not_entered(second) == []
    with pytest.raises(PolicyDenied, match="FR-18"):
        leads.mark_for_warrant(lead=second, actor=people.okafor)
    application = applied(people, second)
    assert all(words in packet_of(application) for words in (NIGHT, "left ear", "scar on the chin", first.number))
    # Once its exhibit is withdrawn it wants an answer here as well; what comes in on the other lead is seen by who decides.
    opened = make.opened(application, people.marsh)
    assert came_in_since(second, opened.at) == []
    exculpatory.enter(lead=first, actor=people.raman, kind="alibi", what=CAMERA)
    assert "what points away from another lead to this face" in came_in_since(second, opened.at)
    with pytest.raises(PolicyDenied, match="FR-13"):
        warrant.decide(application=application, actor=people.marsh, **DECIDE)
    with pytest.raises(IntegrityError, match="FR-13: Something came in"), transaction.atomic():
        make.allowed_on(people.marsh, "warrant.deny", application)
        WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="deny", reasons="It is thin.",
                                       read_packet=True, packet_reading=opened)  # fmt: skip
    with transaction.atomic():  # beside the services
        make.allowed_on(people.raman, "exculpatory.add", first)
        row = ExculpatoryEntry.objects.create(lead=first, kind="other", what="He limps.", entered_by=people.raman)
    assert not_entered(second) == [f"entry {row.pk}"] and f"entry {row.pk}" in {one.origin for one in past_of(second)}
    warrant.open_packet(application=application, actor=people.marsh)
    answer_everything(people, second)
    warrant.open_packet(application=application, actor=people.marsh)
    assert warrant.decide(application=application, actor=people.marsh, **DECIDE).state == "approved"


def test_a_first_examiner_s_doubts_wait_until_the_second_is_not_to_be_blind_any_more(people, again):  # noqa: F811
    lead = make.made_lead(people)
    found = again(people, lead.candidate)
    one = make.examined(found, people.okafor, 1, fits="The left ear is of another shape.")
    second = make.newcomer(people)
    assert not_entered(lead) == [f"examination {one.pk}"]
    asked = make.drawn(found, second)
    assert not_entered(lead) == [] and f"examination {one.pk}" not in {past.origin for past in past_of(lead)}
    make.opened_blind(asked)
    make.concluded(found, second, 2)
    assert not_entered(lead) == [f"examination {one.pk}"]


@pytest.fixture
def sealed(people, again) -> make.Agency:  # noqa: F811
    """Another detective's case, which will be sealed: a lead of it is to the same face."""
    captain = make_user(Role.CAPTAIN, rank="Capt.", last_name="Quist")
    detective = make_user(Role.INVESTIGATOR, last_name="Serrano")
    certify(detective, people.administrator)
    case = open_case(actor=detective, title="A protected witness", offense=people.case.offense, captain=captain,
                     incident_number="26-014999")  # fmt: skip
    return make.Agency(
        **{**people.__dict__, "case": make.accepted(case, captain), "okafor": detective, "marsh": captain}
    )


def told(lead: Lead) -> str:
    """All that the pages of a lead's case say of what happened to it."""
    rows = TimelineEntry.objects.filter(case=lead.case).values_list("headline", "detail")
    register = lead.exculpatory.values_list("what", flat=True)
    return repr([*rows, *register, *lead.applications.values_list("returned_reason", flat=True)]) + repr(
        [packet_of(one) for one in lead.applications.all()]
    )


def test_neither_words_nor_names_of_a_sealed_case_reach_another_lead_to_the_face(people, sealed, again):  # noqa: F811
    lead = make.made_lead(people)
    report = make.FINGERPRINT | {"lab_number": "FP-500"}
    make.verified(people, make.linked(people, lead, details=report))
    found = again(sealed, lead.candidate)
    make.examined(found, sealed.okafor, 1)
    make.examined(found, make.newcomer(people), 2)
    there = leads.promote(candidate=found, actor=sealed.okafor)
    colleague = make_user(Role.INVESTIGATOR, last_name="Osei")
    certify(colleague, people.administrator)
    make.assign(case=sealed.case, user=colleague, actor=sealed.marsh)
    set_sealed(case=sealed.case, actor=sealed.marsh, sealed=True, reason="A witness is in danger there.")
    lead = Lead.objects.get(pk=lead.pk)
    exculpatory.enter(lead=there, actor=sealed.okafor, kind="alibi", what=ROSA)
    entered = lead.exculpatory.get(origin__startswith="entry ")
    assert entered.what.startswith("A sealed case holds something") and entered.get_kind_display() != "An alibi"
    application = applied(people, lead)
    item = make.linked(sealed, there, details=report)
    corroboration.verify(item=item, actor=colleague, verified=False, reason=ROSA, **make.ANSWERS)
    application.refresh_from_db()
    assert application.state == "returned" and application.returned_reason.startswith("A sealed case holds something")
    # A copy that is added there, and turns a statement into a line-up, is told no otherwise.
    statement = {
        "kind": "interview",
        "title": "Statement",
        "file": b"%PDF-1.4 a statement",
        "file_name": "statement.pdf",
    }
    said = {"origin_kind": "other", "origin": "Taken down at the station", "obtained_at": lead.created_at}
    exhibit = add_evidence(case=people.case, actor=people.okafor, **said, **statement)
    item = corroboration.link(lead=lead, actor=people.okafor, evidence=exhibit, kind="witness", ties_by="He saw him",
                              details=details_of("witness", exhibit), independence="The same night", **make.ANSWERS)  # fmt: skip
    make.verified(people, item)
    application = applied(people, Lead.objects.get(pk=lead.pk))
    add_evidence(case=sealed.case, actor=sealed.okafor, **said, **(statement | {"kind": "lineup", "title": "Array"}))
    application.refresh_from_db()
    assert application.state == "returned" and application.returned_reason.startswith("A sealed case holds something")
    for secret in ("Rosa", "Vance", "Serrano", "Osei", there.number, sealed.case.case_number):
        assert secret not in told(lead), secret


def test_who_is_to_verify_an_item_does_not_learn_its_linker_s_answer(people, again, lead_of):  # noqa: F811
    lead = make.made_lead(people)
    report = make.FINGERPRINT | {"lab_number": "FP-501"}
    make.verified(people, make.linked(people, lead, details=report))
    second = lead_of(people, again(people, lead.candidate))
    application = applied(people, lead)
    make.linked(people, second, details=report, rests_on_face="yes")
    application.refresh_from_db()
    assert application.state == "returned" and application.returned_reason == LINKED_SINCE
    rows = TimelineEntry.objects.filter(case=lead.case).values_list("headline", "detail")
    assert not [row for row in rows if "rests on" in repr(row)]
