"""The demo's curbs are a set one could import: whole, without overlap, and what the city's rule says."""

from collections import Counter
from datetime import datetime

import pytest
from shapely.geometry import shape

from parking.curbs.cds import read_cds, write_cds
from parking.curbs.geometry import curb_length_m, warnings
from parking.curbs.inforce import enforced_minutes, rule_at
from parking.curbs.maps import kind_of, zones_geojson
from parking.curbs.projection import Projection
from parking.curbs.types import Activity
from parking.demo.el_cerrito import DEL_NORTE, PLAZA, RED, STREETS, SWEEPING, TIME_ZONE, el_cerrito
from tests.parking.curbs.strategies import LOS_ANGELES

CURBS = el_cerrito()
POLICIES = {policy.id: policy for policy in CURBS.policies}


def policies_of(zone):
    return [POLICIES[name] for name in zone.policy_ids]


def test_there_are_block_faces_in_two_areas_and_every_policy_is_used():
    assert 40 <= len({(z.street, z.cross_street_start, z.side, *z.area_ids) for z in CURBS.zones}) <= 60
    assert {area.name for area in CURBS.areas} == {"Area A (El Cerrito Plaza)", "Area B (El Cerrito del Norte)"}
    assert {name for zone in CURBS.zones for name in zone.policy_ids} == POLICIES.keys()
    kinds = Counter(kind_of(policies_of(zone)) for zone in CURBS.zones)
    assert kinds["limit"] > 50 and kinds["reserved"] == 1 and kinds["prohibited"] == 1


def test_nothing_about_the_drawing_is_doubtful():
    assert warnings(CURBS) == []
    for zone in CURBS.zones:
        assert zone.geometry.is_valid and zone.geometry.geom_type == "Polygon"
        assert curb_length_m(zone.geometry) * 100 == pytest.approx(zone.length_cm, abs=2)
        flat = Projection.around(zone.geometry).shape_to_metres(zone.geometry)
        assert flat.area / (zone.length_cm / 100) == pytest.approx(2.4, abs=0.02)


@pytest.mark.parametrize("place", [PLAZA, DEL_NORTE])
def test_zones_lie_round_their_station(place):
    area = next(area for area in CURBS.areas if place.name in area.name)
    flat = Projection(place.grid.lat, place.grid.lon)
    for zone in CURBS.zones:
        if area.id in zone.area_ids:
            x, y = flat.to_metres(zone.geometry.centroid.x, zone.geometry.centroid.y)
            assert (x * x + y * y) ** 0.5 < 600


def test_both_curbs_of_a_block_stand_apart_by_the_width_of_the_street():
    faces = {(z.street, z.cross_street_start, z.side): z for z in CURBS.zones if z.area_ids == (CURBS.areas[0].id,)}
    west, east = (faces["Norvell Street", "Lincoln Avenue", side] for side in ("W", "E"))
    flat = PLAZA.grid.flat
    apart = flat.shape_to_metres(west.geometry).distance(flat.shape_to_metres(east.geometry))
    assert apart == pytest.approx(2 * (5.5 - 2.4), abs=0.01)
    assert flat.shape_to_metres(east.geometry).centroid.x > flat.shape_to_metres(west.geometry).centroid.x


def test_four_hours_hold_on_weekdays_but_not_on_holidays_nor_for_who_has_the_permit():
    zone = next(
        zone for zone in CURBS.zones if zone.area_ids == (CURBS.areas[0].id,) and SWEEPING.id not in zone.policy_ids
    )
    at = datetime(2026, 11, 24, 9, tzinfo=LOS_ANGELES)
    assert rule_at(policies_of(zone), at, TIME_ZONE).max_stay == 240
    assert rule_at(policies_of(zone), at, TIME_ZONE, classes=frozenset({"permit_a"})) is None
    assert rule_at(policies_of(zone), at, TIME_ZONE, classes=frozenset({"permit_b"})).max_stay == 240
    thanksgiving = datetime(2026, 11, 26, 9, tzinfo=LOS_ANGELES)
    assert rule_at(policies_of(zone), thanksgiving, TIME_ZONE) is None
    week = datetime(2026, 11, 9, tzinfo=LOS_ANGELES), datetime(2026, 11, 16, tzinfo=LOS_ANGELES)
    assert enforced_minutes(policies_of(zone), *week, TIME_ZONE) == 4 * 11 * 60  # Veterans Day is a Wednesday


def test_on_swept_curbs_nobody_parks_on_the_first_and_third_tuesday_morning():
    swept = [zone for zone in CURBS.zones if SWEEPING.id in zone.policy_ids]
    assert swept
    at = datetime(2026, 11, 17, 9, tzinfo=LOS_ANGELES)
    for classes in (frozenset(), frozenset({"permit_a"})):
        assert rule_at(policies_of(swept[0]), at, TIME_ZONE, classes=classes).activity is Activity.NO_PARKING


def test_the_disabled_space_is_for_placards_and_the_red_curb_for_nobody():
    reserved = next(zone for zone in CURBS.zones if kind_of(policies_of(zone)) == "reserved")
    red = next(zone for zone in CURBS.zones if RED.id in zone.policy_ids)
    at = datetime(2026, 11, 28, 3, tzinfo=LOS_ANGELES)
    placard = frozenset({"disabled_parking_permit"})
    assert rule_at(policies_of(reserved), at, TIME_ZONE).activity is Activity.NO_PARKING
    assert rule_at(policies_of(reserved), at, TIME_ZONE, classes=placard).activity is Activity.PARKING
    assert rule_at(policies_of(red), at, TIME_ZONE, classes=placard).activity is Activity.NO_STOPPING


def test_the_demo_goes_out_as_cds_of_both_versions_and_comes_back():
    assert read_cds(list(write_cds(CURBS, "1.1").values())) == CURBS
    again = read_cds(list(write_cds(CURBS, "1.0").values()))
    assert again.policies == CURBS.policies and [z.id for z in again.zones] == [z.id for z in CURBS.zones]


def test_every_zone_rests_on_a_resolution_that_says_it_is_invented_and_on_dated_signs():
    assert all("invented" in zone.resolution and zone.signs_since for zone in CURBS.zones)


def test_zones_and_streets_are_drawn_with_their_names():
    features = zones_geojson(CURBS)["features"]
    assert len(features) == len(CURBS.zones) and all(shape(feature["geometry"]).is_valid for feature in features)
    assert len({feature["properties"]["name"] for feature in features}) == len(features)
    assert {"Fairmount Avenue", "Key Boulevard"} <= {street.name for street in STREETS}
    assert {zone.street for zone in CURBS.zones} <= {street.name for street in STREETS}


def test_ids_are_the_same_in_every_process():
    assert CURBS.policies[0].id == "ce72fb11-961f-588e-aa37-2e0f39551d4c"
