"""Money of a citation: every act is a new entry (PK-15)."""

from datetime import date

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from parking.models import Citation, LedgerEntry
from parking.selectors.ledger import balance
from parking.selectors.shown import of_citation
from parking.services.plan_finish import finish_plans

Kind = LedgerEntry.Kind


def record_payment(
    *, citation: Citation, actor: User, cents: int, on: date, reference: str = "", words: str = ""
) -> LedgerEntry:
    """Enter a payment at the counter or by mail. Raises PolicyDenied, StaleState for a reference entered before."""
    with policy.door(actor, "citation.payment", citation) as decision:
        if reference and LedgerEntry.objects.filter(reference=reference).exists():
            raise StaleState(f"A payment with the reference {reference} is entered already.")
        entry = LedgerEntry.objects.create(
            citation=citation, kind=Kind.PAYMENT, amount_cents=-cents, on=on, by=actor, reason=words.strip(),
            reference=reference.strip(), decision=decision,
        )  # fmt: skip
        finish_plans(citation, by=actor)
    return entry


def take_back_payment(*, entry: LedgerEntry, actor: User, reason: str) -> LedgerEntry:
    """Take a payment back whole: a returned check, a chargeback. Raises PolicyDenied, StaleState."""
    facts = {"says_why": True, "shown": seen(None, lambda: of_citation(entry.citation, entry))}
    with policy.door(actor, "citation.payment", entry.citation, justification=reason, **facts) as decision:
        return take_back(entry, by=actor, reason=reason, decision=decision)


def take_back(entry: LedgerEntry, *, by: User, reason: str, decision=None, **more) -> LedgerEntry:
    """The entry that takes a payment back; inside a door. Raises StaleState when that was done."""
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise StaleState("This payment was taken back already.")
    return LedgerEntry.objects.create(
        citation=entry.citation, kind=Kind.PAYMENT, amount_cents=-entry.amount_cents, on=timezone.localdate(), by=by,
        reason=reason.strip(), reverses=entry, decision=decision, **more,
    )  # fmt: skip


def move_payment(*, entry: LedgerEntry, to: Citation, actor: User, reason: str) -> LedgerEntry:
    """Move a payment that was entered on the wrong citation, by a pair of entries. Raises PolicyDenied, StaleState."""
    if to.pk == entry.citation_id:
        raise StaleState("The payment stands on this citation already.")
    facts = {"says_why": True, "shown": seen(None, lambda: of_citation(entry.citation, entry))}
    with policy.door(actor, "citation.payment", entry.citation, justification=reason, **facts) as decision:
        words = f"Moved from {entry.citation.number} to {to.number}: {reason.strip()}"
        take_back(entry, by=actor, reason=words, decision=decision)
        moved = LedgerEntry.objects.create(
            citation=to, kind=Kind.PAYMENT, amount_cents=entry.amount_cents, on=entry.on, by=actor, reason=words,
            moved_from=entry, decision=decision,
        )  # fmt: skip
        finish_plans(to, by=actor)
    return moved


def refund(*, citation: Citation, actor: User, reason: str, cents: int | None = None) -> LedgerEntry:
    """Return what was paid beyond what is owed, all of it unless said otherwise. Raises PolicyDenied, StaleState."""
    facts = {"says_why": True, "shown": seen(None, lambda: of_citation(citation))}
    with policy.door(actor, "citation.payment", citation, justification=reason, **facts) as decision:
        credit = -balance(citation)
        if credit <= 0:
            raise StaleState("Nothing was paid beyond what is owed.")
        return LedgerEntry.objects.create(
            citation=citation, kind=Kind.REFUND, amount_cents=cents or credit, on=timezone.localdate(), by=actor,
            reason=reason.strip(), decision=decision,
        )  # fmt: skip


def reduce(citation: Citation, *, cents: int, by: User, reason: str, decision) -> LedgerEntry:
    """Take something off; inside the door of whoever decides it."""
    return LedgerEntry.objects.create(
        citation=citation, kind=Kind.REDUCTION, amount_cents=-cents, on=timezone.localdate(), by=by,
        reason=reason.strip(), decision=decision,
    )  # fmt: skip
