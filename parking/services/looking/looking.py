"""The worker's loop: whatever waits is looked at in the order it was captured, one transaction a chunk.

One worker at a time holds the engine (an advisory lock), so that reads of one vehicle never meet halfway. What a chunk
finds is a row before it is raised: a worker that dies between the two leaves a finding that the next one raises.
"""

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from parking.models import Read
from parking.overtime.observation import Observation
from parking.overtime.sighting import Sighting
from parking.selectors.city import City, city
from parking.services.looking.findings import keep_findings
from parking.services.looking.joining import Joined, Joiner
from parking.services.looking.memory import memory
from parking.services.looking.passes import glances_of, remember, worth_another_look
from parking.services.looking.raising import raise_findings
from parking.services.looking.tracks import save, sighting_of_read

CHUNK = 400
ENGINE_LOCK = 0x9A11
RESULT = """
UPDATE parking_read r SET state = n.state, looked_at = %(now)s, zone_id = n.zone, zone_probability = n.probability,
    alternatives = coalesce(n.alternatives, '[]'::jsonb), x = n.x, y = n.y, sigma_m = n.sigma
FROM jsonb_to_recordset(%(rows)s) AS n(id bigint, state text, zone uuid, probability float, alternatives jsonb,
    x float, y float, sigma float)
WHERE r.id = n.id
"""

# What else is done with a chunk inside its transaction: hotlists, for instance. (reads, now) -> None
Watcher = Callable[[Sequence[Read]], None]
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> Watcher:
    """Add a watcher, from AppConfig.ready. It sees every read with a plate once, placed or not."""
    if watcher not in _watchers:
        _watchers.append(watcher)
    return watcher


def look_at_all(then: Callable[[], object] | None = None) -> int:
    """Look at every read that waits; returns how many.

    `then` sees to what was found, by each chunk or earlier; without it, it is raised here.
    """
    see_to_it, looked = then or raise_findings, 0
    while count := _look_at_chunk():
        looked += count
        see_to_it()
    if not looked:
        see_to_it()
    return looked


def _look_at_chunk() -> int:
    alone = not connection.in_atomic_block
    try:
        with _garbage_waits(), transaction.atomic():
            return _locked(alone)
    except BaseException:
        memory.forget()
        raise


@contextmanager
def _garbage_waits() -> Iterator[None]:
    """No search for unreachable cycles while a chunk is looked at: it would cost a third of the time.

    Afterwards only what this chunk made is searched. What is left of it is the memory of tracks and glances; searching
    a day of them would keep the worker from looking for over a second, and then soon again, so they are never searched.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        gc.freeze()
        if searched:
            gc.enable()


def _locked(alone: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ENGINE_LOCK])
    reads = list(Read.objects.filter(state=Read.State.RECEIVED).order_by("captured_at", "pk")[:CHUNK])
    if reads:
        here = city()
        if alone:
            memory.begin(here)
        else:
            memory.forget()
        _look(reads, here)
    return len(reads)


def _look(reads: list[Read], here: City) -> None:
    located = here.index.locate_many([_observation(read) for read in reads])
    sightings = [sighting_of_read(read, place) for read, place in zip(reads, located, strict=True)]
    placed = [sighting for sighting in sightings if sighting.x is not None and sighting.plate]
    joined: list[Joined] = []
    fresh = glances_of(reads, sightings)
    remember(fresh, here)
    if placed:
        joiner = Joiner(placed, here)
        joined = [joiner.join(sighting) for sighting in placed]
        save(joiner.known, here)
        changed = [each for each in joiner.known if each.changed]
        again = worth_another_look(placed, here, [each.pk for each in changed if each.pk is not None])
        keep_findings([*changed, *again], here, {read.pk: read for read in reads}, fresh)
    repeats = {each.sighting.id for each in joined if each.repeat}
    _note(reads, [_result(sighting, repeats, here) for sighting in sightings])
    for watcher in _watchers:
        watcher(reads)


def _note(reads: list[Read], rows: list[dict]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RESULT, {"now": timezone.now(), "rows": json.dumps(rows)})
    for read, row in zip(reads, rows, strict=True):
        read.zone_id, read.state, read.x, read.y = row["zone"], row["state"], row["x"], row["y"]


def _result(sighting: Sighting, repeats: set[str], here: City) -> dict:
    state = Read.State.DONE
    if sighting.x is None:
        state = Read.State.UNPLACED
    elif sighting.zone_id is None:
        state = Read.State.AMBIGUOUS
    elif sighting.id in repeats:
        state = Read.State.REPEAT
    lon = lat = None
    if sighting.x is not None and sighting.y is not None:
        lon, lat = here.index.projection.to_degrees(sighting.x, sighting.y)
    return {
        "id": int(sighting.id),
        "state": state.value,
        "zone": sighting.zone_id,
        "probability": sighting.probability,
        "alternatives": [[zone, round(chance, 3)] for zone, chance in sighting.possible[:4]],
        "x": lon,
        "y": lat,
        "sigma": sighting.sigma_m,
    }


def _observation(read: Read) -> Observation:
    told = read.observed
    return Observation(
        at=read.captured_at,
        latitude=told["lat"] if told else read.latitude,
        longitude=told["lon"] if told else read.longitude,
        accuracy_m=read.accuracy_m,
        heading=read.heading,
        speed_mps=read.speed_mps,
        camera_side=read.camera_side,
        of_target=told is not None,
    )
