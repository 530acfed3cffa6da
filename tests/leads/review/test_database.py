"""The same rules held by PostgreSQL: raw SQL, update() and bulk_create() with the application's role are refused."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from leads.models import (
    Candidate,
    Corroboration,
    CorroborationVerification,
    Examination,
    Lead,
    WarrantApplication,
    WarrantDecision,
)  # fmt: skip
from tests.factories import leads as make
from tests.factories.people import suspend
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


def refused(rule_id: str):
    """PostgreSQL refuses, naming the rule or its constraint."""
    number = rule_id.lower().replace("-", "_")
    return pytest.raises(IntegrityError, match=f"{rule_id}|{number}")


def lead_row(people, found, **changes) -> Lead:
    """A lead that no service made."""
    from cases.services.person import enter_person

    make.allowed_on(people.okafor, "case.contribute", people.case)
    person = enter_person(
        case=people.case, actor=people.okafor, role="lead", unidentified=True, name="Possibly somebody"
    )
    fields = {"number": "L-26-9999", "year": 2026, "serial": 9999, "case": people.case, "candidate": found,
              "person": person, "created_by": people.okafor}  # fmt: skip
    return Lead(**(fields | changes))


def examination_row(found, examiner, position=1, **changes) -> Examination:
    """An examination that no service made."""
    fields = {"candidate": found, "examiner": examiner, "position": position, "components": make.answers(),
              "conclusion": "possible_match", "basis": "x", "does_not_fit": "y",
              "certificate": examiner.certificates.first()}  # fmt: skip
    return Examination(**(fields | changes))


def test_fr_07_a_low_score_becomes_no_lead(people):
    found = make.candidate(people, score=94.9)
    make.examined(found, people.okafor, 1)
    make.examined(found, people.aldana, 2)
    with refused("FR-07"):
        Lead.objects.bulk_create([lead_row(people, found)])


def test_fr_07_the_bar_is_the_manuals(people):
    from django.utils import timezone

    from ecpd.policy.services import approve_amendment, propose_amendment

    found = make.candidate(people, score=96)
    make.examined(found, people.okafor, 1)
    make.examined(found, people.aldana, 2)
    amendment = propose_amendment(actor=people.marsh, changes={"match_score_min": 97}, effective_on=timezone.localdate(),
                                  reason="Three leads between 95 and 97 were wrong.")  # fmt: skip
    approve_amendment(amendment=amendment, actor=people.chief, reason="Agreed with the council")
    with refused("FR-07"):
        lead_row(people, found).save()


def test_fr_08_a_lead_has_two_examinations(people):
    found = make.candidate(people)
    make.examined(found, people.okafor, 1)
    with refused("FR-08"):
        lead_row(people, found).save()


def test_fr_08_the_requester_is_never_second(people):
    found = make.candidate(people)
    make.examined(found, people.raman, 1)
    with refused("FR-08"):
        Examination.objects.bulk_create([examination_row(found, people.okafor, 2)])


def test_fr_08_one_person_is_not_both(people):
    found = make.candidate(people)
    make.examined(found, people.raman, 1)
    with refused("FR-08"):
        examination_row(found, people.raman, 2).save()


def test_fr_08_an_examiner_is_certified(people):
    found = make.candidate(people)
    row = examination_row(found, people.okafor)
    suspend(people.okafor, people.administrator)
    with refused("FR-08"):
        row.save()


@pytest.mark.parametrize(
    "changes",
    [{"components": {}}, {"components": make.answers(ears=("maybe", ""))},
     {"components": make.answers(ears=("different", ""))}, {"conclusion": "identified"}],
)  # fmt: skip
def test_fr_22_a_form_is_complete_and_never_says_identified(people, changes):
    with refused("FR-22"):
        examination_row(make.candidate(people), people.okafor, **changes).save()


def test_fr_22_by_raw_sql(people):
    found, certificate = make.candidate(people), people.okafor.certificates.first()
    with refused("FR-22"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leads_examination (candidate_id, examiner_id, position, components, conclusion, basis, "
            "does_not_fit, certificate_id, recorded_at) VALUES (%s, %s, 1, '{}', 'possible_match', 'x', 'y', %s, now())",
            [found.pk, people.okafor.pk, certificate.pk],
        )


@pytest.mark.parametrize("state", ["marked", "applied", "approved"])
def test_fr_10_update_cannot_skip_corroboration(people, state):
    made = make.made_lead(people)
    with refused("FR-10"):
        Lead.objects.filter(pk=made.pk).update(state=state)


def test_fr_10_the_linker_does_not_verify(people):
    item = make.linked(people, make.made_lead(people))
    with refused("FR-10"):
        CorroborationVerification.objects.create(corroboration=item, verifier=people.okafor, verified=True, reason="x",
                                                 **make.ANSWERS)  # fmt: skip


def test_fr_10_the_probe_corroborates_nothing(people):
    made = make.made_lead(people)
    with refused("FR-10"):
        Corroboration.objects.create(
            lead=made, evidence=made.candidate.search.probe, kind="physical", ties_by="x", because_of="no", rests_on_face="no",
            independence="y", linked_by=people.okafor,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "horoscope"}, "fr_10_corroboration_kind_listed"),
        ({"kind": "Lineup"}, "fr_10_corroboration_kind_listed"),
        ({"kind": "Phone"}, "fr_10_corroboration_kind_listed"),
        ({"comes_from_lead": "No"}, "fr_10_corroboration_comes_from_lead_listed"),
        ({"because_of": "No"}, "fr_10_corroboration_because_of_listed"),
        ({"rests_on_face": ""}, "FR-10: Who links an item says"),
        ({"ties_by": "\u200b"}, "fr_10_corroboration_ties_by_says"),
        ({"independence": "\n"}, "fr_10_corroboration_independence_says"),
    ],
)
def test_fr_10_a_link_of_no_known_kind_or_without_words(people, changes, constraint):
    made = make.made_lead(people)
    whole = {"kind": "physical", "ties_by": "x", "because_of": "no", "rests_on_face": "no", "independence": "y",
             "details": {"shown_photos": "No statement"}}  # fmt: skip
    row = Corroboration(
        lead=made, evidence=make.exhibit(people, kind="physical"), linked_by=people.okafor, **whole | changes
    )
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Corroboration.objects.bulk_create([row])


@pytest.mark.parametrize("blank", [" ", "\n", "\u200b"])
def test_fr_10_legal_process_of_blanks_is_none(people, blank):
    made = make.made_lead(people)
    process = {"process_type": "Warrant", "court": "Superior Court", "process_number": "7", "process_date": blank}
    with refused("FR-10"):
        Corroboration.objects.create(
            lead=made, evidence=make.exhibit(people, kind="phone_records"), kind="phone", ties_by="x",
            because_of="no", rests_on_face="no", independence="y", linked_by=people.okafor, details=process,
        )  # fmt: skip


def test_fr_10_phone_data_needs_its_process(people):
    made = make.made_lead(people)
    with refused("FR-10"):
        Corroboration.objects.create(
            lead=made, evidence=make.exhibit(people, kind="phone_records"), kind="phone", ties_by="x",
            because_of="no", rests_on_face="no", independence="y", linked_by=people.okafor, details={"carrier": "Any"},
        )  # fmt: skip


def test_fr_11_a_lineup_alone_is_refused(people):
    made = make.made_lead(people)
    with refused("FR-11"):
        Corroboration.objects.create(
            lead=made, evidence=make.exhibit(people, kind="lineup"), kind="lineup", ties_by="x", **make.ANSWERS,
            independence="y", linked_by=people.okafor, details=make.LINEUP,
        )  # fmt: skip


def test_fr_12_a_witness_search_is_never_marked(people):
    made = make.made_lead(people, purpose="witness", offense=None)
    make.verified(people, make.linked(people, made))
    with refused("FR-12"):
        Lead.objects.filter(pk=made.pk).update(state="marked")


def application_of(people) -> WarrantApplication:
    """A submitted application."""
    from leads.services.warrant import apply_for_warrant

    return apply_for_warrant(lead=make.marked_lead(people), actor=people.okafor, statement="x", does_not_fit="y")


def test_fr_13_nobody_with_a_part_decides(people):
    from django.contrib.auth.models import Group

    application = application_of(people)
    for person in (people.okafor, people.aldana, people.raman):
        person.groups.set([Group.objects.get(name="captain")])  # AC-10: no longer an investigator
        with refused("FR-13"), transaction.atomic():
            WarrantDecision.objects.create(application=application, captain=person, outcome="approve", reasons="x",
                                           read_packet=True, packet_reading=make.reading(application, person))  # fmt: skip


def test_fr_13_only_a_captain_decides(people):
    application = application_of(people)
    with refused("FR-13"):
        WarrantDecision.objects.create(application=application, captain=people.chief, outcome="approve", reasons="x",
                                       read_packet=True, packet_reading=make.reading(application, people.chief))  # fmt: skip


def test_fr_13_an_application_is_not_approved_without_a_captain(people):
    application = application_of(people)
    with refused("FR-13"):
        WarrantApplication.objects.filter(pk=application.pk).update(state="approved")


def test_fr_18_nothing_unanswered_is_approved(people):
    from leads.services import exculpatory

    application = application_of(people)
    exculpatory.enter(lead=application.lead, actor=people.raman, kind="alibi", what="He was at work")
    with refused("FR-18"):
        WarrantDecision.objects.create(application=application, captain=people.marsh, outcome="approve", reasons="x",
                                       read_packet=True, packet_reading=make.reading(application, people.marsh))  # fmt: skip


@pytest.mark.parametrize("model", [Candidate, Examination, CorroborationVerification])
def test_ledgers_can_be_neither_changed_nor_deleted(people, model):
    make.verified(people, make.linked(people, make.made_lead(people)))
    for attempt in (lambda: model.objects.all()._raw_delete("default"), lambda: model.objects.update(id=-1)):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            attempt()
    assert model.objects.exists()
