"""Keeping the reads that an alert rests on as its evidence (PK-05)."""

from collections.abc import Iterable

from parking.models import Alert, ReadKeep


def keep_for(alert: Alert, reads: Iterable[int]) -> None:
    """Exempt these reads, by their ids, from deletion. Inside the door that raises the alert."""
    rows = [ReadKeep(read_id=key, alert=alert, decision=alert.decision) for key in dict.fromkeys(reads)]
    ReadKeep.objects.bulk_create(rows)
