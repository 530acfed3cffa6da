"""An issued citation is never edited; somebody else cancels it by a record (PK-15, DB)."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from ecpd.audit.verification import verify
from ecpd.policy.errors import PolicyDenied
from parking.models import Citation, CitationVoid, LedgerEntry
from parking.selectors.ledger import balance
from parking.services.citation import void_citation

REASON = "The sign was turned around."


def test_a_manager_who_did_not_issue_it_voids_with_a_reason(citation, people):
    void = void_citation(citation=citation, actor=people.manager, reason=REASON)
    citation.refresh_from_db()
    assert (void.ground, citation.state, balance(citation)) == ("void", "canceled", 0)


def test_who_issued_it_does_not_void_it(issue, people):
    citation = issue(people.manager)
    with pytest.raises(PolicyDenied, match="PK-15"):
        void_citation(citation=citation, actor=people.manager, reason=REASON)


def test_nobody_voids_without_a_reason(citation, people):
    with pytest.raises(PolicyDenied, match="PK-15"):
        void_citation(citation=citation, actor=people.manager, reason=" ")


def test_an_officer_does_not_void(citation, people):
    with pytest.raises(PolicyDenied, match="AC-08"):
        void_citation(citation=citation, actor=people.officer, reason=REASON)


def test_it_is_voided_once(citation, people):
    void_citation(citation=citation, actor=people.manager, reason=REASON)
    with pytest.raises(PolicyDenied, match="PK-15"):
        void_citation(citation=citation, actor=people.captain, reason=REASON)


@pytest.mark.parametrize(
    "change", [{"plate": "1XYZ999"}, {"amount_cents": 1}, {"due_on": "2030-01-01"}, {"remarks": "x"}, {"number": "1"}]
)
def test_the_database_refuses_every_edit(citation, change):
    with pytest.raises(IntegrityError, match="PK-15"), transaction.atomic():
        Citation.objects.filter(pk=citation.pk).update(**change)


def test_the_database_refuses_to_cancel_without_a_record(citation):
    with pytest.raises(IntegrityError, match="PK-15"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE parking_citation SET state = 'canceled' WHERE id = %s", [citation.pk])


def test_the_database_refuses_to_let_a_canceled_one_stand_again(citation, people):
    void_citation(citation=citation, actor=people.manager, reason=REASON)
    with pytest.raises(IntegrityError, match="PK-15"), transaction.atomic():
        Citation.objects.filter(pk=citation.pk).update(state="issued")


@pytest.mark.parametrize("who", ["officer", "examiner", "auditor"])
def test_the_database_refuses_a_void_by_the_issuer_or_by_others(citation, people, who):
    with pytest.raises(IntegrityError, match="PK-15"), transaction.atomic():
        CitationVoid.objects.bulk_create(
            [CitationVoid(citation=citation, ground="void", reason=REASON, by=getattr(people, who))]
        )


def test_the_database_refuses_a_void_without_words(citation, people):
    with pytest.raises(IntegrityError, match="PK-15"), transaction.atomic():
        CitationVoid.objects.create(citation=citation, ground="void", reason="      ", by=people.manager)


def test_the_database_refuses_a_dismissal_without_a_result(citation, people):
    with pytest.raises(IntegrityError, match="PK-15"), transaction.atomic():
        CitationVoid.objects.create(citation=citation, ground="hearing", reason=REASON, by=people.examiner)


@pytest.mark.parametrize("name", ["parking_citation", "parking_ledgerentry", "parking_citationvoid"])
def test_the_application_may_delete_nothing(citation, people, name):
    void_citation(citation=citation, actor=people.manager, reason=REASON)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {name}")


def test_the_ledger_takes_no_edits(citation):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LedgerEntry.objects.filter(citation=citation).update(amount_cents=1)


@pytest.mark.parametrize(
    "change", ["plate = '9ZZZ999'", "amount_cents = 1", "state = 'canceled'", "due_on = due_on + 90"]
)
def test_a_citation_that_the_owner_of_the_database_changed_is_named(citation, owner_cursor, change):
    owner_cursor.execute(f"UPDATE parking_citation SET {change} WHERE id = %s", [citation.pk])
    [found] = verify().findings
    assert found.kind == "row changed"
    assert f"Citation {citation.pk} (parking_citation) was changed" in found.sentence


def test_so_is_one_whose_decision_was_changed(citation, owner_cursor):
    owner_cursor.execute("UPDATE policy_decision SET outcome = 'denied' WHERE id = %s", [citation.decision_id])
    [found] = verify().findings
    assert found.kind == "row changed"
    assert f"Decision {citation.decision_id} (policy_decision) was changed" in found.sentence
