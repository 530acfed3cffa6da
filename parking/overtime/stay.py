"""A stay: one vehicle in one place from its first sighting on, as data, and how sightings change it.

A vehicle's track is a function of the set of its sightings, whatever order they arrive in: `apply` adds one and gives
what `rebuild` gives for all of them. Nothing is kept anywhere else, so a restart changes nothing.

A stay goes on while the vehicle is seen in the same unit (block face, both sides, area; for a space, at the same
spot). It ends when the vehicle is seen in another zone, or so far away that its zone is not among those it may be in;
when it has moved the zone's clear distance along the curb; and when its first sighting is too old to serve. Where a
sighting's zone is uncertain but may be the stay's, it supports the stay and decides nothing. Several passes may settle a
zone together (`parking.overtime.together`); a track keeps what each was alone, so that more passes can settle it anew.

Whether a stay really lasted through the times when nobody saw it is asked by `parking.overtime.absence`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from parking.overtime.parameters import DEFAULT, Parameters
from parking.overtime.places import Place, Places
from parking.overtime.sighting import Link, Sighting, far_apart, metres_apart, same_place, tolerance_m
from parking.overtime.together import Settle, each_alone
from parking.plates.likeness import pattern_hint


@dataclass(frozen=True)
class Ending:
    """Why and when a stay ended: `why` is elsewhere, perhaps_elsewhere, moved, absent or expired; `by` is what showed it.

    Absent: the patrol passed its spot and did not read it.
    """

    at: datetime
    why: str
    by: Sighting | None = None


@dataclass(frozen=True)
class CameBack:
    """An earlier stay of the same vehicle in the same unit, before it was seen truly elsewhere.

    `last_at`: when it was last seen in that stay, the earliest it can have left. `metres`: from there to where it
    came back, None when not known.
    """

    first_at: datetime
    last_at: datetime
    metres: float | None


@dataclass(frozen=True)
class Absence:
    """A pass along the stay's spot that read cars on both sides of it and not this one; `at`: when it passed there."""

    at: datetime


@dataclass(frozen=True)
class Stay:
    """Sightings of one vehicle in one unit, in order of time; the first and every one that decides has a zone.

    `absences`: passes in between that did not read it and yet do not end it.
    """

    sightings: tuple[Sighting, ...]
    place: Place
    expires_at: datetime
    ended: Ending | None = None
    came_back: CameBack | None = None
    absences: tuple[Absence, ...] = ()

    @property
    def first(self) -> Sighting:
        """The sighting it began with."""
        return self.sightings[0]

    @property
    def last(self) -> Sighting:
        """The newest sighting, certain or not."""
        return self.sightings[-1]

    @cached_property
    def certain(self) -> tuple[Sighting, ...]:
        """The sightings whose zone is certain: what an alert may rest on."""
        return tuple(each for each in self.sightings if each.zone_id is not None)

    @property
    def zone_id(self) -> str:
        """The zone it began in."""
        return self.place.zone_id

    @cached_property
    def readings(self) -> Counter[str]:
        """How often each reading of the plate was seen."""
        return Counter(each.plate for each in self.sightings)

    @cached_property
    def plate(self) -> str:
        """The plate: the reading seen most often, then the one whose shape the state issues, then by letters."""
        if len(self.sightings) == 1:
            return self.first.plate
        return max(self.readings.items(), key=lambda each: (each[1], pattern_hint(each[0], self.state), each[0]))[0]

    @cached_property
    def state(self) -> str:
        """The state seen most often, "" when none was."""
        seen = Counter(each.state for each in self.sightings if each.state)
        return max(seen.items(), key=lambda each: (each[1], each[0]))[0] if seen else ""

    @property
    def exact(self) -> bool:
        """Whether every sighting has the same letters."""
        return len({each.plate for each in self.sightings}) == 1

    def is_open(self, at: datetime) -> bool:
        """Whether a sighting of that time, perhaps a late one, could continue it."""
        return at < self.ended.at if self.ended else at <= self.expires_at


@dataclass(frozen=True)
class Track:
    """All that is known of one vehicle: its stays in order of time, and sightings that belong to none."""

    stays: tuple[Stay, ...] = ()
    loose: tuple[Sighting, ...] = ()

    @property
    def current(self) -> Stay | None:
        """The newest stay, ended or not."""
        return self.stays[-1] if self.stays else None

    def all_sightings(self) -> tuple[Sighting, ...]:
        """Every sighting as it is alone, in order of time."""
        return self._all_sightings

    @cached_property
    def settled(self) -> tuple[Sighting, ...]:
        """Every sighting with the zone that several passes settled, in order of time."""
        staying = (each for stay in self.stays for each in stay.sightings)
        return tuple(sorted((*staying, *self.loose), key=lambda each: each.order))

    @cached_property
    def _all_sightings(self) -> tuple[Sighting, ...]:
        return tuple(each.alone() for each in self.settled)


def apply(
    track: Track, sighting: Sighting, places: Places, parameters: Parameters = DEFAULT, settle: Settle = each_alone
) -> Track:
    """The track with one more sighting, which may be older than those it has. A sighting it has changes nothing."""
    known = track.all_sightings()
    if known and known[-1].order >= sighting.order:
        return rebuild((*known, sighting), places, parameters, settle)
    now = (*known, sighting)
    *before, newest = settle(now)
    if tuple(before) != track.settled:  # the new pass settles an old one's zone, or unsettles it
        return rebuild(now, places, parameters, settle)
    grown = _step(track, newest, places, parameters)
    vars(grown).update(settled=(*track.settled, newest), _all_sightings=now)  # what it would gather again
    return grown


