"""A canonical batch: the body of `POST /api/parking/reads/<token>`.

    {"sent_at": "2026-11-24T17:30:02Z", "reads": [{"device_seq": "…", "captured_at": "…", "plate": "8ABC123", …}]}

or the list of items alone. docs: every field of an item stands in `canonical.CanonicalRead`; `observer` and
`observed` are objects with `lat`, `lon`, `accuracy_m` or `hdop`, the former also with `heading`, `speed_mps`, `age_s`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from parking.ingest.canonical import Rejected
from parking.ingest.errors import BadBatch, BadItem
from parking.ingest.item import Clock, read_item, seq_of
from parking.ingest.parsed import Limits, Note, Parsed
from parking.ingest.times import instant


def read_batch(body: Any, *, received_at: datetime, limits: Limits | None = None) -> Parsed:
    """Take a batch apart. Items that cannot be taken are rejected one by one; the others are kept.

    `received_at`: aware. Captured times stay as sent; the skew of the clock is measured from `sent_at` and counts
    only in judging whether a read lies in the future. Raises BadBatch: `wrong_type`, `missing`, `too_many`.
    """
    limits = limits or Limits()
    items, sent = _items(body)
    if len(items) > limits.items:
        raise BadBatch("too_many", f"A batch holds at most {limits.items} reads; this one has {len(items)}.")
    parsed = Parsed()
    clock = _clock(sent, received_at, limits, parsed)
    take(enumerate(items), clock, limits, parsed)
    return parsed


def take(items: Iterable[tuple[int, Any]], clock: Clock, limits: Limits, parsed: Parsed) -> None:
    """Read numbered canonical items into `parsed`."""
    seen: set[str] = {read.device_seq for _, read in parsed.reads}
    for index, item in items:
        try:
            read, notes = read_item(item, clock, limits)
        except BadItem as wrong:
            parsed.rejected.append(Rejected(index, seq_of(item), wrong.code, str(wrong)))
            continue
        if read.device_seq in seen:
            parsed.repeated.append((index, read.device_seq))
            continue
        seen.add(read.device_seq)
        parsed.reads.append((index, read))
        parsed.notes.extend(Note(index, read.device_seq, code, reason) for code, reason in notes)


def _items(body: Any) -> tuple[list, Any]:
    if isinstance(body, list):
        return body, None
    if not isinstance(body, dict):
        raise BadBatch("wrong_type", "The body must be an object with “reads”, or a list of reads.")
    if "reads" not in body:
        raise BadBatch("missing", "The body has no “reads”.")
    if not isinstance(body["reads"], list):
        raise BadBatch("wrong_type", "“reads” must be a list.")
    return body["reads"], body.get("sent_at")


def _clock(sent: Any, received_at: datetime, limits: Limits, parsed: Parsed) -> Clock:
    if sent is None:
        return Clock(received_at)
    try:
        parsed.sent_at = instant(sent, "sent_at")
    except BadItem as wrong:
        parsed.notes.append(Note(-1, "", wrong.code, f"{wrong} The clock cannot be checked."))
        return Clock(received_at)
    return measured(parsed.sent_at, received_at, limits, parsed)


def measured(sent_at: datetime, received_at: datetime, limits: Limits, parsed: Parsed) -> Clock:
    """The device's clock as one delivery shows it; notes in `parsed` when it is off by more than the tolerance."""
    ahead = sent_at - received_at
    parsed.sent_at, parsed.skew = sent_at, ahead.total_seconds()
    if abs(ahead) > limits.skew:
        side = "ahead" if parsed.skew > 0 else "behind"
        parsed.notes.append(Note(-1, "", "clock_skew", f"The device's clock is {abs(parsed.skew):.0f} s {side}."))
    return Clock(received_at, ahead if abs(ahead) <= limits.correctable else timedelta())
