"""Pausing collection, and copies of a citation (PK-13)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import Citation, CitationCopy, CitationHold
from parking.selectors.shown import of_citation


def place_hold(*, citation: Citation, actor: User, reason: str) -> CitationHold:
    """Pause collection: no delinquent notice, no late fee. Raises PolicyDenied."""
    facts = {"favor": True, "shown": seen(None, lambda: of_citation(citation))}
    with policy.door(actor, "citation.hold", citation, justification=reason, **facts):
        return pause(citation, kind=CitationHold.Kind.OTHER, reason=reason, by=actor)


def pause(citation: Citation, *, kind: str, reason: str, by: User | None) -> CitationHold:
    """The hold itself; inside the transaction of whoever calls."""
    return CitationHold.objects.create(citation=citation, kind=kind, reason=reason.strip(), placed_by=by)


def release_hold(*, hold: CitationHold, actor: User, reason: str) -> CitationHold:
    """Resume collection. Raises PolicyDenied, StaleState."""
    facts = {"hold": hold, "shown": seen(None, lambda: of_citation(hold.citation, hold))}
    with policy.door(actor, "citation.hold", hold.citation, justification=reason, **facts):
        if hold.released_at is not None:
            raise StaleState("Collection is resumed already.")
        return resume(hold, by=actor, reason=reason)


def resume(hold: CitationHold, *, by: User | None, reason: str) -> CitationHold:
    """End a hold; inside the transaction of whoever calls."""
    hold.released_at, hold.released_by, hold.released_reason = timezone.now(), by, reason.strip()
    hold.save(update_fields=["released_at", "released_by", "released_reason"])
    return hold


def ask_for_copy(*, citation: Citation, asked_by: str, send_to: str, entered_by: User | None = None) -> CitationCopy:
    """Note that the owner wants a copy: collection waits, and no day of the review's clock counts until it is sent.

    `entered_by` is None when the owner asked online. Raises PolicyDenied (staff), StaleState while one is on its way.
    """
    reason = f"{asked_by} asked for a copy."
    if entered_by is not None:
        with policy.door(entered_by, "citation.hold", citation, justification=reason):
            return _ask_for_copy(citation, reason, asked_by=asked_by, send_to=send_to, entered_by=entered_by)
    with transaction.atomic():
        return _ask_for_copy(citation, reason, asked_by=asked_by, send_to=send_to)


def _ask_for_copy(citation: Citation, reason: str, **asked: Any) -> CitationCopy:
    by = asked.get("entered_by")
    Citation.objects.select_for_update().get(pk=citation.pk)
    if citation.copies.filter(sent_at__isnull=True).exists():
        raise StaleState("A copy is asked for already and will be sent.")
    hold = pause(citation, kind=CitationHold.Kind.COPY, reason=reason, by=by)
    due = timezone.localdate() + timedelta(days=int(policy.parameter("copy_days")))
    copy = CitationCopy.objects.create(citation=citation, due_on=due, hold=hold, **asked)
    record(actor=by, action="citation.copy_asked", subject=citation, actor_label=labels.OWNER_ONLINE)
    return copy


def send_copy(*, copy: CitationCopy, actor: User) -> CitationCopy:
    """Note that the copy was sent; collection resumes. Raises PolicyDenied, StaleState."""
    reason = "The copy that was asked for is sent."
    facts = {"hold": copy.hold, "copy_sent": True, "shown": seen(None, lambda: of_row(copy))}
    with policy.door(actor, "citation.hold", copy.citation, justification=reason, **facts):
        copy.refresh_from_db()
        if copy.sent_at is not None:
            raise StaleState("The copy is sent already.")
        copy.sent_at, copy.sent_by = timezone.now(), actor
        copy.save(update_fields=["sent_at", "sent_by"])
        resume(copy.hold, by=actor, reason=reason)
    return copy
