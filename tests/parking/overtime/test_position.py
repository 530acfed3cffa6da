"""Which zone a read car stands in: right, or not at all."""

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box, shape

from parking.curbs.types import CurbZone
from parking.ingest.canonical import CanonicalRead, Position
from parking.overtime.curb_lines import curb_lines
from parking.overtime.observation import Observation, observation_of
from parking.overtime.parameters import Parameters
from parking.overtime.position import CurbIndex
from tests.parking.overtime.town import NOON, PROJECTION, passing, spot, town, zone

TOWN = CurbIndex(town(), PROJECTION)
ERRORS = st.tuples(st.floats(-5, 5), st.floats(-5, 5))


@given(error=ERRORS, along=st.floats(25, 75), side=st.sampled_from("EW"), camera=st.sampled_from("RL"))
def test_in_mid_block_an_ordinary_error_changes_nothing(error, along, side, camera):
    found = TOWN.locate(passing("v1", 1, side, along, error=error, camera=camera))
    assert found.zone_id == f"v1.1{side}"
    assert found.probability >= 0.9


@given(shift=st.floats(-8, 8), along=st.floats(30, 70))
def test_heading_and_camera_side_decide_between_the_two_sides_before_distance(shift, along):
    """Even a position that lies on the other side of the street never puts the car there."""
    found = TOWN.locate(passing("v1", 1, "E", along, error=(shift - 4, 0)))
    assert found.zone_id in {"v1.1E", None}
    chances = dict(found.alternatives)
    assert chances["v1.1E"] > chances.get("v1.1W", 0)


def test_over_a_day_of_errors_hardly_any_read_is_lost_and_none_is_put_wrong():
    dice, lost, reads = random.Random(4), 0, []
    for _ in range(2000):
        street, side = dice.choice([("v1", "E"), ("v1", "W"), ("h1", "N"), ("h1", "S")])
        error = (dice.gauss(0, 3), dice.gauss(0, 3))
        reads.append((f"{street}.1{side}", passing(street, 1, side, dice.uniform(14, 86), error=error)))
    for truth, found in zip(reads, TOWN.locate_many([seen for _, seen in reads]), strict=True):
        assert found.zone_id in {truth[0], None}
        lost += found.zone_id is None
    assert lost < 0.05 * len(reads)


@given(st.lists(st.builds(passing, st.just("v1"), st.just(1), st.sampled_from("EW"), st.floats(0, 100)), max_size=5))
def test_many_at_once_are_placed_like_one_at_a_time(seen):
    together, alone = TOWN.locate_many(seen), [TOWN.locate(each) for each in seen]
    assert [each.zone_id for each in together] == [each.zone_id for each in alone]
    assert [each.probability for each in together] == pytest.approx([each.probability for each in alone])


@given(x=st.floats(-300, 600), y=st.floats(-300, 600), accuracy=st.floats(0, 60), heading=st.floats(0, 360),
       camera=st.sampled_from(["L", "R", "F", "B", ""]))  # fmt: skip
def test_probabilities_are_probabilities_and_a_zone_needs_its_threshold(x, y, accuracy, heading, camera):
    longitude, latitude = PROJECTION.to_degrees(x, y)
    found = TOWN.locate(Observation(NOON, latitude, longitude, accuracy, heading, 5.0, camera))
    chances = [chance for _, chance in found.alternatives]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1 + 1e-9
    assert (found.zone_id is not None) is (found.probability >= 0.9) is (found.why == "certain")
    assert found.sigma_m >= 5


@pytest.mark.parametrize(("changes", "why"), [
    ({"latitude": None}, "missing"), ({"longitude": None}, "missing"), ({"latitude": math.nan}, "missing"),
    ({"latitude": 0.0, "longitude": 0.0}, "zero"), ({"latitude": -1.0, "longitude": -1.0}, "missing"),
    ({"fix_age_seconds": 11.0}, "stale"), ({"fix_age_seconds": -3.0}, "stale"), ({"latitude": 91.0}, "missing"),
])  # fmt: skip
def test_a_position_that_is_none_gives_no_zone(changes, why):
    found = TOWN.locate(replace(passing("v1", 1, "E", 50), **changes))
    assert (found.zone_id, found.x, found.why) == (None, None, why)


