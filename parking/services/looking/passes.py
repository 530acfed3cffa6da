"""What patrols read round stays that are over their time, and which stays a late delivery makes worth another look."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db.models import F, Q

from parking.models import Read, Track
from parking.models import Stay as StayRow
from parking.overtime.observation import Observation, look_direction
from parking.overtime.passes import CELL_M, PAUSE, Glance, PassLog, glance_of
from parking.overtime.sighting import Sighting
from parking.overtime.stay import Stay
from parking.selectors.city import City
from parking.services.looking.memory import memory
from parking.services.looking.tracks import MEMORY, Known, known_of

DOUBTED = ("absent", "moved")  # what passes by its spot say of a stay that a late read may say otherwise
COLUMNS = ("pk", "device_id", "camera_side", "captured_at", "heading", "speed_mps", "x", "y", "plate")
DEGREE_M = 111_320.0


def glances_of(reads: Iterable[Read], sightings: Iterable[Sighting]) -> list[Glance]:
    """The glances of reads and their places, both in one order."""
    return [
        glance_of(sighting, str(read.device_id), read.camera_side)
        for read, sighting in zip(reads, sightings, strict=True)
    ]


def remember(fresh: Collection[Glance], city: City) -> None:
    """Keep what a look sees for the looks to come."""

    def load(since: datetime, until: datetime) -> list[Glance] | None:
        if Read.objects.filter(captured_at__gt=until).exclude(state=Read.State.RECEIVED).exists():
            return None
        return _read(Q(captured_at__gte=since), city)

    memory.add(fresh, load)


def log_of(stays: Collection[Stay], city: City, fresh: Collection[Glance]) -> PassLog:
    """Everything read near these stays while they lasted. `fresh`: glances not yet in the rows."""
    if not stays:
        return PassLog(fresh)
    begin, end = min(stay.first.at for stay in stays) - PAUSE, max(stay.last.at for stay in stays) + PAUSE
    kept = memory.log(begin)
    if kept is not None:
        return kept
    near = Q()
    for stay in stays:
        near |= _near(stay, city)
    log = PassLog(fresh)
    log.add(_read(near & Q(captured_at__range=(begin, end)), city))
    return log


def _read(which: Q, city: City) -> list[Glance]:
    """Glances from the rows, in one query."""
    rows = Read.objects.filter(which).exclude(state=Read.State.RECEIVED)
    return _glances(list(rows.order_by().values_list(*COLUMNS)), city)


def _near(stay: Stay, city: City) -> Q:
    """Reads within a cell or so of a stay while it lasted, and those of that time whose place is not known."""
    spot = stay.certain[-1]
    if spot.x is None or spot.y is None:
        return Q(pk__in=[])
    lon, lat = city.index.projection.to_degrees(spot.x, spot.y)
    north = 1.5 * CELL_M / DEGREE_M
    east = north / np.cos(np.radians(lat))
    zones = city.index.zones_near(spot.x, spot.y, 1.5 * CELL_M)
    box = Q(x__range=(lon - east, lon + east), y__range=(lat - north, lat + north))
    of_time = Q(captured_at__range=(stay.first.at - PAUSE, stay.last.at + PAUSE))
    return of_time & ((box & (Q(zone__in=zones) | Q(zone__isnull=True))) | Q(state=Read.State.UNPLACED))


def _glances(rows: Sequence[tuple], city: City) -> list[Glance]:
    placed = [row for row in rows if row[6] is not None]
    lon, lat = (np.array([row[column] for row in placed], dtype=float) for column in (6, 7))
    x, y = city.index.projection.to_metres(lon, lat)
    where = {row[0]: place for row, place in zip(placed, zip(x.tolist(), y.tolist(), strict=True), strict=True)}
    found = []
    for pk, device, side, at, heading, speed, _, _, plate in rows:
        look = look_direction(Observation(at, heading=heading, speed_mps=speed, camera_side=side), city.parameters)
        known = pk in where and look != (0.0, 0.0)
        east, north = where.get(pk, (0.0, 0.0))
        found.append(Glance(str(pk), str(device), side, at, east, north, look if known else None, plate))
    return found


def worth_another_look(sightings: Sequence[Sighting], city: City, but: Iterable[int]) -> list[Known]:
    """Tracks whose stays are over their time, or were ended by passes, and lasted while these sightings were made.

    A late delivery shows passes that nobody knew of. Tracks with the keys `but` are left out.
    """
    zones = [UUID(zone_id) for zone_id in sorted({zone_id for each in sightings for zone_id, _ in each.possible})]
    begin, end = min(each.at for each in sightings), max(each.at for each in sightings)
    over = Q(due_at__lt=F("last_at")) | Q(ended_why__in=DOUBTED)
    # A stay that passes ended goes on in the next one, so one that ended shortly before counts as well.
    late = timedelta(minutes=city.parameters.first_read_valid_minutes)
    stays = StayRow.objects.filter(over, zone__in=zones, first_at__lt=end, last_at__gt=begin - late)
    stays = stays.filter(Q(last_at__gt=begin) | Q(ended_why__in=DOUBTED))
    rows = Track.objects.filter(pk__in=stays.values("track"), last_at__gt=begin).exclude(pk__in=list(but))
    return [known_of(row, city, row.last_at - MEMORY) for row in rows.order_by("pk")]
