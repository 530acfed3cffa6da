"""Which of a model's dates comes first: pairs by the names that our models give them."""

from collections.abc import Iterator

from django.db import models

# (what comes first, what cannot come before it); both of one kind, date or moment.
PAIRS = (
    ("begins", "ends"),
    ("starts_at", "ends_at"),
    ("since", "until"),
    ("first_at", "last_at"),
    ("occurred_at", "occurred_until"),
    ("issued_on", "expires_on"),
    ("resolved_on", "effective_on"),
    ("opened_at", "closed_at"),
    ("reported_at", "closed_at"),
    ("assigned_at", "ended_at"),
    ("granted_at", "ended_at"),
    ("placed_at", "released_at"),
    ("proposed_at", "decided_at"),
    ("decided_at", "undone_at"),
    ("submitted_at", "decided_at"),
    ("asked_at", "answered_at"),
    ("asked_at", "sent_at"),
    ("requested_at", "finished_at"),
    ("queued_at", "finished_at"),
    ("created_at", "marked_at"),
    ("created_at", "cleared_at"),
    ("created_at", "expires_at"),
    ("added_at", "withdrawn_at"),
    ("entered_at", "withdrawn_at"),
    ("linked_at", "withdrawn_at"),
    ("recorded_at", "withdrawn_at"),
    ("drafted_at", "published_at"),
    ("drafted_at", "withdrawn_at"),
    ("registered_at", "retired_at"),
    ("made_at", "revoked_at"),
    ("made_at", "expires_at"),
    ("claimed_at", "done_at"),
    ("obtained_at", "added_at"),
)


def pairs_of(model: type[models.Model]) -> Iterator[tuple[models.Field, models.Field]]:
    """The pairs that a model has."""
    fields = {field.name: field for field in model._meta.local_fields if isinstance(field, models.DateField)}
    for first, then in PAIRS:
        if first in fields and then in fields and type(fields[first]) is type(fields[then]):
            yield fields[first], fields[then]