def test_a_fresh_fix_is_used():
    assert TOWN.locate(passing("v1", 1, "E", 50, fix_age_seconds=2.0)).zone_id == "v1.1E"


def test_a_poor_position_is_ambiguous_and_says_between_what():
    found = TOWN.locate(passing("v1", 1, "E", 20, accuracy_m=40.0))
    assert (found.zone_id, found.why) == (None, "ambiguous")
    assert len(found.alternatives) > 1


@pytest.mark.parametrize("changes", [{"camera_side": ""}, {"camera_side": "F"}, {"heading": None}, {"speed_mps": 0.1}])
def test_without_a_known_view_no_side_of_the_street_is_taken(changes):
    assert TOWN.locate(passing("v1", 1, "E", 50, **changes)).why == "ambiguous"


def test_on_a_street_with_one_regulated_side_a_car_on_the_other_side_is_in_no_zone():
    one_side = CurbIndex([zone("v1", 1, "E")], PROJECTION)
    assert one_side.locate(passing("v1", 1, "E", 50)).zone_id == "v1.1E"
    for shift in range(-10, 11, 2):
        assert one_side.locate(passing("v1", 1, "W", 50, error=(shift, 0))).zone_id is None


def test_a_lone_zone_whose_side_nobody_knows_is_never_certain():
    unlabelled = CurbIndex([zone("v1", 1, "E", side="")], PROJECTION)
    assert unlabelled.locate(passing("v1", 1, "E", 50)).zone_id is None


def test_where_both_curbs_are_zones_their_sides_are_known_without_labels():
    unlabelled = CurbIndex(town(side=""), PROJECTION)
    assert unlabelled.locate(passing("v1", 1, "E", 50)).zone_id == "v1.1E"
    assert unlabelled.locate(passing("v1", 1, "W", 50, error=(3, 0))).zone_id == "v1.1W"


def test_beyond_an_open_end_the_car_may_stand_where_no_rule_is():
    """Mid-block, where the zone ends and unregulated curb begins, a few metres inside are not enough."""
    alone = CurbIndex([zone("v1", 1, "E")], PROJECTION)
    assert alone.locate(passing("v1", 1, "E", 12)).zone_id is None
    assert alone.locate(passing("v1", 1, "E", 30)).zone_id == "v1.1E"


def test_a_zone_that_is_over_or_not_begun_is_not_taken():
    at_ms = int(NOON.timestamp() * 1000)
    for changes in ({"end_ms": at_ms}, {"start_ms": at_ms + 1}):
        assert CurbIndex([zone("v1", 1, "E", **changes)], PROJECTION).locate(passing("v1", 1, "E", 50)).zone_id is None


def test_neighbours_with_one_set_of_rules_are_one_place_and_with_two_are_not():
    whole = zone("v1", 1, "E")
    west, south, east, north = whole.geometry.bounds
    middle = (south + north) / 2

    def halves(rules):
        return [
            replace(whole, id="south", geometry=box(west, south, east, middle)),
            replace(whole, id="north", geometry=box(west, middle, east, north), policy_ids=rules),
        ]

    seen = passing("v1", 1, "E", 50)
    assert CurbIndex(halves(("two-hours",)), PROJECTION).locate(seen).zone_id in {"south", "north"}
    assert CurbIndex(halves(("ten-minutes",)), PROJECTION).locate(seen).zone_id is None


def test_the_target_stands_beside_the_patrol_not_under_it():
    found = TOWN.locate(passing("v1", 1, "E", 50))
    assert (found.x, found.y) == pytest.approx(spot("v1", 1, "E", 50), abs=0.01)
    assert found.along_m == pytest.approx(39, abs=0.1)


