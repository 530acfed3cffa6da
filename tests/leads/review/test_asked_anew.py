"""Whoever is asked no more sees no picture and leaves no draft; a candidate for whom nobody is asked is named."""

import pytest
from django.urls import reverse

from ecpd.accounts.roles import Role
from ecpd.doctor.finding import State
from leads import after_upgrade
from leads.models import ExaminationDraft, ExaminationRequest
from leads.selectors.lot import lot_of
from leads.selectors.review import second_examiners
from leads.services import review
from tests.factories import leads as make
from tests.factories.people import certify, make_user
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def other(people):
    """Another certified investigator who knows nothing of the case."""
    examiner = make_user(Role.INVESTIGATOR, last_name="Ostrander")
    certify(examiner, people.administrator)
    return examiner


@pytest.fixture
def asked(people, found) -> ExaminationRequest:
    """A second examination that was asked for and begun."""
    request = make.opened_blind(make.drawn(found, people.aldana))
    review.save_draft(candidate=found, examiner=people.aldana, data={"basis": "The ears agree."})
    return request


@pytest.fixture
def found(people):
    """A candidate that its first examiner thought a possible match."""
    return make.examined(make.candidate(people), people.okafor, 1).candidate


def withdraw(asked: ExaminationRequest) -> None:
    """As a migration does it that draws nobody."""
    with make.by_the_owner():
        ExaminationRequest.objects.filter(pk=asked.pk).update(state="withdrawn")


def test_another_who_is_asked_ends_the_draft_and_the_pictures_of_the_first(client, people, other, asked):
    sign_in(client, people.aldana)
    pages = ("examination", "examination-probe", "examination-candidate")
    addresses = [reverse(f"leads:{page}", args=[asked.pk]) for page in pages]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    make.replaced(asked, other)
    assert not ExaminationDraft.objects.exists()
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.post(reverse("leads:examination-blind-draft", args=[asked.pk])).status_code == 404
    assert not ExaminationDraft.objects.exists()


def test_what_a_replaced_examiner_had_filled_in_stays_on_record(people, other, asked):
    make.replaced(asked, other)
    asked.refresh_from_db()
    assert (asked.state, asked.replaced_because) == ("withdrawn", "knows")
    assert asked.draft == {"basis": "The ears agree."}


def test_a_draft_of_a_request_that_a_migration_withdrew_is_closed(asked):
    withdraw(asked)
    assert after_upgrade.close_drafts() == 1
    assert not ExaminationDraft.objects.exists()


def test_doctor_names_the_candidate_for_whom_nobody_was_drawn_until_somebody_is_asked(people, other, asked):
    assert after_upgrade.second_examinations().state is State.OK
    withdraw(asked)
    found = after_upgrade.second_examinations()
    candidate = asked.candidate
    assert (found.state, f"{candidate.search.number} candidate {candidate.rank}" in found.sentence) == (
        State.WARN,
        True,
    )
    asked = make.opened_blind(make.drawn(candidate, other))
    assert after_upgrade.second_examinations().state is State.OK
    make.concluded(asked.candidate, other, 2)
    assert after_upgrade.second_examinations().state is State.OK


@pytest.mark.parametrize("part", ["opened", "added", "looked"])
def test_who_opened_the_case_added_to_it_or_looked_at_it_is_not_asked(people, other, found, owner_cursor, part):
    assert {people.aldana, other} <= set(second_examiners(found)[0])
    if part == "opened":
        owner_cursor.execute("UPDATE cases_case SET opened_by_id = %s", [other.pk])
    elif part == "added":
        owner_cursor.execute("UPDATE cases_evidence SET added_by_id = %s", [other.pk])
    else:
        owner_cursor.execute("UPDATE policy_decision SET actor_id = %s WHERE id = (SELECT max(id) FROM policy_decision"
                             " WHERE action = 'evidence.add' AND case_number = %s)",
                             [other.pk, people.case.case_number])  # fmt: skip
    found.refresh_from_db()
    assert other not in second_examiners(found)[0] and people.aldana in second_examiners(found)[0]
    assert (other.pk in lot_of(found), people.aldana.pk in lot_of(found)) == (False, True)


def test_doctor_names_who_was_drawn_and_had_to_do_with_the_case(people, asked, owner_cursor):
    owner_cursor.execute("UPDATE cases_evidence SET added_by_id = %s WHERE case_id = %s",
                         [people.aldana.pk, people.case.pk])  # fmt: skip
    found = after_upgrade.second_examinations()
    assert found.state is State.WARN
    assert f"had to do with the case: {asked.candidate.search.number} candidate 1." in found.sentence
