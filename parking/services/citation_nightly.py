"""Every night: delinquent notices and late fees, each once, stopped by holds, contests and plans.

It may run twice, or be killed and run again: a notice and a late fee exist once by constraint of the database.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from ecpd.audit.services import record
from ecpd.files import all_or_nothing
from ecpd.policy import engine as policy
from parking.citations.clocks import last_day
from parking.models import Citation, CitationNotice, ContestLookup, LedgerEntry
from parking.selectors.citation import citation_in_full, citations
from parking.selectors.citation_clock import due_last_day, mailed, waiting_for_copies
from parking.services.notice import issue_delinquent


def run_night(*, today: date | None = None) -> dict[str, int]:
    """Issue the notices and charge the fees that are due today; how many of each."""
    day = today or timezone.localdate()
    ContestLookup.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    return {
        "notices": sum(send_delinquent(pk, today=day) for pk in _overdue(day)),
        "late_fees": sum(charge_late_fee(pk, today=day) for pk in _notified()),
    }


def _collectable():
    """Citations that stand, reached the vehicle, owe something, and whose collection nothing pauses."""
    return citations().filter(
        state=Citation.State.ISSUED, owed__gt=0, delivered=True, held=False, contested=False, on_plan=False
    )


def _overdue(today: date) -> list[int]:
    due = _collectable().filter(due_on__lt=today, delinquent=False)
    return list(due.order_by("pk").values_list("pk", flat=True))


def _notified() -> list[int]:
    sent = _collectable().filter(notices__kind="delinquent", notices__mailing__isnull=False)
    return list(sent.exclude(entries__kind="late_fee").order_by("pk").values_list("pk", flat=True))


def send_delinquent(pk: int, *, today: date) -> bool:
    """Issue the delinquent notice of one citation if it is due and nothing pauses it; whether it was."""
    with all_or_nothing(), transaction.atomic():
        Citation.objects.select_for_update().get(pk=pk)
        if not _collectable().filter(pk=pk).exists() or CitationNotice.objects.filter(citation=pk, kind="delinquent"):
            return False
        citation = citation_in_full(pk=pk)
        last = due_last_day(citation)
        if last is None or today <= max(last, citation.due_on):
            return False
        notice = issue_delinquent(citation=citation, late_fee=_late_fee(citation))
        record(actor=None, action="citation.delinquent", subject=citation, notice=notice.pk)
    return True


def charge_late_fee(pk: int, *, today: date) -> bool:
    """Charge the late fee of one citation if its notice was mailed long enough ago; whether it was."""
    with transaction.atomic():
        Citation.objects.select_for_update().get(pk=pk)
        if not _collectable().filter(pk=pk).exists() or LedgerEntry.objects.filter(citation=pk, kind="late_fee"):
            return False
        citation = citation_in_full(pk=pk)
        notice = mailed(citation, "delinquent")
        days = int(policy.parameter("late_fee_days_after_delinquent"))
        last = last_day(notice.mailing.on, days, waiting_for_copies(citation)) if notice else None
        fee = _late_fee(citation)
        if last is None or today <= last or fee == 0:
            return False
        LedgerEntry.objects.create(citation=citation, kind=LedgerEntry.Kind.LATE_FEE, amount_cents=fee, on=today)
        record(actor=None, action="citation.late_fee", subject=citation, cents=fee)
    return True


def _late_fee(citation: Citation) -> int:
    """Cents under the resolution that the citation's amount stands on."""
    return citation.amount.late_fee_cents