def rebuild(
    sightings: Iterable[Sighting], places: Places, parameters: Parameters = DEFAULT, settle: Settle = each_alone
) -> Track:
    """The track of one vehicle from all its sightings, in whatever order; one with the same id counts once.

    `settle`: what several passes say together of zones that each leaves open.
    """
    track = Track()
    unique = {each.id: each for each in sightings}
    for sighting in settle(sorted(unique.values(), key=lambda each: each.order)):
        track = _step(track, sighting, places, parameters)
    return track


def _step(track: Track, sighting: Sighting, places: Places, parameters: Parameters) -> Track:
    """Add a sighting that is newer than all others."""
    stay = track.current
    if stay is None or stay.ended:
        return _start(track, sighting, places, parameters)
    why = _why_it_ends(stay, sighting, places, parameters)
    if why:
        at = stay.expires_at if why == "expired" else sighting.at
        ended = replace(stay, ended=Ending(at, why, None if why == "expired" else sighting))
        return _start(replace(track, stays=(*track.stays[:-1], ended)), sighting, places, parameters)
    if _belongs(stay, sighting, places, parameters):
        grown = replace(stay, sightings=(*stay.sightings, sighting))
        return replace(track, stays=(*track.stays[:-1], grown))
    return replace(track, loose=(*track.loose, sighting))


def _start(track: Track, sighting: Sighting, places: Places, parameters: Parameters) -> Track:
    place = places.get(sighting.zone_id or "")
    if place is None or sighting.link == Link.PERHAPS:
        return replace(track, loose=(*track.loose, sighting))
    valid = place.valid_minutes if place.valid_minutes is not None else parameters.first_read_valid_minutes
    stay = Stay(
        sightings=(sighting,),
        place=place,
        expires_at=sighting.at + timedelta(minutes=valid),
        came_back=_came_back(track, sighting, place, places, parameters),
    )
    return replace(track, stays=(*track.stays, stay))


def _why_it_ends(stay: Stay, sighting: Sighting, places: Places, parameters: Parameters) -> str:
    """Why a newer sighting ends the stay, "" when it does not."""
    if sighting.at > stay.expires_at:
        return "expired"
    if sighting.zone_id is None:
        return "elsewhere" if _cannot_be_here(stay, sighting, places, parameters) else ""
    if sighting.link == Link.PERHAPS:
        return "perhaps_elsewhere"
    place = places.get(sighting.zone_id)
    if place is None or place.unit != stay.place.unit:
        return "elsewhere"
    return "moved" if _has_cleared(stay, sighting, parameters) else ""


def _cannot_be_here(stay: Stay, sighting: Sighting, places: Places, parameters: Parameters) -> bool:
    """Whether an uncertain sighting has a position that the stay's unit does not explain."""
    if _may_be_in(stay.place.unit, sighting, places):
        return False
    return all(far_apart(each, sighting, parameters) for each in stay.sightings)


def _may_be_in(unit: str, sighting: Sighting, places: Places) -> bool:
    return any((place := places.get(zone_id)) is not None and place.unit == unit for zone_id, _ in sighting.possible)


def _has_cleared(stay: Stay, sighting: Sighting, parameters: Parameters) -> bool:
    """Whether the vehicle moved, within its unit, to where its stay starts afresh.

    Of a space: to any other spot. Else, where the zone has a clear distance: at least that far, and what the positions
    leave open counts for the driver.
    """
    if not far_apart(stay.first, sighting, parameters):
        return False
    if stay.place.scope == "space":
        return True
    clear, apart = stay.place.no_return_distance_m, metres_apart(stay.first, sighting)
    return clear is not None and apart is not None and apart + tolerance_m(stay.first, sighting, parameters) >= clear


def _belongs(stay: Stay, sighting: Sighting, places: Places, parameters: Parameters) -> bool:
    """Whether a sighting that does not end the stay is part of it: surely in its unit, or perhaps and at its spot."""
    if sighting.link == Link.PERHAPS:
        return False
    if sighting.zone_id is not None:
        return True
    at_its_spot = any(same_place(each, sighting, parameters) for each in stay.sightings)
    return at_its_spot and _may_be_in(stay.place.unit, sighting, places)


def _came_back(
    track: Track, sighting: Sighting, place: Place, places: Places, parameters: Parameters
) -> CameBack | None:
    """The newest stay in the same unit, when the vehicle was seen truly elsewhere since."""
    earlier = next((stay for stay in reversed(track.stays) if stay.place.unit == place.unit), None)
    if earlier is None or earlier.place.scope == "space":
        return None
    between = [each for each in track.all_sightings() if earlier.last.order < each.order < sighting.order]
    if not any(_truly_elsewhere(earlier, each, places, parameters) for each in between):
        return None
    return CameBack(earlier.first.at, earlier.last.at, metres_apart(earlier.last, sighting))


def _truly_elsewhere(stay: Stay, sighting: Sighting, places: Places, parameters: Parameters) -> bool:
    """Surely on another block, and farther than errors explain: what being away must be to hold it against anybody."""
    place = places.get(sighting.zone_id or "")
    if place is None or sighting.link != Link.EXACT or not place.block or place.block == stay.place.block:
        return False
    return all(far_apart(each, sighting, parameters) for each in stay.sightings)
