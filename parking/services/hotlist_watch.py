"""Reads against hotlists: a hit is noted with the read's own transaction, then raised through the policy door (PK-01).

The alert says "verify with dispatch before you act" and what a person can compare; never why the plate is looked for.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from parking.hotlists.matching import fits
from parking.models import Alert, HotlistEntry, HotlistHit, PlateImage, Read
from parking.overtime.facts import Fact
from parking.plates.likeness import deletion_keys
from parking.selectors.hotlist import entries_near
from parking.services import second_opinion
from parking.services.keeping import keep_for

AT_ONCE = 200


def watch_hotlists(reads: Sequence[Read]) -> None:
    """Note every hit of a chunk of reads; what is noted is raised once the chunk is safe. One query without a hit."""
    legible = [read for read in reads if read.plate]
    near: dict[str, list[HotlistEntry]] = defaultdict(list)
    for entry in entries_near({read.plate for read in legible}):
        for key in entry.keys:
            near[key].append(entry)
    hits = [hit for read in legible for hit in _hits_of(read, near)] if near else []
    if hits:
        HotlistHit.objects.bulk_create(hits, ignore_conflicts=True)
        transaction.on_commit(raise_hits, robust=True)


def _hits_of(read: Read, near: dict[str, list[HotlistEntry]]) -> list[HotlistHit]:
    entries = {entry.pk: entry for key in deletion_keys(read.plate) for entry in near.get(key, ())}
    hits = []
    for entry in entries.values():
        fit = fits(read.plate, read.plate_state, entry.plate, entry.plate_state)
        if fit is not None:
            day = timezone.localdate(read.captured_at)
            hits.append(HotlistHit(entry=entry, plate=read.plate, day=day, exact=fit.exact, look_alike=fit.look_alike,
                                   read=read))  # fmt: skip
    return hits


def raise_hits() -> int:
    """Raise every hit that waits; returns how many became alerts. Safe to run twice, at the same time too."""
    waiting = HotlistHit.objects.filter(state=HotlistHit.State.FOUND).order_by("pk").values_list("pk", flat=True)
    return sum(_raise(pk) for pk in list(waiting[:AT_ONCE]))


def _raise(pk: int) -> bool:
    hit = HotlistHit.objects.select_related(
        "entry__hotlist", "read__device__registered_by", "read__zone"
    ).get(pk=pk)  # fmt: skip
    if hit.read is None:
        return _settle(hit)
    alert = _alert_of(hit, hit.read)
    try:
        with policy.door(hit.read.device.registered_by, "alert.raise", alert, hit=hit) as decision:
            if HotlistHit.objects.select_for_update().get(pk=pk).state != HotlistHit.State.FOUND:
                return False
            alert.decision = decision
            alert.save(force_insert=True)
            HotlistHit.objects.filter(pk=pk).update(state=HotlistHit.State.RAISED, alert=alert)
            keep_for(alert, [hit.read.pk])
            second_opinion.ask(PlateImage.objects.filter(read=hit.read))
    except PolicyDenied:
        return _settle(hit)
    return True


def _settle(hit: HotlistHit) -> bool:
    HotlistHit.objects.filter(pk=hit.pk, state=HotlistHit.State.FOUND).update(state=HotlistHit.State.DENIED)
    return False


def _alert_of(hit: HotlistHit, read: Read) -> Alert:
    car = " ".join(part for part in (read.color, read.make, read.model, read.type) if part)
    return Alert(
        kind=Alert.Kind.HOTLIST, key=hit.key, plate=read.plate, plate_state=read.plate_state, vehicle=car[:120],
        zone=read.zone, place=str(read.zone or ""), device=read.device, last_read=read, last_at=read.captured_at,
        exact=hit.exact, facts=[fact.as_data() for fact in _facts(hit, read, car)], detail={"hit": hit.pk},
    )  # fmt: skip


def _facts(hit: HotlistHit, read: Read, car: str) -> list[Fact]:
    """What a person compares before dispatch is called: letters, state, vehicle."""
    entry = hit.entry
    facts = [Fact("verify", "Somebody looks for this plate. Verify with dispatch before you act.", doubt=True)]
    if hit.exact:
        facts.append(Fact("letters", f"The reader read the listed letters, {entry.plate}. Compare each one."))
    else:
        words = (
            f"The reader read {read.plate}, the list says {entry.plate}: {hit.look_alike} look alike. Compare each one."
        )
        facts.append(Fact("letters", words, doubt=True))
    listed, seen = entry.plate_state.removeprefix("US-"), read.plate_state.removeprefix("US-")
    if listed and seen:
        facts.append(Fact("state", f"State: {seen} read, {listed} listed."))
    else:
        words = f"State: {seen or 'not read'}, {listed or 'none'} listed. Read it off the plate."
        facts.append(Fact("state", words, doubt=True))
    words = f"Vehicle: {car or 'not seen by the reader'}; listed as {entry.vehicle or 'nothing'}. Compare them."
    facts.append(Fact("vehicle", words, doubt=True))
    return facts
