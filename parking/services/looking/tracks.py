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
UPDATE parking_track t SET plate = n.plate, plate_state = n.plate_state, keys = n.keys,
    sightings = CASE WHEN n.goes_on THEN t.sightings || n.sightings ELSE n.sightings END,
    first_at = n.first_at, last_at = n.last_at
FROM jsonb_to_recordset(%s) AS n(id bigint, plate text, plate_state text, keys text[], goes_on boolean, sightings jsonb,
    first_at timestamptz, last_at timestamptz)
WHERE t.id = n.id
"""
MEMORY = timedelta(hours=24)  # a track that was not seen for longer is another track


@dataclass
class Known:
    """A track with its row's key (None when it is new) and whether this look changed it.

    `written`: the sightings that the row holds, None when they are to be written anew.
    """

    value: Value = field(default_factory=Value)
    pk: int | None = None
    changed: bool = False
    written: tuple[Sighting, ...] | None = None

    @property
    def saved_pk(self) -> int:
        """Its row's key. Raises ValueError when it has no row yet."""
        if self.pk is None:
            raise ValueError("This track is not saved yet.")
        return self.pk

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
    held = [sighting_of_data(data, city) for data in row.sightings]
    recent = [sighting for sighting in held if sighting.at >= since]
    value = rebuild(recent, city.index.places, city.parameters, Together(city.index))
    return Known(value, row.pk, written=value.all_sightings() if len(recent) == len(held) else None)


def save(known: Iterable[Known], city: City) -> None:
    """Write changed tracks; afterwards each has its row's key."""
    changed = [each for each in known if each.changed]
    renewed = [_renewed(each, city) for each in changed if each.pk is not None]
    if renewed:
        with connection.cursor() as cursor:
            cursor.execute(RENEW, [json.dumps(renewed)])
    new = [each for each in changed if each.pk is None]
    for each, row in zip(new, Track.objects.bulk_create([_new_row(each, city) for each in new]), strict=True):
        each.pk = row.pk
    for each in changed:
        each.written = each.value.all_sightings()
        memory.keep_track(each.saved_pk, each)


def _new_row(known: Known, city: City) -> Track:
    sightings = [data_of(sighting, city) for sighting in known.value.all_sightings()]
    return Track(sightings=sightings, **_columns(known))


def _renewed(known: Known, city: City) -> dict:
    """A row's new content as JSON; of the sightings only those it has not, when they come after all it has."""
    seen, held = known.value.all_sightings(), known.written or ()
    goes_on = bool(held) and seen[: len(held)] == held
    new = [data_of(sighting, city) for sighting in (seen[len(held) :] if goes_on else seen)]
    columns = _columns(known)
    times = {name: columns[name].isoformat() for name in ("first_at", "last_at")}
    return columns | times | {"id": known.pk, "goes_on": goes_on, "sightings": new}


def _columns(known: Known) -> dict:
    seen = known.value.all_sightings()
    newest = known.value.current
    return {
        "plate": newest.plate if newest else seen[-1].plate,
        "plate_state": (newest.state if newest else seen[-1].state) or "",
        "keys": sorted({key for plate in known.plates for key in deletion_keys(plate)}),
        "first_at": seen[0].at,
        "last_at": seen[-1].at,
    }


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
