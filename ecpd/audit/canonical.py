"""The canonical texts that digests and seals are made of (docs/verify.md, "Format").

PostgreSQL prints them: jsonb has one order of keys, one way to write a number. Whoever recomputes only hashes the
text, so that a program without a database can do it from an export.
"""

import hashlib
from collections.abc import Sequence

FIRST_PREVIOUS = "0" * 64
MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""

# An entry of format 2: an object, so that it can be read by itself.
EVENT_COLUMNS = (
    *("id", "actor_id", "actor_label", "action", "subject_type", "subject_id", "subject_label", "case_number"),
    *("decision_id", "detail", "ip_address", "table_name", "row_id", "operation", "shape_id", "digest"),
    *("session_name", "backend", "txid", "application", "client"),
)
EVENT_SQL = (
    "jsonb_build_object('at', "
    + MOMENT.format("{row}.at")
    + ", "
    + ", ".join(f"'{name}', {{row}}.{name}" for name in EVENT_COLUMNS)
    + ")::text"
)
# An entry of format 1 (before 2026-11-28): an array that begins with its number.
OLD_EVENT_SQL = (
    "jsonb_build_array({seal}.number, "
    + MOMENT.format("{row}.at")
    + ", {row}.actor_id, {row}.actor_label, {row}.action, {row}.subject_type, {row}.subject_id, {row}.subject_label, "
    "{row}.case_number, {row}.decision_id, {row}.detail, {row}.ip_address)::text"
)


def seal(previous_hash: str, number: int, sealed_at: str, event: str, salt: str = "") -> str:
    """The seal of an entry of format 2: SHA-256 of four lines, hex. `sealed_at` is UTC, to the microsecond.

    With a salt it is a seal of format 3: the last line is the entry's `commitment`, so that a chain can be followed
    over entries that are not shown.
    """
    return _sha256(f"{previous_hash}\n{number}\n{sealed_at}\n{commitment(salt, event) if salt else event}")


def commitment(salt: str, event: str) -> str:
    """What stands for an entry that is not shown: SHA-256 over salt and text, hex. Nobody guesses it without the salt."""
    return _sha256(f"{salt}\n{event}")


def old_seal(previous_hash: str, event: str) -> str:
    """The seal of an entry of format 1."""
    return _sha256(previous_hash + event)


def digest(row: str) -> str:
    """The digest of a row's canonical text, hex."""
    return _sha256(row)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def row_sql(table: str, columns: Sequence[str], by_hash: Sequence[str]) -> str:
    """The canonical text of a row over these columns; `table` is its alias. The same that `ecpd_seal_row` hashes."""
    listed = ", ".join(_column(table, name, name in by_hash) for name in columns)
    return f"(SELECT to_jsonb(x) FROM (SELECT {listed}) x)::text"


def _column(table: str, name: str, by_hash: bool) -> str:
    quoted = f'{table}."{name}"'
    if by_hash:
        return f"encode(sha256(convert_to(to_jsonb({quoted}) #>> '{{}}', 'UTF8')), 'hex') AS \"{name}\""
    return quoted
