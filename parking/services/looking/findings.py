"""From changed tracks to stays on the screen and findings that wait for the policy door.

A stay that is over its limit is held against every pass by its spot while it lasted (`parking.overtime.absence`).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.utils import timezone

from parking.models import Alert, Finding, Read
from parking.models import Stay as StayRow
from parking.overtime.absence import parts_of
from parking.overtime.judge import Breach, judge
from parking.overtime.judge import Finding as Judged
from parking.overtime.passes import Glance, PassLog
from parking.overtime.permits import PermitIndex
from parking.overtime.stay import Stay
from parking.selectors.city import City
from parking.selectors.rights import rights_for
from parking.services.looking.passes import DOUBTED, log_of
from parking.services.looking.tracks import MEMORY, Known

# One statement for many rows, as for tracks.
STAYS = """
INSERT INTO parking_stay (track_id, zone_id, plate, plate_state, first_at, last_at, due_at, expires_at, ended_at,
    ended_why, exact, passes, longitude, latitude, allowed_by)
SELECT track_id, zone_id, plate, plate_state, first_at, last_at, due_at, expires_at, ended_at, ended_why, exact, passes,
    longitude, latitude, allowed_by
FROM jsonb_to_recordset(%s) AS n(track_id bigint, zone_id uuid, plate text, plate_state text, first_at timestamptz,
    last_at timestamptz, due_at timestamptz, expires_at timestamptz, ended_at timestamptz, ended_why text, exact boolean,
    passes int, longitude float, latitude float, allowed_by text)
"""

KIND = {Breach.OVERTIME: "overtime", Breach.NO_PARKING: "no_parking", Breach.NO_RETURN: "overtime"}
ENDED_IN_WORDS = {
    "elsewhere": "A read that came later shows the vehicle elsewhere in between.",
    "perhaps_elsewhere": "A read that came later may show the vehicle elsewhere in between.",
    "moved": "A read that came later shows that the vehicle moved in between.",
    "absent": "Reads that came later show that the patrol passed in between and did not read the vehicle there.",
}


def keep_findings(known: Iterable[Known], city: City, reads: Mapping[int, Read], fresh: Collection[Glance]) -> None:
    """Renew the stays of these tracks, keep what is over its limit, refute what no longer holds.

    `fresh`: glances of reads whose rows do not show yet where they were.
    """
    changed = [each for each in known if each.pk is not None]
    if not changed:
        return
    before = list(Finding.objects.filter(track__in=[each.pk for each in changed]))
    judged = _judge_all(changed, city, fresh, before)
    StayRow.objects.filter(track__in=[each.pk for each in changed]).delete()
    with connection.cursor() as cursor:
        cursor.execute(STAYS, [json.dumps([_stay_row(each, stay, found, city) for each, stay, found in judged])])
    _refute(before, judged)
    _restore(before, judged)
    new = [_finding(each, stay, found, reads) for each, stay, found in judged
             if found.breach is not Breach.NONE and not _known_already(stay, before)]  # fmt: skip
    Finding.objects.bulk_create(new, ignore_conflicts=True)


def _judge_all(
    changed: list[Known], city: City, fresh: Collection[Glance], before: list[Finding]
) -> list[tuple[Known, Stay, Judged]]:
    stays = [(each, stay) for each in changed for stay in each.value.stays]
    plates = {plate for _, stay in stays for plate in stay.readings}
    begin = min((stay.first.at for _, stay in stays), default=timezone.now()) - MEMORY
    rights = PermitIndex(rights_for(plates, begin, max((stay.expires_at for _, stay in stays), default=begin) + MEMORY))
    found = [(each, stay, judged(stay, city, rights)) for each, stay in stays]
    log = log_of([stay for _, stay, finding in found if finding.is_over], city, fresh)
    lasted = _lasted([(each, stay) for each, stay, finding in found if finding.is_over], before, fresh)
    return [
        (each, part, finding if part is stay else judged(part, city, rights))
        for each, stay, finding in found
        for part in (_parts(stay, log, city, lasted.get(id(stay))) if finding.is_over else (stay,))
    ]


def _parts(stay: Stay, log: PassLog, city: City, lasted: datetime | None) -> tuple[Stay, ...]:
    moving = not city.rules[stay.zone_id].forbids_return(stay.first.at, stay.last.at)
    return parts_of(stay, log, city.parameters, moving_counts=moving, lasted=lasted)


def _lasted(over: list[tuple[Known, Stay]], before: list[Finding], fresh: Collection[Glance]) -> dict[int, datetime]:
    """By a stay's id(): until when an earlier look, which left a finding on it, saw that it was one stay.

    What comes late is looked at from its own time on.
    """
    standing = defaultdict(list)
    for finding in before:
        if finding.state != Finding.State.REFUTED:
            standing[finding.track_id].append({finding.content["first"], finding.content["last"]})
    asked = [(each, stay) for each, stay in over if each.pk in standing]
    if not asked or not fresh:
        return {}
    earliest = min(glance.at for glance in fresh)
    rows = defaultdict(list)
    for row in StayRow.objects.filter(track__in=[each.pk for each, _ in asked]):
        rows[row.track_id].append(row)
    found = {}
    for each, stay in asked:
        ids = {sighting.id for sighting in stay.sightings}
        own = [row for row in rows[each.saved_pk] if row.first_at <= stay.last.at and row.last_at >= stay.first.at]
        one = len(own) == 1 and own[0].first_at == stay.first.at and own[0].ended_why not in DOUBTED
        if one and any(pair <= ids for pair in standing[each.pk]):
            found[id(stay)] = min(own[0].last_at, earliest)
    return found


def judged(stay: Stay, city: City, rights: PermitIndex) -> Judged:
    """The engine's finding on a stay at its newest sighting; nothing in a zone that is not enforced."""
    rules = city.rules.get(stay.zone_id)
    if rules is None:
        return Judged(Breach.NONE)
    # Exemptions are permits to the engine: it tells them apart by their type.
    near = {right.id: right for plate in stay.readings for right in rights.near(plate)}
    return judge(stay, rules, stay.last.at, city.parameters, permits=near.values())


