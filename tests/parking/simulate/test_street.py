"""The grid, faces in the order of travel, the loop, and the receiver."""

from itertools import pairwise
from math import hypot
from random import Random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from parking.curbs.projection import Projection
from parking.curbs.types import Activity, CurbPolicy, CurbRule, CurbSet
from parking.simulate.faces import bearing, faces_of
from parking.simulate.gps import Receiver
from parking.simulate.grid import grid
from parking.simulate.route import driving_time, loop, passes

SIDE = {"N": 0.0, "E": 90.0, "S": 180.0, "W": 270.0}


def faces(curbs):
    return faces_of(curbs, Projection.around(curbs.zones[0].geometry))


@given(st.integers(1, 90))
def test_a_grid_has_as_many_zones_as_asked_and_none_overlap(count):
    curbs = grid(count)
    assert len(curbs.zones) == count == len({zone.id for zone in curbs.zones})
    tree = shapely.STRtree([zone.geometry for zone in curbs.zones])
    one, other = tree.query([zone.geometry for zone in curbs.zones], predicate="intersects")
    assert all(one == other)


def test_a_grid_is_the_same_for_a_seed_and_its_first_zones_do_not_depend_on_their_number():
    assert grid(40, seed=1) == grid(40, seed=1)
    assert grid(40, seed=1) != grid(40, seed=2)
    assert [zone.id for zone in grid(40).zones] == [zone.id for zone in grid(90).zones[:40]]


def test_every_zone_of_a_grid_names_its_policy_and_lies_in_its_area():
    curbs = grid(60)
    known = {policy.id for policy in curbs.policies}
    assert all(set(zone.policy_ids) <= known for zone in curbs.zones)
    assert sorted(id for area in curbs.areas for id in area.zone_ids) == sorted(zone.id for zone in curbs.zones)


def test_along_the_north_side_one_drives_west_with_the_curb_on_the_right():
    for face in faces(grid(24)):
        side = SIDE[face.zone.side]
        assert bearing(face.outward) == pytest.approx(side, abs=0.5)
        assert face.headings == pytest.approx((side - 90) % 360, abs=0.5)


def test_spaces_lie_in_the_order_of_travel_and_as_many_as_the_zone_says():
    for face in faces(grid(24)):
        assert len(face.spaces) == face.zone.num_spaces
        gone = [hypot(x - face.start[0], y - face.start[1]) for x, y in face.spaces]
        assert gone == sorted(gone)
        assert gone[-1] < face.length


def test_the_face_across_the_street_is_found_from_both_sides():
    found = faces(grid(24))
    for number, face in enumerate(found):
        across = found[face.opposite]
        assert across.opposite == number
        assert across.zone.street == face.zone.street
        assert across.zone.side != face.zone.side


def test_zones_where_nobody_may_park_are_not_driven():
    curbs = grid(12)
    red = CurbPolicy("red", 1, (CurbRule(Activity.NO_STOPPING),))
    closed = CurbSet(tuple(curbs.zones), (red,))
    zones = tuple(zone.__class__(**{**vars(zone), "policy_ids": ("red",)}) for zone in closed.zones)
    with pytest.raises(ValueError, match="cars may park"):
        faces(CurbSet(zones, (red,)))


def test_a_loop_drives_every_face_once():
    found = faces(grid(60))
    order = loop(found)
    assert sorted(order) == list(range(len(found)))
    assert driving_time(found, order) < driving_time(found, list(range(0, 60, 2)) + list(range(1, 60, 2)))


def test_passes_keep_to_the_speed_of_a_patrol_and_never_overlap():
    found = faces(grid(24))
    driven = passes(found, car=0, cars=1, loops=5, seconds=36_000, rng=Random(1))
    assert all(6.7 <= one.speed <= 11.2 for one in driven)
    assert all(a.at + found[a.face].length / a.speed < b.at for a, b in pairwise(driven))
    assert 4 * len(found) <= len(driven) <= 6 * len(found)


def test_cars_share_the_loop_from_different_places():
    found = faces(grid(24))
    first = [passes(found, car=car, cars=3, loops=2, seconds=9000, rng=Random(car))[0].face for car in range(3)]
    assert first == [0, 8, 16]


def test_errors_of_position_have_the_size_and_memory_of_a_receiver():
    receiver = Receiver(Random(5))
    errors = [receiver.read(0.0, 0.0, at * 1.0)[0] for at in range(40_000)]
    spread = (sum(error**2 for error in errors) / len(errors)) ** 0.5
    step = (sum((a - b) ** 2 for a, b in pairwise(errors)) / len(errors)) ** 0.5
    assert 3.0 <= receiver.sigma <= 5.0
    assert spread == pytest.approx(receiver.sigma, rel=0.15)
    assert step < spread / 3


def test_in_a_burst_the_position_is_far_off_and_the_receiver_says_only_part_of_it():
    receiver = Receiver(Random(5))
    at = 0.0
    while not receiver.in_burst(at):
        at += 60.0
        receiver.enter_face(at)
    x, y, stated = receiver.read(0.0, 0.0, at)
    assert hypot(*receiver.burst) >= 6.0
    assert hypot(x - receiver.error[0], y - receiver.error[1]) == pytest.approx(hypot(*receiver.burst))
    assert stated < hypot(*receiver.burst) + receiver.sigma * 1.3
    assert not receiver.in_burst(at + 60.0)