def test_a_reader_that_says_where_the_target_is_is_believed_without_a_shift():
    x, y = spot("v1", 1, "E", 50)
    longitude, latitude = PROJECTION.to_degrees(x, y)
    read = CanonicalRead(
        "1", NOON, "8ABC123", observer=Position(latitude, longitude - 1e-4, 3.0),
        observed=Position(latitude, longitude), heading=0.0, camera_side="R",
    )  # fmt: skip
    found = TOWN.locate(observation_of(read))
    assert (found.zone_id, found.x, found.y) == ("v1.1E", pytest.approx(x), pytest.approx(y))


def test_no_accuracy_counts_as_a_poor_one():
    found = TOWN.locate(passing("v1", 1, "E", 50, accuracy_m=None))
    assert found.sigma_m == Parameters().accuracy_unknown_m


def test_a_city_without_zones_places_nothing():
    assert CurbIndex([], PROJECTION).locate(passing("v1", 1, "E", 50)).why == "outside"


def test_a_person_on_foot_says_the_zone_and_the_position_stays_what_it_was():
    seen = passing("v1", 1, "E", 50, camera_side="", speed_mps=0.0)
    said, measured = TOWN.by_hand(seen, "v1.1W"), TOWN.locate(seen)
    assert (said.zone_id, said.probability, said.why) == ("v1.1W", 1.0, "by_hand")
    assert (said.x, said.y, said.sigma_m) == (measured.x, measured.y, measured.sigma_m)
    with pytest.raises(KeyError):
        TOWN.by_hand(seen, "no such zone")


@pytest.mark.parametrize("drawing", [Point(-122.31, 37.915), LineString([(-122.31, 37.915), (-122.31, 37.915)]),
                                   LineString([(-122.31, 37.9145), (-122.31, 37.9155)])])  # fmt: skip
def test_a_zone_drawn_as_a_line_or_a_point_can_be_indexed(drawing):
    drawn = CurbIndex([zone("v0", 0, "E", geometry=drawing, side="E")])
    found = drawn.locate(Observation(NOON, 37.915, -122.31004, 4.0, 0.0, 5.0, "R"))
    assert found.zone_id == ("v0.0E" if drawing.length > 0 else None)


CITY = Path(__file__).parents[4] / "shared" / "curbs" / "portland_west.cds_zones.json"


@pytest.mark.skipif(not CITY.exists(), reason="the sample of a real city's curbs is not on this machine")
def test_on_a_real_citys_short_zones_reads_are_right_or_uncertain():
    """Zones there are 15 m long in the middle: most reads must stay uncertain, hardly one may be wrong."""
    zones = [
        CurbZone(id=each["curb_zone_id"], geometry=shape(each["geometry"]), policy_ids=tuple(each["curb_policy_ids"]))
        for each in json.loads(CITY.read_text())["data"]["zones"]
    ]
    index, dice, wrong, certain, reads = CurbIndex(zones), random.Random(1), 0, 0, 0
    lines = curb_lines(zones, [index.projection.shape_to_metres(each.geometry) for each in zones])
    for number in np.flatnonzero(lines.outward.any(axis=1)):
        (east, north), line = lines.outward[number], lines.lines[number]
        middle = line.interpolate(dice.uniform(0, line.length))
        x, y = middle.x - 3.5 * east + dice.gauss(0, 3), middle.y - 3.5 * north + dice.gauss(0, 3)
        longitude, latitude = index.projection.to_degrees(x, y)
        heading = math.degrees(math.atan2(east, north)) - 90
        found = index.locate(Observation(NOON, latitude, longitude, 4.0, heading % 360, 5.0, "R"))
        reads, certain = reads + 1, certain + (found.zone_id is not None)
        wrong += found.zone_id not in {None, zones[number].id}
    assert reads > 100 and wrong <= 1
    assert 0.2 < certain / reads < 0.9
