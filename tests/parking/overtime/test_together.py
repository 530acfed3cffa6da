"""Several passes settle a zone together; a move, another view or a certain pass elsewhere keeps them apart."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.overtime.observation import Observation
from parking.overtime.position import CurbIndex
from parking.overtime.sighting import Link, Sighting
from parking.overtime.stay import Track, apply, rebuild
from parking.overtime.together import Mean, Together, mean_of
from tests.parking.overtime.making import at, minutes
from tests.parking.overtime.town import PROJECTION, passing, zone

# The east face of one block whose northern end is open: nothing tells the last space from the curb beyond it.
ALONE = CurbIndex([zone("v1", 1, "E"), zone("v1", 1, "W")], PROJECTION)
FACE, NEAR_THE_END = "v1.1E", 86.0
TOGETHER = Together(ALONE)
ERRORS = ((0.0, -1.0), (1.0, 0.0), (-1.0, 1.0), (0.0, 0.5), (0.5, -0.5), (0.0, -0.5))


def sighting(number: int, seen: Observation, **changes) -> Sighting:
    """A pass every quarter of an hour from nine on."""
    found = ALONE.locate(seen)
    values = {
        "id": f"{number:03d}", "plate": "8ABC123", "at": at(9) + minutes(15 * number), "zone_id": found.zone_id,
        "possible": found.alternatives, "x": found.x, "y": found.y, "along_m": found.along_m,
        "sigma_m": found.sigma_m, "probability": found.probability, "look": found.look,
    }  # fmt: skip
    return Sighting(**{**values, **changes})


def parked(count: int = 6, along: float = NEAR_THE_END, side: str = "E", first: int = 0) -> list[Sighting]:
    """Passes of one car that stands still."""
    return [
        sighting(first + number, passing("v1", 1, side, along, error=ERRORS[number % len(ERRORS)]))
        for number in range(count)
    ]


def zones_of(sightings) -> list[str | None]:
    """The zone of each when all are heard."""
    return [each.zone_id for each in TOGETHER(sightings)]


def test_six_passes_settle_what_each_alone_leaves_open():
    seen = parked()
    assert {each.zone_id for each in seen} == {None}
    settled = TOGETHER(seen)
    assert {each.zone_id for each in settled} == {FACE}
    assert settled[0].together == 6 and settled[0].certainty >= 0.9
    assert [each.alone() for each in settled] == seen


def test_two_passes_do_not_suffice_there():
    assert zones_of(parked(2)) == [None, None]


def test_frames_of_one_pass_count_once():
    frames = [sighting(0, passing("v1", 1, "E", NEAR_THE_END), id=f"{n}", at=at(9, second=n)) for n in range(20)]
    assert set(zones_of(frames)) == {None}


def test_a_car_that_stands_beyond_the_end_is_not_pulled_in():
    assert set(zones_of(parked(along=91.0))) == {None}


def test_passes_on_the_other_side_of_the_street_are_not_taken_together_with_these():
    """The view tells the sides apart, however near the positions are."""
    alone, other = parked(2), parked(4, side="W", first=2)
    assert zones_of([*alone, *other])[:2] == [None, None]


def test_a_pass_that_is_certain_of_another_unit_keeps_those_before_and_after_it_apart():
    certain = sighting(3, passing("v1", 1, "W", 50))
    assert certain.zone_id == "v1.1W"
    before, after = parked(3), parked(3, first=4)
    assert zones_of([*before, certain, *after]) == [None] * 3 + ["v1.1W"] + [None] * 3
    assert set(zones_of([*before, *after])) == {FACE}


def test_a_certain_pass_keeps_its_zone():
    wrong = sighting(6, passing("v1", 1, "E", NEAR_THE_END), zone_id="v1.1W", probability=0.95)
    assert zones_of([*parked(), wrong])[-1] == "v1.1W"


def test_a_zone_that_a_pass_did_not_name_is_not_given_to_it():
    unnamed = [sighting(6, passing("v1", 1, "E", NEAR_THE_END), possible=(("v1.1W", 0.4),))]
    assert zones_of([*parked(), *unnamed])[-1] is None


def test_a_sighting_that_is_perhaps_of_the_vehicle_settles_nothing():
    perhaps = [sighting(number, passing("v1", 1, "E", NEAR_THE_END), link=Link.PERHAPS) for number in range(6)]
    assert set(zones_of(perhaps)) == {None}


@given(st.permutations([*parked(), sighting(7, passing("v1", 1, "E", 40)), sighting(8, passing("v1", 1, "W", 50))]))
def test_whatever_order_passes_arrive_in_they_settle_the_same_stays(shuffled):
    track = Track()
    for each in shuffled:
        track = apply(track, each, ALONE.places, settle=TOGETHER)
    straight = sorted(shuffled, key=lambda each: each.order)
    assert track == rebuild(straight, ALONE.places, settle=TOGETHER)
    assert track.all_sightings() == tuple(straight)


def test_a_stay_settled_together_begins_with_its_first_pass():
    (stay,) = rebuild(parked(), ALONE.places, settle=TOGETHER).stays
    assert (stay.zone_id, stay.first.at, len(stay.certain)) == (FACE, at(9), 6)


def test_the_mean_weighs_passes_by_their_errors_and_is_never_better_than_the_floor():
    def one(x: float, sigma: float) -> Mean:
        return Mean(at(9), x, 0.0, sigma, (1.0, 0.0))

    mean = mean_of([one(0, 3), one(5, 6)], ALONE.parameters)
    assert mean.x == pytest.approx(1.0) and mean.sigma == pytest.approx((1 / 9 + 1 / 36) ** -0.5)
    assert mean_of([one(0, 5)] * 100, ALONE.parameters).sigma == ALONE.parameters.sigma_together_m
    assert mean_of([one(0, 1)], ALONE.parameters).sigma == 1


def test_over_many_cars_near_the_end_most_are_settled_and_hardly_one_wrongly():
    """Half of them stand within the zone, half beyond its end; errors are those of ordinary receivers."""
    dice, inside, wrong = random.Random(5), 0, 0
    for _ in range(150):
        errors = [(dice.gauss(0, 4), dice.gauss(0, 4)) for _ in range(8)]
        for along in (85.0, 93.0):
            seen = [sighting(n, passing("v1", 1, "E", along, error=error)) for n, error in enumerate(errors)]
            settled = sum(zone_id == FACE for zone_id in zones_of(seen)) >= 5
            inside, wrong = inside + (settled and along < 89), wrong + (settled and along > 89)
    assert inside >= 90
    assert wrong <= 2
