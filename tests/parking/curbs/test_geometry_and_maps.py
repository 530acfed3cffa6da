"""Lengths, overlaps and the map's features."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import LineString, Polygon, box

from parking.curbs.geometry import LINE_WIDTH_M, apart, center, curb_length_m, overlaps, strip, warnings
from parking.curbs.maps import in_force, kind_of, zones_geojson
from parking.curbs.projection import Projection
from parking.curbs.shapes import DIGITS, to_geojson
from parking.curbs.types import Activity, CurbArea, CurbPolicy, CurbRule, CurbSet, CurbSpace, CurbZone

FLAT = Projection(37.915, -122.308)


def metres(west: float, south: float, east: float, north: float) -> Polygon:
    return FLAT.shape_to_degrees(box(west, south, east, north))


def zone(name: str, shape, **parts) -> CurbZone:
    return CurbZone(id=name, geometry=shape, policy_ids=(), **parts)


@given(st.floats(5, 300), st.floats(2, 3), st.floats(0, 3.1))
def test_the_length_of_a_strip_is_its_length_along_the_curb(length, width, heading):
    turned = rotate(box(0, 0, length, width), heading, use_radians=True)
    assert curb_length_m(FLAT.shape_to_degrees(turned)) == pytest.approx(length, rel=1e-3)


def test_the_length_of_a_bent_strip_is_that_of_its_middle():
    line = LineString([(0, 0), (60, 0), (110, 40)])
    assert curb_length_m(FLAT.shape_to_degrees(line)) == pytest.approx(line.length, rel=1e-3)
    assert curb_length_m(strip(FLAT.shape_to_degrees(line), 2.4)) == pytest.approx(line.length, rel=0.01)


def test_a_zone_that_lies_on_another_is_found_with_its_area():
    one, other, beside = zone("a", metres(0, 0, 50, 2)), zone("b", metres(40, 0, 90, 2)), zone("c", metres(0, 2, 50, 4))
    ((first, second, area),) = overlaps([one, other, beside])
    assert (first.id, second.id) == ("a", "b") and area == pytest.approx(20, rel=0.01)


@pytest.mark.parametrize(("end", "start", "found"), [(100, 100, 0), (101, 100, 1), (None, None, 1), (100, 200, 0)])
def test_zones_that_follow_each_other_in_time_do_not_overlap(end, start, found):
    one, other = zone("a", metres(0, 0, 50, 2), end_ms=end), zone("b", metres(0, 0, 50, 2), start_ms=start)
    assert len(overlaps([one, other])) == found


def test_a_sliver_and_a_line_that_only_crosses_are_no_overlap():
    assert not overlaps([zone("a", metres(0, 0, 50, 2)), zone("b", metres(0, 1.99, 50, 4))])
    across = FLAT.shape_to_degrees(LineString([(25, -5), (25, 5)]))
    assert not overlaps([zone("a", FLAT.shape_to_degrees(LineString([(0, 0), (50, 0)]))), zone("b", across)])


def test_lines_that_run_together_overlap():
    one, other = (FLAT.shape_to_degrees(LineString([(begin, 0), (begin + 50, 0)])) for begin in (0, 30))
    ((_, _, area),) = overlaps([zone("a", one), zone("b", other)])
    assert area == pytest.approx(20 * LINE_WIDTH_M, rel=0.01)


def test_what_is_doubtful_in_a_drawing_is_told():
    area = CurbArea("area", metres(0, 0, 40, 40), name="Plaza")
    outside = zone("a", metres(30, 0, 60, 2), area_ids=("area",))
    inside = zone("b", metres(0, 0, 30, 2), area_ids=("area",))
    spaces = tuple(CurbSpace(name, metres(x, 0, x + 6, 2), "b") for name, x in (("s1", 0), ("s2", 3), ("s3", 20)))
    told = warnings(CurbSet(zones=(outside, inside), areas=(area,), spaces=spaces))
    assert [(fault.feature, fault.field) for fault in told] == [("a", "curb_area_ids"), ("s1", "geometry")]


def test_crossing_strips_are_taken_apart_and_the_earlier_keeps_the_corner():
    one, other = metres(0, 0, 50, 2.4), metres(45, -20, 47.4, 4)
    first, second = apart([one, other])
    assert first.equals(one)
    assert not overlaps([zone("a", first), zone("b", second)])


def test_the_center_of_a_bent_zone_lies_on_it():
    bent = FLAT.shape_to_degrees(LineString([(0, 0), (100, 0), (100, 100)]).buffer(1.2))
    x, y = center(bent)
    assert bent.buffer(1e-9).covers(box(x, y, x, y).centroid)


def rules(*activities: CurbRule) -> list[CurbPolicy]:
    return [CurbPolicy(str(place), place, (rule,)) for place, rule in enumerate(activities)]


@pytest.mark.parametrize(
    ("policies", "kind"),
    [
        (rules(CurbRule(Activity.NO_PARKING), CurbRule(Activity.PARKING, max_stay=60)), "limit"),
        (rules(CurbRule(Activity.NO_STOPPING)), "prohibited"),
        (rules(CurbRule(Activity.LOADING, max_stay=30)), "loading"),
        (rules(CurbRule(Activity.PARKING, user_classes=("disabled_parking_permit",))), "reserved"),
        (rules(CurbRule(Activity.PARKING)), "free"),
        ([], "free"),
    ],
)
def test_a_map_colors_a_zone_by_its_main_rule(policies, kind):
    assert kind_of(policies) == kind


def test_a_zone_on_the_map_tells_its_rules_in_words():
    limit = CurbPolicy("p", 1, (CurbRule(Activity.PARKING, max_stay=240),))
    here = replace(zone("a", metres(0, 0, 50, 2), street="Central Avenue", side="N", end_ms=200), policy_ids=("p",))
    curbs = CurbSet(zones=(here,), policies=(limit,))
    (feature,) = zones_geojson(curbs)["features"]
    assert feature["properties"] == {
        "id": "a", "name": "", "street": "Central Avenue", "from": "", "to": "", "side": "N",
        "words": "4 hours, at all times", "kind": "limit",
    }  # fmt: skip
    assert zones_geojson(curbs, at_ms=199)["features"] and not zones_geojson(curbs, at_ms=200)["features"]
    assert in_force(here, 0)


def test_positions_on_the_map_are_rounded_to_a_centimetre():
    shape = to_geojson(metres(0, 0, 50, 2), DIGITS)
    assert all(round(value, 7) == value for point in shape["coordinates"][0] for value in point)
