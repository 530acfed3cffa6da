"""Proving that the chain is untouched, without trusting the database's own word for it.

The database only prints each row's canonical text; the hashes are made here.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import connection

from ecpd.audit.models import AuditEvent, ChainCheck, ChainHead
from ecpd.audit.models.event import CANONICAL_SQL

FIRST_PREVIOUS = "0" * 64
MAX_FINDINGS = 50


@dataclass(frozen=True)
class Finding:
    """One break: the entry's number, its kind (changed, missing, reordered, inserted, cut) and a sentence."""

    number: int
    kind: str
    sentence: str


@dataclass(frozen=True)
class Verification:
    """What a walk along the chain found. `head` is (number, hash) of the last entry."""

    entries: int
    findings: list[Finding]
    head: tuple[int, str]
    seconds: float

    @property
    def intact(self) -> bool:
        """Whether every entry fits."""
        return not self.findings


def verify(noted_heads: list[tuple[int, str]] | None = None) -> Verification:
    """Walk the chain from the first entry; compare it with the noted heads (by default those of ChainHead).

    A head is (number, hash). Raises nothing: what is wrong is in the findings, the first 50 of them.
    """
    started = time.monotonic()
    if noted_heads is None:
        noted_heads = list(ChainHead.objects.values_list("number", "hash"))
    findings: list[Finding] = []
    expected, previous, entries = 1, FIRST_PREVIOUS, 0
    heads = dict(noted_heads)
    for number, previous_hash, stored, canonical in _rows():
        entries += 1
        finding = _check(number, expected, previous_hash, previous, stored, canonical)
        if finding is None and heads.get(number, stored) != stored:
            finding = Finding(number, "changed", f"Entry {number:,} does not carry the seal that was noted for it.")
        if finding is not None and len(findings) < MAX_FINDINGS:
            findings.append(finding)
        expected, previous = number + 1, stored
    for number in sorted(heads):
        if number >= expected and len(findings) < MAX_FINDINGS:
            findings.append(_cut(expected - 1, number))
            break
    return Verification(entries, findings, (expected - 1, previous), time.monotonic() - started)


def _check(number, expected, previous_hash, previous, stored, canonical) -> Finding | None:
    if number > expected:
        missing = f"{expected:,}" if number == expected + 1 else f"{expected:,} to {number - 1:,}"
        return Finding(expected, "missing", f"Entry {missing} is gone: the next one there is {number:,}.")
    if number < expected:
        return Finding(number, "inserted", f"Entry {number:,} stands twice: one of the two was slipped in.")
    seal = hashlib.sha256((previous_hash + canonical).encode()).hexdigest()
    if seal != stored:
        return Finding(number, "changed", f"Entry {number:,} was changed after it was written.")
    if previous_hash != previous:
        return Finding(number, "reordered", f"Entry {number:,} does not follow the entry that stands before it.")
    return None


def _cut(last: int, noted: int) -> Finding:
    return Finding(
        last + 1, "cut", f"The chain ends at entry {last:,}, but entry {noted:,} was noted: the end was cut."
    )


def _rows() -> Iterator[tuple[int, str, str, str]]:
    table = AuditEvent._meta.db_table
    sql = f"SELECT number, previous_hash, hash, {CANONICAL_SQL.format(row='e')} FROM {table} e ORDER BY number, id"
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(2000):
            yield from rows


def verify_and_record(*, started_by=None, extra_heads: list[tuple[int, str]] | None = None) -> ChainCheck:
    """Verify, keep the result, and note the new head when all is well."""
    heads = list(ChainHead.objects.values_list("number", "hash")) + list(extra_heads or [])
    result = verify(heads)
    number, seal = result.head
    check = ChainCheck.objects.create(
        started_by=started_by,
        entries=result.entries,
        result=ChainCheck.Result.INTACT if result.intact else ChainCheck.Result.BROKEN,
        findings=[asdict(finding) for finding in result.findings],
        head_hash=seal,
        seconds=result.seconds,
    )
    if result.intact and number:
        ChainHead.objects.create(number=number, hash=seal, kept_at="this database")
    return check
