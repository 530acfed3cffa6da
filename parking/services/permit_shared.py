"""Two vehicles of one permit parked at once, where its class lets one park at a time: found in reads, asked of a person.

A watcher of every chunk of reads. What it finds is a finding like any other and is raised through the policy door; its
facts say whether the holder was warned before, because a warning comes first.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from parking.models import Finding, Permit, PermitPlate, Read, Zone
from parking.overtime.facts import Fact, duration
from parking.overtime.permits import Permit as Right
from parking.overtime.shared_permits import SharedUse, shared_uses
from parking.overtime.sighting import Sighting
from parking.permits.timeline import in_force
from parking.selectors.city import City, city
from parking.selectors.permit import spans_of
from parking.services.looking.tracks import load


def watch_shared_permits(reads: Sequence[Read]) -> None:
    """Keep a finding for each pair of one permit's vehicles that these reads complete."""
    seen = [read for read in reads if read.plate and read.zone_id is not None and read.state == Read.State.DONE]
    permits = _permits({read.plate for read in seen})
    if not permits:
        return
    here = city()
    uses = _uses(permits, seen, here)
    newest = {str(read.pk): read for read in reads}
    Finding.objects.bulk_create([_finding(permits[use.permit_id], use, newest) for use in uses], ignore_conflicts=True)


def _permits(plates: set[str]) -> dict[str, Permit]:
    """The permits of these plates that let one vehicle park at a time and have several, by number."""
    if not plates:
        return {}
    found = PermitPlate.objects.filter(plate__in=plates, place__gt=0, permit__terms__one_at_a_time=True,
                                       permit__terms__plates_max__gt=1)  # fmt: skip
    keys = set(found.values_list("permit", flat=True))
    if not keys:
        return {}
    rows = Permit.objects.filter(pk__in=keys).select_related("terms__permit_class")
    return {row.number: row for row in rows.prefetch_related("plates", "warnings")}


def _uses(permits: dict[str, Permit], seen: Sequence[Read], here: City) -> list[SharedUse]:
    spans = {number: spans_of(permit.plates.all()) for number, permit in permits.items()}
    plates = {span.plate for each in spans.values() for span in each}
    near = timedelta(minutes=here.parameters.shared_permit_minutes)
    begin, end = min(read.captured_at for read in seen) - near, max(read.captured_at for read in seen) + near
    sightings = [
        sighting
        for known in load(plates, begin, end, here)
        for sighting in known.value.all_sightings()
        if begin <= sighting.at <= end and sighting.plate in plates
    ]
    rights = [
        Right(number, tuple(sorted({span.plate for span in each})), begins=permits[number].begins,
              ends=permits[number].last_moment)
        for number, each in spans.items()
    ]  # fmt: skip
    uses = shared_uses(sightings, rights, _areas(permits), here.parameters)
    return [use for use in uses if _both_in_force(spans[use.permit_id], use)]


def _both_in_force(spans, use: SharedUse) -> bool:
    """Whether the permit had both plates when the second was seen: one swapped for the other is no sharing."""
    plates = {span.plate for span in in_force(spans, use.second.at)}
    before = {span.plate for span in in_force(spans, use.first.at)}
    return {use.first.plate, use.second.plate} <= plates and use.first.plate in before


def _areas(permits: dict[str, Permit]) -> dict[str, str]:
    """Zone id to the area of these permits it lies in; where a permit is valid everywhere, every area counts."""
    terms = {permit.terms_id for permit in permits.values()}
    everywhere = any(permit.terms.everywhere for permit in permits.values())
    through = Zone.areas.through.objects.all() if everywhere else Zone.areas.through.objects.filter(
        curbarea__permit_terms__in=terms
    )  # fmt: skip
    found: dict[str, str] = {}
    for zone_id, area_id in through.order_by("curbarea_id").values_list("zone_id", "curbarea_id"):
        found.setdefault(str(zone_id), str(area_id))
    return found


def _finding(permit: Permit, use: SharedUse, reads: dict[str, Read]) -> Finding:
    pair = sorted((use.first.plate, use.second.plate))
    day = timezone.localdate(use.second.at)
    completed = reads.get(use.second.id) or reads.get(use.first.id)
    return Finding(
        key=f"shared_permit:{permit.number}:{'+'.join(pair)}:{day}",
        found_at=timezone.now(),
        read_received_at=completed.received_at if completed else timezone.now(),
        content={
            "kind": "shared_permit", "breach": "shared_permit", "plate": use.second.plate,
            "plate_state": use.second.state or "", "vehicle": _vehicle(use.second), "zone": use.second.zone_id,
            "first": use.first.id, "last": use.second.id, "passes": [use.first.id, use.second.id],
            "limit_minutes": None, "elapsed_minutes": use.minutes, "minutes_over": None, "exact": True,
            "facts": [fact.as_data() for fact in _facts(permit, use)],
        },
    )  # fmt: skip


def _facts(permit: Permit, use: SharedUse) -> list[Fact]:
    apart = duration(use.minutes)
    facts = [
        Fact("shared_permit", f"{use.first.plate} and {use.second.plate} were both seen within {apart}",
             data={"permit": permit.number, "minutes": use.minutes}),
        Fact("permit", f"Both are on {permit}, which lets one of them park at a time", data={"permit": permit.number}),
    ]  # fmt: skip
    warned = max((warning.at for warning in permit.warnings.all()), default=None)
    if warned is None:
        return [*facts, Fact("warning", "The holder was not warned before: send a warning first", doubt=True)]
    return [*facts, Fact("warning", f"The holder was warned on {timezone.localdate(warned):%b %-d, %Y}")]


def _vehicle(sighting: Sighting) -> str:
    car = sighting.vehicle
    return " ".join(part for part in (car.color, car.make, car.model, car.type) if part)
