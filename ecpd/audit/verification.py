"""Proving that the record is untouched, without trusting the database's own word for it.

The database only prints canonical texts; every hash is made here. Anyone who may read can verify; only the sealer's
role can keep the result.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from ecpd.audit.chainwalk import Walk
from ecpd.audit.findings import MAX_FINDINGS, Finding, Findings, Progress, silent, snapshot
from ecpd.audit.histories import hands, walk_histories
from ecpd.audit.models import ChainCheck, ChainHead, CheckRequest, Stamp, Unsealed
from ecpd.audit.oldseals import walk_old_decisions
from ecpd.audit.rowwalk import walk_rows
from ecpd.audit.sealer import Waiting, waiting
from ecpd.audit.timestamps import NotStamped, configured_roots, head_text, roots, verified
from ecpd.audit.tombstones import walk_tombstones

__all__ = ["MAX_FINDINGS", "Finding", "Verification", "keep", "known_heads", "verify", "verify_and_record"]

NOTHING_WAITS = Waiting(0, 0.0, None)
A_SECOND = timedelta(seconds=1)  # tokens are read to the second


@dataclass(frozen=True)
class Verification:
    """What a walk found: the first 50 breaks and how many there are. `head` is (number, hash) of the last entry.

    `erased`: key of each opt-out to how many rows were erased under it. `late`: number of each
    transaction that lasted for more than an hour to how many of its entries stand behind later ones; no break.
    `hands`: database role and table to how many changes and removals its sessions made. `foreign`: entries whose time
    stamps are of a root that the installation's file of the authority does not hold.
    `anew`: table and day to how many rows were sealed anew over other columns; no break, a migration does so.
    `waiting`: what has no seal yet.
    """

    entries: int
    rows: int
    findings: list[Finding]
    breaks: int
    head: tuple[int, str]
    seconds: float
    erased: dict[int, int] = field(default_factory=dict)
    late: dict[int, int] = field(default_factory=dict)
    anew: dict[tuple[str, str], int] = field(default_factory=dict)
    hands: dict[tuple[str, str], int] = field(default_factory=dict)
    foreign: list[int] = field(default_factory=list)
    waiting: Waiting = NOTHING_WAITS

    @property
    def nothing_sealed(self) -> bool:
        """Whether entries wait and none ever got a seal: then nothing is proven, whatever fits."""
        return bool(self.waiting.events) and not self.entries

    @property
    def intact(self) -> bool:
        """Whether there is a chain, or nothing that it would hold, and everything fits."""
        return not self.breaks and not self.nothing_sealed


def verify(
    noted_heads: list[tuple[int, str]] | None = None, progress: Progress = silent, *, rows: bool = True,
    tell: Callable[[Finding], None] = lambda found: None,
) -> Verification:  # fmt: skip
    """Walk the chain and every sealed row; compare with the noted heads (by default `known_heads`).

    Without `rows` only the chain is walked: its own entries, not what they tell of. A head is (number, hash).
    `progress` is told what is looked at ("entries", "rows") and how many were; `tell` gets each break as it is found, of
    which the result keeps the first 50. Raises nothing of its own: what is
    wrong is in the findings.
    """
    started, findings = time.monotonic(), Findings(tell)
    with snapshot():
        heads = known_heads() if noted_heads is None else noted_heads
        walk = Walk(findings, heads, progress)
        walk.go()
        foreign = walk_stamps(findings)
        walk_old_decisions(findings)
        looked_at = walk_rows(findings, progress) if rows else 0
        anew = walk_histories(findings) if rows else {}
        by_role = hands() if rows else {}
        erased = walk_tombstones(findings) if rows else {}
        unsealed, waits = waiting(), Unsealed.objects.exists()
    if looked_at and not walk.entries and not waits:
        findings.add(0, "empty", f"The chain is empty, and {looked_at:,} sealed rows are there.")
    return Verification(
        walk.entries,
        looked_at,
        findings.kept,
        findings.count,
        (walk.number, walk.hash),
        time.monotonic() - started,
        dict(erased),
        dict(walk.late),
        dict(anew),
        dict(by_role),
        foreign,
        unsealed,
    )


def known_heads() -> list[tuple[int, str]]:
    """Number and seal of each entry that was noted or stamped by an authority."""
    stamped = Stamp.objects.filter(result=Stamp.Result.STAMPED)
    return [pair for heads in (ChainHead.objects.all(), stamped) for pair in heads.values_list("number", "hash")]


def walk_stamps(findings: Findings) -> list[int]:
    """Name each time stamp that is not of the head it stands beside, of its authority or of its time.

    Returns the entries whose stamps are of another authority than the installation's file names: it may have had another.
    """
    own = configured_roots()
    foreign: list[int] = []
    for made in Stamp.objects.filter(result=Stamp.Result.STAMPED).order_by("pk").iterator(chunk_size=500):
        try:
            signed = verified(made.certificates, made.token, head_text(made.number, made.hash))
        except NotStamped as error:
            findings.add(made.number, "token", f"The time stamp of entry {made.number:,} does not hold. {error}")
            continue
        if made.stamped_at is None or abs(made.stamped_at - signed) > A_SECOND:
            words = f"The time stamp of entry {made.number:,} was signed at {signed:%Y-%m-%d %H:%M:%S} UTC, not when it says."
            findings.add(made.number, "token", words)
        if own and not roots(made.certificates) <= own:
            foreign.append(made.number)
    return foreign


def keep(result: Verification, *, started_by: Any = None, request: CheckRequest | None = None) -> ChainCheck:
    """Keep a result, and note the new head when all is well. For the sealer's role only."""
    number, seal = result.head
    check = ChainCheck.objects.create(
        started_by=started_by,
        request=request,
        entries=result.entries,
        rows=result.rows,
        result=ChainCheck.Result.INTACT if result.intact else ChainCheck.Result.BROKEN,
        findings=[asdict(finding) for finding in result.findings],
        hands=[[*which, count] for which, count in sorted(result.hands.items())],
        foreign=result.foreign[:MAX_FINDINGS],
        head_hash=seal,
        seconds=result.seconds,
    )
    if result.intact and number:
        ChainHead.objects.create(number=number, hash=seal, kept_at="this database")
    return check


def verify_and_record(
    *, started_by: Any = None, request: CheckRequest | None = None,
    extra_heads: list[tuple[int, str]] | None = None, progress: Progress = silent,
) -> ChainCheck:  # fmt: skip
    """Verify, against the noted heads and more, and keep the result. For the sealer's role only."""
    heads = [*known_heads(), *(extra_heads or [])]
    return keep(verify(heads, progress), started_by=started_by, request=request)