def _stay_row(known: Known, stay: Stay, found: Judged, city: City) -> dict:
    lon = lat = None
    if stay.last.x is not None and stay.last.y is not None:
        lon, lat = city.index.projection.to_degrees(stay.last.x, stay.last.y)
    return {
        "track_id": known.saved_pk,
        "zone_id": stay.zone_id,
        "plate": stay.plate,
        "plate_state": stay.state,
        "first_at": stay.first.at.isoformat(),
        "last_at": stay.last.at.isoformat(),
        "due_at": found.due_at.isoformat() if found.due_at else None,
        "expires_at": stay.expires_at.isoformat(),
        "ended_at": stay.ended.at.isoformat() if stay.ended else None,
        "ended_why": stay.ended.why if stay.ended else "",
        "exact": stay.exact,
        "passes": len(stay.sightings),
        "longitude": lon,
        "latitude": lat,
        "allowed_by": ", ".join(held.permit.name for held in found.stopped_by)[:200],
    }


def _known_already(stay: Stay, before: list[Finding]) -> bool:
    """Whether this stay has a finding: whichever of its reads that one rests on."""
    ids = {sighting.id for sighting in stay.sightings}
    return any(
        finding.state != Finding.State.REFUTED and ids & {finding.content["first"], finding.content["last"]}
        for finding in before
    )


def _finding(known: Known, stay: Stay, found: Judged, reads: Mapping[int, Read]) -> Finding:
    completed_by = reads.get(int(found.last.id))
    return Finding(
        key=f"{found.breach.value}:{found.first.id}:{found.last.id}",
        track_id=known.saved_pk,
        found_at=timezone.now(),
        read_received_at=completed_by.received_at if completed_by else timezone.now(),
        content={
            "kind": KIND[found.breach],
            "breach": found.breach.value,
            "plate": stay.plate,
            "plate_state": stay.state,
            "vehicle": vehicle_words(stay),
            "zone": stay.zone_id,
            "first": found.first.id,
            "last": found.last.id,
            "passes": [sighting.id for sighting in stay.sightings],
            "limit_minutes": found.limit_minutes,
            "elapsed_minutes": found.elapsed_minutes,
            "minutes_over": found.minutes_over,
            "exact": found.exact,
            "facts": [fact.as_data() for fact in found.facts],
        },
    )


def vehicle_words(stay: Stay) -> str:
    """What the reader says of the car, the newest first: "blue Honda sedan"."""
    for sighting in reversed(stay.sightings):
        car = sighting.vehicle
        if words := " ".join(part for part in (car.color, car.make, car.model, car.type) if part):
            return words
    return ""


def _refute(before: list[Finding], judged_stays: list[tuple[Known, Stay, Judged]]) -> None:
    """A read that came late may show the vehicle elsewhere: what rested on its absence no longer counts."""
    for finding in before:
        if finding.state not in (Finding.State.FOUND, Finding.State.RAISED):
            continue
        pair = {finding.content["first"], finding.content["last"]}
        if any(pair <= {sighting.id for sighting in stay.sightings} for _, stay, _ in judged_stays):
            continue
        ending = next((stay.ended.why for _, stay, _ in judged_stays
                       if stay.ended and finding.content["first"] in {s.id for s in stay.sightings}), "")  # fmt: skip
        Finding.objects.filter(pk=finding.pk).update(
            state=Finding.State.REFUTED,
            refuted_why=ENDED_IN_WORDS.get(ending, "A read that came later speaks against this pair of reads."),
        )
        finding.state = Finding.State.REFUTED


def _restore(before: list[Finding], judged_stays: list[tuple[Known, Stay, Judged]]) -> None:
    """A read that came late may also show the vehicle where it was thought absent: what was refuted holds again."""
    for finding in before:
        if finding.state != Finding.State.REFUTED:
            continue
        pair = {finding.content["first"], finding.content["last"]}
        if any(
            found.is_over and pair <= {sighting.id for sighting in stay.sightings} for _, stay, found in judged_stays
        ):
            raised = Alert.objects.filter(key=finding.key).exists()
            finding.state = Finding.State.RAISED if raised else Finding.State.FOUND
            Finding.objects.filter(pk=finding.pk).update(state=finding.state, refuted_why="")
