"""Every cent is an entry, and the balance is their sum."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from parking.models import LedgerEntry, PaymentImport
from parking.selectors.citation import citations
from parking.selectors.ledger import balance, paid
from parking.services import ledger
from parking.services.citation import void_citation
from parking.services.ledger_import import import_payments, look_at_payments, rows_for_processor

WHY = "The processor named the wrong number."


@pytest.fixture
def pay(people):
    """Enters a payment."""

    def enter(citation, cents=4800, **more):
        return ledger.record_payment(
            citation=citation, actor=people.manager, cents=cents, on=timezone.localdate(), **more
        )

    return enter


def standing(citation) -> str:
    return citations().get(pk=citation.pk).standing


def test_a_payment_lowers_what_is_owed(citation, pay):
    pay(citation, 2000)
    assert (balance(citation), paid(citation), standing(citation)) == (2800, 2000, "open")
    pay(citation, 2800)
    assert (balance(citation), standing(citation)) == (0, "paid")


def test_who_does_not_keep_the_ledger_enters_nothing(citation, people):
    with pytest.raises(PolicyDenied, match="AC-08"):
        ledger.record_payment(citation=citation, actor=people.officer, cents=1, on=timezone.localdate())


def test_a_reference_is_taken_once(citation, issue, pay):
    other = issue()
    pay(citation, reference="P-1")
    with pytest.raises(StaleState, match="P-1"):
        pay(other, reference="P-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(citation=other, kind="payment", amount_cents=-1, on="2026-11-25", reference="P-1")


def test_a_payment_on_the_wrong_citation_is_moved_by_a_pair(citation, issue, pay, people):
    other = issue()
    entry = pay(citation)
    ledger.move_payment(entry=entry, to=other, actor=people.manager, reason=WHY)
    assert (balance(citation), balance(other)) == (4800, 0)
    assert (
        LedgerEntry.objects.filter(moved_from=entry).count() == LedgerEntry.objects.filter(reverses=entry).count() == 1
    )
    with pytest.raises(StaleState, match="taken back"):
        ledger.move_payment(entry=entry, to=other, actor=people.manager, reason=WHY)


def test_a_payment_is_taken_back_once_and_with_a_reason(citation, pay, people):
    entry = pay(citation)
    with pytest.raises(PolicyDenied, match="PK-15"):
        ledger.take_back_payment(entry=entry, actor=people.manager, reason="")
    ledger.take_back_payment(entry=entry, actor=people.manager, reason="The bank returned the check.")
    assert balance(citation) == 4800


def test_what_was_paid_for_a_voided_citation_is_refunded_and_no_more(citation, pay, people):
    pay(citation)
    void_citation(citation=citation, actor=people.manager, reason="Issued in error.")
    assert standing(citation) == "refund"
    ledger.refund(citation=citation, actor=people.manager, reason="Voided after it was paid.")
    assert (balance(citation), standing(citation)) == (0, "canceled")
    with pytest.raises(StaleState, match="Nothing was paid"):
        ledger.refund(citation=citation, actor=people.manager, reason="Voided after it was paid.")


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "payment", "amount_cents": 100},
        {"kind": "penalty", "amount_cents": -100},
        {"kind": "penalty", "amount_cents": 100},
        {"kind": "reduction", "amount_cents": -100, "reason": ""},
        {"kind": "reduction", "amount_cents": -4801, "reason": "More than was charged."},
        {"kind": "refund", "amount_cents": 1, "reason": "Nothing to return."},
    ],
    ids=["payment of the wrong sign", "negative penalty", "second penalty", "reduction without a reason",
         "reduction of more than was charged", "refund of nothing"],
)  # fmt: skip
def test_the_database_refuses_an_entry_that_does_not_hold_together(citation, entry):
    with pytest.raises(IntegrityError, match=r"(?i)pk.15"), transaction.atomic():
        LedgerEntry.objects.bulk_create([LedgerEntry(citation=citation, on="2026-11-25", **entry)])


def test_the_database_refuses_half_of_a_pair(citation, issue, pay):
    entry, other = pay(citation), issue()
    with pytest.raises(IntegrityError, match="PK-15"), transaction.atomic():
        LedgerEntry.objects.create(
            citation=other, kind="payment", amount_cents=-4800, on="2026-11-25", moved_from=entry
        )


# The processor's file


def file_of(*lines: str) -> bytes:
    return "\n".join(["reference,citation,kind,amount,date", *lines]).encode()


def test_a_dry_run_writes_nothing_and_the_file_is_taken_once(citation, people):
    content = file_of(f"P-1,{citation.number},payment,48.00,2026-11-20", "P-2,26-000999-1,payment,1.00,2026-11-20")
    dry = look_at_payments(content=content)
    assert (len(dry.taken), len(dry.rejected), dry.cents) == (1, 1, 4800)
    assert not PaymentImport.objects.exists()
    assert balance(citation) == 4800
    first = import_payments(content=content, file_name="nov.csv", actor=people.manager)
    again = import_payments(content=content, file_name="nov.csv", actor=people.manager)
    assert (len(first.taken), len(again.taken), len(again.known)) == (1, 0, 1)
    assert balance(citation) == 0
    assert PaymentImport.objects.first().rejected[0]["line"] == 3


def test_a_returned_payment_takes_the_payment_back(citation, people):
    paid_line = f"P-1,{citation.number},payment,48.00,2026-11-20"
    import_payments(content=file_of(paid_line), file_name="1.csv", actor=people.manager)
    returned = f"R-1,{citation.number},returned,48.00,2026-11-21"
    import_payments(content=file_of(returned), file_name="2.csv", actor=people.manager)
    assert balance(citation) == 4800
    third = f"R-2,{citation.number},returned,48.00,2026-11-22"
    assert "No payment of this amount" in look_at_payments(content=file_of(third)).rejected[0].reason


def test_who_does_not_keep_the_ledger_takes_in_no_file(citation, people):
    with pytest.raises(PolicyDenied, match="AC-08"):
        import_payments(content=file_of(), file_name="x.csv", actor=people.officer)


def test_what_goes_to_the_processor_names_no_plate(citation):
    rows = list(rows_for_processor())
    assert rows[1][0] == citation.number
    assert rows[1][5] == "48.00"
    assert not any(citation.plate in cell for row in rows for cell in row)
