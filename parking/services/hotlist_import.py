"""A file of plates into a hotlist: looked at first, then taken in; the same file twice changes nothing."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from parking.hotlists.entries import EntryLine, Reject, read_entries
from parking.models import Hotlist, HotlistEntry, HotlistImport
from parking.services.hotlist import new_entry

AT_ONCE = 2_000


@dataclass
class Outcome:
    """What a file would do, or did. `changed`: plates whose line says something else than before."""

    taken: list[EntryLine] = field(default_factory=list)
    known: list[EntryLine] = field(default_factory=list)
    changed: list[tuple[HotlistEntry, EntryLine]] = field(default_factory=list)
    withdrawn: list[HotlistEntry] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    done: HotlistImport | None = None


def look_at_entries(*, hotlist: Hotlist, content: bytes, whole: bool = False) -> Outcome:
    """What the file would do; nothing is written. Raises UnreadableFile.

    `whole`: the file is the whole list, so that what is not in it is withdrawn.
    """
    today = timezone.localdate()
    last = today + timedelta(days=int(policy.parameter("hotlist_days_max")))
    lines, rejected = read_entries(content, today=today, last=last)
    outcome = Outcome(rejected=rejected)
    there = {(e.plate, e.plate_state): e for e in hotlist.entries.filter(withdrawn_at__isnull=True)}
    for line in lines:
        entry = there.pop((line.plate, line.state), None)
        if entry is None:
            outcome.taken.append(line)
        elif (entry.vehicle, entry.reference, entry.expires_on) == (line.vehicle, line.reference, line.expires_on):
            outcome.known.append(line)
        else:
            outcome.changed.append((entry, line))
    if whole:
        refused = {reject.plate for reject in rejected}
        outcome.withdrawn = [entry for entry in there.values() if entry.plate not in refused]
    return outcome


def import_entries(
    *, hotlist: Hotlist, content: bytes, file_name: str, actor: User, whole: bool = False
) -> Outcome:  # fmt: skip
    """Take in a file: all its good lines together, bad ones left out with their reason. Raises PolicyDenied,
    UnreadableFile.
    """
    with policy.door(actor, "hotlist.change", hotlist) as decision:
        outcome = look_at_entries(hotlist=hotlist, content=content, whole=whole)
        outcome.done = HotlistImport.objects.create(
            hotlist=hotlist, file_name=file_name[:255], sha256=hashlib.sha256(content).hexdigest(), whole=whole,
            taken=len(outcome.taken), known=len(outcome.known), changed=len(outcome.changed),
            withdrawn=len(outcome.withdrawn), rejected=[vars(reject) for reject in outcome.rejected], by=actor,
            decision=decision,
        )  # fmt: skip
        _withdraw([entry for entry, _ in outcome.changed], actor, f"A newer line came with {file_name}.")
        _withdraw(outcome.withdrawn, actor, f"No longer in {file_name}.")
        lines = [*outcome.taken, *(line for _, line in outcome.changed)]
        HotlistEntry.objects.bulk_create([_entry(outcome.done, line, actor) for line in lines], batch_size=AT_ONCE)
    return outcome


def _withdraw(entries: list[HotlistEntry], actor: User, reason: str) -> None:
    HotlistEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        withdrawn_at=timezone.now(), withdrawn_by=actor, withdrawn_reason=reason
    )


def _entry(source: HotlistImport, line: EntryLine, by: User) -> HotlistEntry:
    entry = new_entry(source.hotlist, by, plate=line.plate, plate_state=line.state, vehicle=line.vehicle,
                      reference=line.reference, expires_on=line.expires_on)  # fmt: skip
    entry.source_file = source
    return entry
