"""Which open stay a sighting continues, and which it ends.

The same letters continue a stay. One character's difference (swapped, added or dropped) may, because dropped and
swapped characters are as common as 3 reads in 100, but only if nothing else explains it. An inexact link:

- is made only at the same spot (2σ√2), in the same unit, in a later pass, with no other state, make, type or color;
- is not made between neighbours in a series (digits such as 4 and 5 that do not look alike: cars of one fleet), and
  between letters that do not look alike only where make or color agree;
- is not made where both plates were seen exactly more than once: those are two vehicles; nor where two stays fit;
- may continue a stay and let an alert arise that says so and needs both pictures compared (PK-01); may find a permit;
  may end a stay as "perhaps seen elsewhere". It never raises anything that a person does not confirm.

Elsewhere the doubt turns round: a plate so alike, not known as another vehicle's, ends the stay (the driver's favor).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from parking.overtime.parameters import DEFAULT, Parameters
from parking.overtime.places import Places
from parking.overtime.sighting import Link, Sighting, far_apart, same_place
from parking.overtime.stay import Stay, Track
from parking.overtime.vehicle import agreement
from parking.plates.likeness import ANY_OTHER, SELDOM, Likeness, alike, swap_cost, within_one_edit

TimesRead = Callable[[str], int]
CLEARLY_BETTER = 0.25


def never_read(plate: str) -> int:
    """For callers that know no other reads: nothing was read before."""
    return 0


@dataclass(frozen=True)
class Decision:
    """What a sighting does.

    `sighting`: with its link and the reasons for it. `continues`: the stay whose track it belongs to, None for a new
    vehicle; whether it prolongs or ends that stay is for `parking.overtime.stay.apply`. `perhaps_ends`: other
    vehicles' stays that it ends because it may be them; add `as_perhaps(sighting)` to each of their tracks.
    `reasons`: why not, where a stay nearly fitted.
    """

    sighting: Sighting
    continues: Stay | None = None
    perhaps_ends: tuple[Stay, ...] = ()
    reasons: tuple[str, ...] = ()


def as_perhaps(sighting: Sighting) -> Sighting:
    """The sighting as it goes into the track of a vehicle that it perhaps is."""
    return replace(sighting, link=Link.PERHAPS)


def decide(
    sighting: Sighting,
    stays: Iterable[Stay],
    places: Places,
    *,
    times_read: TimesRead = never_read,
    parameters: Parameters = DEFAULT,
) -> Decision:
    """Find the vehicle a sighting belongs to among open stays.

    `stays`: every open stay, in whatever zone, that shares a deletion key of one of its readings with the sighting
    (more do no harm). `times_read`: how often a plate was read with exactly these letters before this sighting, in
    the last day or so.
    """
    if not sighting.plate:
        return Decision(sighting)
    near = [stay for stay in stays if stay.is_open(sighting.at) and _within_one_edit(stay, sighting.plate)]
    exact = [stay for stay in near if sighting.plate in stay.readings and _one_vehicle(stay, sighting, parameters)]
    if exact:
        stay = max(
            exact,
            key=lambda each: (not _other_state(each, sighting), each.plate == sighting.plate, each.last.order),
        )
        return Decision(_linked(sighting, stay), stay)
    here, reasons = _alike_here(sighting, near, places, times_read, parameters)
    if here is not None:
        return Decision(_linked(sighting, here), here)
    ends = tuple(each for each in near if _perhaps_it(each, sighting, places, times_read, parameters))
    return Decision(sighting, perhaps_ends=ends, reasons=reasons)


def _within_one_edit(stay: Stay, plate: str) -> bool:
    return any(within_one_edit(reading, plate) for reading in stay.readings)


def _linked(sighting: Sighting, stay: Stay) -> Sighting:
    """The sighting with how it belongs to the stay: compared with the plate the stay goes by."""
    likeness = alike(stay.plate, sighting.plate)
    if likeness.exact:
        return replace(sighting, link=Link.EXACT, reasons=())
    return replace(sighting, link=Link.ALIKE, reasons=(*likeness.reasons, *agreement(stay.last, sighting).same))


def _one_vehicle(stay: Stay, sighting: Sighting, parameters: Parameters) -> bool:
    """Whether the same letters are the same vehicle: with another state they are only at the same spot."""
    if not _other_state(stay, sighting):
        return True
    # Readers err about the state, and about a color, far more often than two states issue the same letters.
    agreed = agreement(stay.last, sighting)
    return len(agreed.different) <= 2 and any(same_place(each, sighting, parameters) for each in stay.sightings)


def _other_state(stay: Stay, sighting: Sighting) -> bool:
    return bool(stay.state and sighting.state) and stay.state != sighting.state


def same_letters(sighting: Sighting, tracks: Sequence[Track], parameters: Parameters = DEFAULT) -> int | None:
    """Which of these vehicles was read with exactly these letters last, while none has a stay that it continues.

    Sightings whose zones are uncertain begin no stay; together they may (`parking.overtime.together`). None with
    another state, or where the two are farther apart in time than a first read serves.
    """
    valid, best, newest = timedelta(minutes=parameters.first_read_valid_minutes), None, None
    for number, track in enumerate(tracks):
        for each in track.loose if not track.stays else track.all_sightings():
            states = {each.state, sighting.state} - {""}
            same = each.plate == sighting.plate and each.link == Link.EXACT and len(states) < 2
            if same and abs(each.at - sighting.at) <= valid and (newest is None or each.order > newest):
                best, newest = number, each.order
    return best


def _alike_here(
    sighting: Sighting, near: list[Stay], places: Places, times_read: TimesRead, parameters: Parameters
) -> tuple[Stay | None, tuple[str, ...]]:
    """The one stay at this spot that the sighting may be another reading of, and what spoke against others."""
    place = places.get(sighting.zone_id or "")
    if place is None:
        return None, ()
    fitting, reasons = [], []
    for stay in near:
        if stay.place.unit != place.unit or sighting.plate in stay.readings:
            continue
        likeness = min((alike(reading, sighting.plate) for reading in stay.readings), key=lambda each: each.weight)
        against = why_not(stay, sighting, likeness, times_read, parameters)
        if against:
            reasons.append(against)
        else:
            fitting.append((likeness.weight, stay))
    fitting.sort(key=lambda each: each[0])
    if len(fitting) > 1 and fitting[1][0] - fitting[0][0] < CLEARLY_BETTER:
        return None, (*reasons, "two vehicles parked here have a plate like this")
    return (fitting[0][1] if fitting else None), tuple(reasons)


def why_not(
    stay: Stay, sighting: Sighting, likeness: Likeness, times_read: TimesRead, parameters: Parameters = DEFAULT
) -> str:
    """Why a look-alike plate in the stay's unit is not taken for the stay's vehicle, in words; "" when it is."""
    agreed = agreement(stay.last, sighting)
    if likeness.edits > 1 or likeness.weight > parameters.alike_weight_max:
        return "the plates differ in more than one character"
    if agreed.different:
        return "another vehicle: " + ", ".join(agreed.different)
    if not any(same_place(each, sighting, parameters) for each in stay.sightings):
        return "not at the same spot"
    if _in_one_pass(stay, sighting, parameters):
        return "both plates were read in one pass"
    if _two_known_vehicles(stay, sighting, times_read):
        return "both plates were read exactly more than once"
    return _why_no_misreading(stay, sighting.plate, bool(agreed.same))


def _in_one_pass(stay: Stay, sighting: Sighting, parameters: Parameters) -> bool:
    gap = timedelta(minutes=parameters.pass_gap_minutes)
    return any(abs(each.at - sighting.at) <= gap for each in stay.sightings)


def _two_known_vehicles(stay: Stay, sighting: Sighting, times_read: TimesRead) -> bool:
    """Whether both plates are known as vehicles of their own: each read exactly more than once."""
    if times_read(sighting.plate) < 1:
        return False
    return max(stay.readings[stay.plate], times_read(stay.plate)) > 1


def _why_no_misreading(stay: Stay, plate: str, vehicle_agrees: bool) -> str:
    """Why the difference to every reading of the stay is not likely a misreading."""
    if any(may_be_misread(reading, plate, vehicle_agrees) for reading in stay.readings):
        return ""
    return "the characters do not look alike"


def may_be_misread(one: str, other: str, vehicle_agrees: bool) -> bool:
    """Whether two plates within one edit are likely two readings of one.

    A character dropped or added always may be. A swap of look-alikes may, unless it makes neighbours in a series; a
    swap of others only between letters or a letter and a digit, and where the vehicle agrees.
    """
    if not within_one_edit(one, other):
        return False
    swap = _swapped(one, other)
    return swap is None or _plausible(*swap, vehicle_agrees)


def _swapped(one: str, other: str) -> tuple[str, str] | None:
    if len(one) != len(other):
        return None
    return next(((a, b) for a, b in zip(one, other, strict=True) if a != b), None)


def _plausible(one: str, other: str, vehicle_agrees: bool) -> bool:
    if one.isdigit() and other.isdigit():
        serial = abs(int(one) - int(other)) in {1, 9}
        return swap_cost(one, other) < ANY_OTHER and not serial
    return swap_cost(one, other) < ANY_OTHER or vehicle_agrees


def _perhaps_it(stay: Stay, sighting: Sighting, places: Places, times_read: TimesRead, parameters: Parameters) -> bool:
    """Whether a sighting elsewhere may be the stay's vehicle under a misread plate, or with a misread state."""
    place = places.get(sighting.zone_id or "")
    if place is None or place.unit == stay.place.unit or sighting.at <= stay.last.at:
        return False
    if not far_apart(stay.last, sighting, parameters) or _in_one_pass(stay, sighting, parameters):
        return False
    if stay.plate == sighting.plate:
        return len(agreement(stay.last, sighting).different) <= 2
    if times_read(sighting.plate):
        return False
    likeness = alike(stay.plate, sighting.plate)
    looks_alike = likeness.edits == 1 and (likeness.weight <= SELDOM or len(stay.plate) != len(sighting.plate))
    return looks_alike and not agreement(stay.last, sighting).different
