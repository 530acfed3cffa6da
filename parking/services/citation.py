"""Issuing a citation, confirming that it was attached, voiding it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.numbering import next_serial
from ecpd.policy import engine as policy
from ecpd.policy.models import Decision
from ecpd.policy.shown import seen
from ecpd.problem import StaleState
from parking.citations.clocks import last_day
from parking.citations.number import citation_number
from parking.models import Citation, CitationDelivery, CitationDraft, CitationVoid, LedgerEntry
from parking.selectors.ledger import charged
from parking.selectors.shown import of_citation, of_draft
from parking.selectors.violation import amount_on
from parking.services.notice import issue_citation_papers


def issue_citation(
    *, draft: CitationDraft, actor: User, observed: dict[str, Any], read_at_vehicle: bool, will_attach: bool,
    justification: str = "", shown: str | None = None,
) -> Citation:  # fmt: skip
    """Issue a citation from a draft: numbered, its penalty entered, its papers stored. It cannot be changed afterwards.

    `observed` holds the fields of Citation that were written down at the vehicle. Raises PolicyDenied, StaleState when
    the draft is gone, ValidationError.
    """
    citation = Citation(**observed, alert=draft.alert, read_at_vehicle=read_at_vehicle, issued_by=actor)
    facts = {"will_attach": will_attach, "shown": seen(shown, lambda: of_draft(draft))}
    with policy.door(actor, "citation.issue", citation, justification, **facts) as decision:
        if not CitationDraft.objects.select_for_update().filter(pk=draft.pk).exists():
            raise StaleState("This draft was issued or thrown away already.")
        _fill_in(citation, decision)
        citation.full_clean()
        citation.save()
        LedgerEntry.objects.create(
            citation=citation, kind=LedgerEntry.Kind.PENALTY, amount_cents=citation.amount_cents,
            on=timezone.localdate(), by=actor, decision=decision,
        )  # fmt: skip
        issue_citation_papers(citation=citation, by=actor)
        draft.delete()
    return citation


def _fill_in(citation: Citation, decision: Decision) -> None:
    """Number, amount in force, due day, and what PK-03 found a moment ago."""
    citation.year, citation.serial = next_serial(Citation)
    citation.number = citation_number(citation.year, citation.serial)
    citation.section, citation.title = citation.violation.section, citation.violation.title
    amount = amount_on(citation.violation, timezone.localdate(citation.violation_at))
    if amount is None:
        raise StaleState("No amount is in force for this violation.")
    citation.amount, citation.amount_cents = amount, amount.amount_cents
    due = last_day(timezone.localdate(), int(policy.parameter("payment_due_days")))
    citation.due_on = due or timezone.localdate() + timedelta(days=int(policy.parameter("payment_due_days")))
    citation.permit_answer = next(v for v in decision.verdicts if v["rule_id"] == "PK-03")
    citation.decision = decision


def confirm_delivery(*, citation: Citation, actor: User, how: str, where: str = "") -> CitationDelivery:
    """Say that the citation is attached to the vehicle, or that it drove off before (PK-07). Raises PolicyDenied."""
    with policy.door(actor, "citation.attach", citation):
        return CitationDelivery.objects.create(citation=citation, how=how, where=where.strip(), by=actor)


def void_citation(*, citation: Citation, actor: User, reason: str) -> CitationVoid:
    """Cancel a citation by a record with a reason; somebody else than who issued it (PK-15). Raises PolicyDenied."""
    facts = {"shown": seen(None, lambda: of_citation(citation))}
    with policy.door(actor, "citation.void", citation, justification=reason, **facts) as decision:
        return cancel(citation, by=actor, reason=reason, ground=CitationVoid.Ground.VOID, decision=decision)


def cancel(citation: Citation, *, by: User, reason: str, ground: str, decision: Decision) -> CitationVoid:
    """The record that cancels, the entry that takes off what was charged, the state. Inside a door."""
    void = CitationVoid.objects.create(
        citation=citation, ground=ground, reason=reason.strip(), by=by, decision=decision
    )
    if (owed := charged(citation)) > 0:
        LedgerEntry.objects.create(
            citation=citation, kind=LedgerEntry.Kind.VOID, amount_cents=-owed, on=timezone.localdate(), by=by,
            reason=reason.strip(), decision=decision,
        )  # fmt: skip
    citation.state = Citation.State.CANCELED
    citation.save(update_fields=["state"])
    return void
