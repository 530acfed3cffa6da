"""Chaining: the sealer gives every event that it sees its number and its seal.

Writers take no lock. The sealer never waits for an open transaction: what is committed later gets a later number. Its
own lock is a row that only its role may lock, so nobody else can keep it from its work.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from ecpd.audit.canonical import EVENT_SQL, FIRST_PREVIOUS, MOMENT, seal
from ecpd.audit.models import AuditEvent, ChainSeal, Sealer, Unsealed

MOST_AT_ONCE = 5_000
PAUSE = 0.2  # seconds from one look to the next
# What was altered while it waited gets no seal: it stays, and every verification names it. The waiting ones are walked in
# their order, each with its entry, and no further than to the last that is taken: a plan that joins all of them first reads
# and hashes all that wait for every batch, and PostgreSQL chooses it as long as it has no statistics of them.
IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0"
WAITING = f"""
SELECT u.event_id, e.content FROM (SELECT event_id, digest FROM audit_unsealed ORDER BY event_id OFFSET 0) u
CROSS JOIN LATERAL (SELECT {EVENT_SQL.format(row="a")} AS content FROM audit_auditevent a WHERE a.id = u.event_id OFFSET 0) e
WHERE u.digest IN ('', encode(sha256(convert_to(e.content, 'UTF8')), 'hex'))
ORDER BY u.event_id LIMIT %s
"""
CHAIN = """
INSERT INTO audit_chainseal (number, event_id, previous_hash, hash, salt, sealed_at)
SELECT *, %s::timestamptz FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])
"""


@dataclass(frozen=True)
class Waiting:
    """What has no seal yet: how many events, how old the oldest is in seconds; and how long the sealer is silent."""

    events: int
    oldest_seconds: float
    silent_seconds: float | None

    def __str__(self) -> str:
        """How many wait, and for how long."""
        return f"{self.events:,} entries wait for a seal, the oldest for {_lasting(self.oldest_seconds)}"


def _lasting(seconds: float) -> str:
    for many, word in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * many:
            return f"{seconds / many:.0f} {word}"
    return f"{seconds:.0f} s"


def seal_waiting(*, most: int = MOST_AT_ONCE) -> int:
    """Seal what is committed and not sealed, in one transaction; returns how many. For the sealer's role only.

    Returns 0 when nothing waits or another sealer is at work.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not _alone(cursor):
            return 0
        cursor.execute(IN_ORDER)
        cursor.execute(WAITING, [most])
        events = cursor.fetchall()
        if events:
            _chain(cursor, events)
        cursor.execute("UPDATE audit_sealer SET seen_at = public.ecpd_now() WHERE id = 1")
    return len(events)


def seal_everything() -> int:
    """Seal until nothing waits; returns how many."""
    sealed = 0
    while found := seal_waiting():
        sealed += found
    return sealed


def _alone(cursor: Any) -> bool:
    """Hold the sealer's row to the end of the transaction. No other role has the privilege to lock it."""
    cursor.execute("INSERT INTO audit_sealer (id, checking) VALUES (1, '') ON CONFLICT DO NOTHING")
    cursor.execute("SELECT 1 FROM audit_sealer WHERE id = 1 FOR UPDATE SKIP LOCKED")
    return cursor.fetchone() is not None


def _chain(cursor: Any, events: list[tuple[int, str]]) -> None:
    newest = ChainSeal.objects.order_by("-number").values_list("number", "hash").first()
    number, previous = newest or (0, FIRST_PREVIOUS)
    cursor.execute(f"SELECT t.at, {MOMENT.format('t.at')} FROM (SELECT public.ecpd_now() AS at) t")
    sealed_at, written = cursor.fetchone()
    links = []
    for event_id, text in events:
        number += 1
        salt = secrets.token_hex(16)
        links.append((number, event_id, previous, seal(previous, number, written, text, salt), salt))
        previous = links[-1][3]
    cursor.execute(CHAIN, [sealed_at, *map(list, zip(*links, strict=True))])
    cursor.execute("DELETE FROM audit_unsealed WHERE event_id = ANY(%s)", [[event_id for event_id, _ in events]])


def until_sealed(*, seconds: float) -> bool:
    """Wait until what is written by now has its seal; whether it has. Not at all where no sealer is at work."""
    newest, started = AuditEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0, monotonic()
    silent = waiting().silent_seconds
    while Unsealed.objects.filter(pk__lte=newest).exists():
        if silent is None or silent > seconds or monotonic() - started >= seconds:
            return False
        sleep(PAUSE)
    return True


def oldest_unsealed() -> datetime | None:
    """When the oldest entry that waits for its seal was written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(e.at) FROM audit_unsealed u JOIN audit_auditevent e ON e.id = u.event_id")
        return cursor.fetchone()[0]


def waiting() -> Waiting:
    """What waits for its seal, and whether the sealer lives."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(*), COALESCE(EXTRACT(EPOCH FROM public.ecpd_now() - min(e.at)), 0)
            FROM audit_unsealed u JOIN audit_auditevent e ON e.id = u.event_id""")
        events, oldest = cursor.fetchone()
        cursor.execute("SELECT public.ecpd_now()")
        now: datetime = cursor.fetchone()[0]
    seen = Sealer.objects.values_list("seen_at", flat=True).first()
    return Waiting(events, float(oldest), (now - seen).total_seconds() if seen else None)
