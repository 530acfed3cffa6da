"""What the owner of the database could do to the chain, with every trigger asleep."""

from typing import Any

from ecpd.audit.canonical import EVENT_COLUMNS, EVENT_SQL, MOMENT, OLD_EVENT_SQL, old_seal, seal
from ecpd.audit.models import AuditEvent
from tests.audit.conftest import LENGTH
from tests.sealing import seal as seal_waiting_entries

EVENTS, SEALS = "audit_auditevent", "audit_chainseal"
OF = f"id = (SELECT event_id FROM {SEALS} WHERE number = %s)"


def change(cursor: Any, number: int, column: str, value: Any) -> None:
    """Change an entry."""
    cursor.execute(f"UPDATE {EVENTS} SET {column} = %s WHERE {OF}", [value, number])


def seal_again(cursor: Any, number: int) -> None:
    """Give the entry the seal that fits its content, as somebody would who knows how."""
    cursor.execute(
        f"SELECT s.previous_hash, {MOMENT.format('s.sealed_at')}, {EVENT_SQL.format(row='e')}, e.format, s.salt, "
        f"{OLD_EVENT_SQL.format(seal='s', row='e')} FROM {SEALS} s JOIN {EVENTS} e ON e.id = s.event_id "
        "WHERE s.number = %s",
        [number],
    )
    previous, sealed_at, text, form, salt, old_text = cursor.fetchone()
    made = old_seal(previous, old_text) if form == 1 else seal(previous, number, sealed_at, text, salt)
    cursor.execute(f"UPDATE {SEALS} SET hash = %s WHERE number = %s", [made, number])


def seal_all_again(cursor: Any, first: int) -> None:
    """Write the chain anew from an entry on."""
    for number in range(first, LENGTH + 1):
        cursor.execute(
            f"UPDATE {SEALS} SET previous_hash = (SELECT hash FROM {SEALS} WHERE number = %s) WHERE number = %s",
            [number - 1, number],
        )
        seal_again(cursor, number)


def remove(cursor: Any, *numbers: int) -> None:
    """Take entries and their seals away."""
    cursor.execute(
        f"DELETE FROM {EVENTS} WHERE id IN (SELECT event_id FROM {SEALS} WHERE number = ANY(%s))", [list(numbers)]
    )
    cursor.execute(f"DELETE FROM {SEALS} WHERE number = ANY(%s)", [list(numbers)])


def cut(cursor: Any, after: int) -> None:
    """Take the end away."""
    remove(cursor, *range(after + 1, LENGTH + 1))


def move(cursor: Any, number: int, to: int) -> None:
    """Give an entry another number."""
    cursor.execute(f"UPDATE {SEALS} SET number = %s WHERE number = %s", [to, number])


def swap(cursor: Any, one: int, other: int) -> None:
    """Let two entries change places."""
    move(cursor, one, -1)
    move(cursor, other, one)
    move(cursor, -1, other)


def copy_of(cursor: Any, number: int, to: int) -> None:
    """Slip in a copy of an entry under another number."""
    columns = ", ".join(["format", "at", *EVENT_COLUMNS[1:]])
    cursor.execute(f"INSERT INTO {EVENTS} ({columns}) SELECT {columns} FROM {EVENTS} WHERE {OF} RETURNING id", [number])
    [event] = cursor.fetchone()
    cursor.execute(
        f"INSERT INTO {SEALS} (number, event_id, previous_hash, hash, sealed_at, salt) "
        f"SELECT %s, %s, previous_hash, hash, sealed_at, salt FROM {SEALS} WHERE number = %s",
        [to, event, number],
    )


def written_late(cursor: Any, chain: list[AuditEvent], *, txid: int) -> AuditEvent:
    """The third entry was written three hours ago in a transaction, and sealed after all the others."""
    cursor.execute(f"DELETE FROM {SEALS}")
    cursor.execute(f"UPDATE {EVENTS} SET at = at - interval '3 hours' WHERE id <= %s", [chain[4].pk])
    cursor.execute(f"UPDATE {EVENTS} SET txid = 1000 + id")
    cursor.execute(f"UPDATE {EVENTS} SET txid = %s WHERE id = %s", [txid, chain[2].pk])
    for waits in ("id <> %s", "id = %s"):
        cursor.execute(
            f"INSERT INTO audit_unsealed (event_id, digest) SELECT id, '' FROM {EVENTS} WHERE {waits}", [chain[2].pk]
        )
        cursor.execute("SET session_replication_role = origin")
        seal_waiting_entries()
        cursor.execute("SET session_replication_role = replica")
    return chain[2]
