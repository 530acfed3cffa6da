"""Reads of the ledger: every figure is a sum of entries."""

from django.db.models import Q, Sum

from parking.models import Citation, LedgerEntry

MONEY_IN = ("payment", "refund")


def balance(citation: Citation) -> int:
    """Cents owed; negative when more was paid than is owed."""
    return _sum(citation, Q())


def charged(citation: Citation) -> int:
    """Cents charged so far, after reductions: what was paid is not in it."""
    return _sum(citation, ~Q(kind__in=MONEY_IN))


def paid(citation: Citation) -> int:
    """Cents paid so far, refunds taken off."""
    return -_sum(citation, Q(kind__in=MONEY_IN))


def late_fees(citation: Citation) -> int:
    """Cents of late fees charged."""
    return _sum(citation, Q(kind="late_fee"))


def deposit_missing(citation: Citation) -> int:
    """Cents of the penalty that are not paid yet; a hearing asks for it, late fees aside (40215(b))."""
    penalty = _sum(citation, Q(kind__in=["penalty", "reduction"]))
    return max(0, penalty - paid(citation))


def known_references(references: list[str]) -> set[str]:
    """Which of a processor's references stand in the ledger already."""
    return set(LedgerEntry.objects.filter(reference__in=references).values_list("reference", flat=True))


def _sum(citation: Citation, condition: Q) -> int:
    return citation.entries.filter(condition).aggregate(total=Sum("amount_cents"))["total"] or 0
