"""Tracks in the database: loaded by the keys of their plates, saved with the stays they add up to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection

from parking.ingest.canonical import Vehicle
from parking.models import Read, Track
from parking.overtime.sighting import Link, Sighting
from parking.overtime.stay import Track as Value
from parking.overtime.stay import rebuild
from parking.overtime.together import Together
from parking.plates.likeness import deletion_keys
from parking.selectors.city import City
from parking.services.looking.memory import memory

# One statement for many rows: an ORM's bulk update builds an expression a field and row.
RENEW = """
UPDATE parking_track t SET plate = n.plate, plate_state = n.plate_state, keys = n.keys, sightings = n.sightings,
    first_at = n.first_at, last_at = n.last_at
FROM jsonb_to_recordset(%s) AS n(id bigint, plate text, plate_state text, keys text[], sightings jsonb,
    first_at timestamptz, last_at timestamptz)
WHERE t.id = n.id
"""
MEMORY = timedelta(hours=24)  # a track that was not seen for longer is another track


@dataclass
class Known:
    """A track with its row (None when it is new) and whether this look changed it."""

    value: Value = field(default_factory=Value)
    row: Track | None = None
    changed: bool = False

    @property
    def plates(self) -> set[str]:
        """Every reading in it."""
        return {sighting.plate for sighting in self.value.all_sightings()}


def load(plates: Iterable[str], begin: datetime, end: datetime, city: City) -> list[Known]:
    """Tracks that one of these plates may belong to, as they were from a day before `begin` to a day after `end`."""
    keys = sorted({key for plate in plates for key in deletion_keys(plate)})
    rows = Track.objects.filter(keys__any_of=keys, last_at__gte=begin - MEMORY, first_at__lte=end + MEMORY)
    found = sorted(rows.values_list("pk", flat=True))
    kept = {pk: known for pk in found if (known := memory.track(pk)) is not None and _is_since(known, begin - MEMORY)}
    missing = Track.objects.in_bulk([pk for pk in found if pk not in kept])
    return [kept[pk] if pk in kept else known_of(missing[pk], city, begin - MEMORY) for pk in found]


def _is_since(known: Known, since: datetime) -> bool:
    """Whether a track as it is kept is also what its sightings since a moment make it."""
    return known.value.all_sightings()[0].at >= since


def known_of(row: Track, city: City, since: datetime) -> Known:
    """A track as its sightings since a moment make it."""
    sightings = _sightings(row, city, since)
    return Known(rebuild(sightings, city.index.places, city.parameters, Together(city.index)), row)


def _sightings(row: Track, city: City, since: datetime) -> list[Sighting]:
    found = [sighting_of_data(data, city) for data in row.sightings]
    return [sighting for sighting in found if sighting.at >= since]


def save(known: Iterable[Known], city: City) -> None:
    """Write changed tracks; afterwards each has its row."""
    changed = [each for each in known if each.changed]
    rows = []
    for each in changed:
        each.row = _fill(each.row or Track(), each.value, city)
        rows.append(each.row)
    before = [row for row in rows if row.pk is not None]
    Track.objects.bulk_create([row for row in rows if row.pk is None])
    if before:
        with connection.cursor() as cursor:
            cursor.execute(RENEW, [json.dumps([_as_row(row) for row in before])])
    for each, row in zip(changed, rows, strict=True):
        memory.keep_track(row.pk, each)


def _as_row(row: Track) -> dict:
    names = ("id", "plate", "plate_state", "keys", "sightings")
    times = {"first_at": row.first_at.isoformat(), "last_at": row.last_at.isoformat()}
    return {name: getattr(row, name) for name in names} | times


def _fill(row: Track, value: Value, city: City) -> Track:
    seen = value.all_sightings()
    newest = value.current
    row.plate = newest.plate if newest else seen[-1].plate
    row.plate_state = (newest.state if newest else seen[-1].state) or ""
    row.keys = sorted({key for sighting in seen for key in deletion_keys(sighting.plate)})
    row.sightings = [data_of(sighting, city) for sighting in seen]
    row.first_at, row.last_at = seen[0].at, seen[-1].at
    return row


def sighting_of_read(read: Read, located) -> Sighting:
    """A read with its place."""
    return Sighting(
        id=str(read.pk),
        plate=read.plate,
        at=read.captured_at,
        zone_id=located.zone_id,
        possible=located.alternatives,
        x=located.x,
        y=located.y,
        along_m=located.along_m,
        sigma_m=located.sigma_m,
        probability=located.probability,
        state=read.plate_state,
        look=located.look,
        vehicle=Vehicle(read.make, read.model, read.color, read.type),
    )


def data_of(sighting: Sighting, city: City) -> list:
    """A sighting as JSON keeps it; the place in degrees, because the flat map's middle moves with the zones."""
    lon = lat = None
    if sighting.x is not None and sighting.y is not None:
        lon, lat = city.index.projection.to_degrees(sighting.x, sighting.y)
    car = sighting.vehicle
    return [
        sighting.id, sighting.plate, sighting.at.timestamp(), sighting.zone_id, [list(each) for each in sighting.possible],
        lon, lat, sighting.along_m, sighting.sigma_m, sighting.probability, sighting.state,
        [car.make, car.model, car.color, car.type], sighting.link.value, list(sighting.reasons), sighting.look,
    ]  # fmt: skip


def sighting_of_data(data: list, city: City) -> Sighting:
    """The sighting again."""
    (id_, plate, at, zone_id, possible, lon, lat, along, sigma, probability, state, car, link, reasons, look) = data
    x = y = None
    if lon is not None:
        x, y = city.index.projection.to_metres(lon, lat)
    return Sighting(
        id=id_, plate=plate, at=datetime.fromtimestamp(at, UTC), zone_id=zone_id,
        possible=tuple((zone, chance) for zone, chance in possible), x=x, y=y, along_m=along, sigma_m=sigma,
        probability=probability, state=state, vehicle=Vehicle(*car), link=Link(link), reasons=tuple(reasons),
        look=look,
    )  # fmt: skip
