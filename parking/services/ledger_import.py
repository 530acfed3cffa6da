"""Taking in a processor's file of payments, and what goes out to it. Neither names a plate (PK-08)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from parking.citations.payments import PaymentLine, Reject, read_payments
from parking.models import Citation, LedgerEntry, PaymentImport
from parking.selectors.citation import WORDS, citations
from parking.selectors.ledger import known_references
from parking.services.ledger import take_back
from parking.services.plan_finish import finish_plans

OUT = ("citation", "issued", "due", "section", "penalty", "owed", "standing")


@dataclass
class Outcome:
    """What a file would do, or did."""

    taken: list[PaymentLine] = field(default_factory=list)
    known: list[PaymentLine] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    done: PaymentImport | None = None

    @property
    def cents(self) -> int:
        """What the citations' balances go down by."""
        return sum(line.cents if line.kind == "payment" else -line.cents for line in self.taken)


def look_at_payments(*, content: bytes) -> Outcome:
    """What the file would do; nothing is written. Raises UnreadableFile."""
    lines, rejected = read_payments(content, today=timezone.localdate())
    outcome = Outcome(rejected=list(rejected))
    known = known_references([line.reference for line in lines])
    numbers = {line.citation for line in lines}
    there = set(Citation.objects.filter(number__in=numbers).values_list("number", flat=True))
    for line in lines:
        if line.reference in known:
            outcome.known.append(line)
        elif line.citation not in there:
            outcome.rejected.append(Reject(line.line, line.reference, f"There is no citation {line.citation}."))
        elif line.kind == "returned" and _payment_of(line) is None:
            reason = "No payment of this amount stands on the citation that could be returned."
            outcome.rejected.append(Reject(line.line, line.reference, reason))
        else:
            outcome.taken.append(line)
    outcome.rejected.sort(key=lambda reject: reject.line)
    return outcome


def import_payments(*, content: bytes, file_name: str, actor: User) -> Outcome:
    """Take in a file: each reference once, however often it is sent; bad lines are left out with their reason.

    Raises PolicyDenied, UnreadableFile.
    """
    with policy.door(actor, "citation.payment") as decision:
        with connection.cursor() as cursor:  # two imports of one file at once: the second finds the first's references
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('parking.payments'))")
        outcome = look_at_payments(content=content)
        outcome.done = PaymentImport.objects.create(
            file_name=file_name[:255], sha256=hashlib.sha256(content).hexdigest(), taken=len(outcome.taken),
            known=len(outcome.known), cents=outcome.cents, by=actor, decision=decision,
            rejected=[vars(reject) for reject in outcome.rejected],
        )  # fmt: skip
        for line in outcome.taken:
            _enter(line, outcome.done, actor)
    return outcome


def _payment_of(line: PaymentLine) -> LedgerEntry | None:
    same = LedgerEntry.objects.filter(citation__number=line.citation, kind="payment", amount_cents=-line.cents)
    return same.filter(reversed_by__isnull=True, moved_to__isnull=True).order_by("-id").first()


def _enter(line: PaymentLine, source: PaymentImport, actor: User) -> None:
    if line.kind == "returned" and (entry := _payment_of(line)) is not None:
        take_back(entry, by=actor, reason="Returned by the processor.", reference=line.reference, source=source)
        return
    citation = Citation.objects.get(number=line.citation)
    LedgerEntry.objects.create(
        citation=citation, kind="payment", amount_cents=-line.cents, on=line.on, by=actor,
        reference=line.reference, source=source,
    )  # fmt: skip
    finish_plans(citation, by=actor)


def rows_for_processor() -> Iterator[list[str]]:
    """Head and rows of what the processor may collect or should know: number, dates, section, amounts. No plate."""
    yield list(OUT)
    for one in citations().order_by("id").iterator(chunk_size=2000):
        yield [
            one.number, f"{timezone.localdate(one.issued_at)}", f"{one.due_on}", one.section,
            f"{one.amount_cents / 100:.2f}", f"{max(0, one.owed) / 100:.2f}", WORDS[one.standing],
        ]  # fmt: skip
