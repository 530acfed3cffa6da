"""What sightings make of a stay, in whatever order they arrive."""

from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.overtime.parameters import Parameters
from parking.overtime.sighting import Link
from parking.overtime.stay import Track, apply, rebuild
from tests.parking.overtime.making import PLACES, at, minutes, seen, stay_of, track_of

sightings = st.lists(
    st.builds(
        lambda minute, zone, moved, plate, link, possible, number: seen(
            at(6) + minutes(minute), zone, plate, moved=moved, link=link, possible=possible, id=str(number)
        ),
        st.integers(0, 1200),
        st.sampled_from(["here", "here", "here", "here too", "opposite", "away", "space", "cleared", None, "unknown"]),
        st.sampled_from([0.0, 3.0, 12.0, 40.0, 160.0]),
        st.sampled_from(["8ABC123", "BABC123"]),
        st.sampled_from([Link.EXACT, Link.EXACT, Link.ALIKE, Link.PERHAPS]),
        st.sampled_from([(), (("here", 0.6),), (("away", 0.5), ("here", 0.3))]),
        st.integers(0, 10_000),
    ),
    max_size=9,
    unique_by=lambda each: each.id,
)


@given(sightings.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_whatever_order_sightings_arrive_in_the_track_is_the_same(both):
    found, shuffled = both
    track = Track()
    for sighting in shuffled:
        track = apply(track, sighting, PLACES)
    assert track == rebuild(found, PLACES)


@given(sightings, st.data())
def test_a_sighting_that_is_known_already_changes_nothing(found, data):
    track = rebuild(found, PLACES)
    if found:
        assert apply(track, data.draw(st.sampled_from(found)), PLACES) == track


@given(sightings)
def test_no_sighting_is_lost_and_every_stay_begins_and_counts_in_its_unit(found):
    track = rebuild(found, PLACES)
    assert sorted(each.id for each in track.all_sightings()) == sorted(each.id for each in found)
    for stay in track.stays:
        assert stay.first.zone_id == stay.zone_id
        assert {PLACES[each.zone_id].unit for each in stay.certain} == {stay.place.unit}
        assert stay.last.at <= stay.expires_at
        assert all(each.link != Link.PERHAPS for each in stay.sightings)


@given(sightings)
def test_a_vehicle_is_in_one_stay_at_a_time(found):
    stays = rebuild(found, PLACES).stays
    assert all(stay.ended for stay in stays[:-1])
    for earlier, later in pairwise(stays):
        assert earlier.last.order < later.first.order
        assert earlier.ended.at <= later.first.at


def test_a_sighting_on_another_block_ends_the_stay_and_begins_another():
    first, second = track_of(seen(at(9)), seen(at(10), "away"), seen(at(10, 30), "away")).stays
    assert (first.ended.why, first.ended.at) == ("elsewhere", at(10))
    assert (second.zone_id, len(second.sightings), second.ended) == ("away", 2, None)


def test_a_sighting_across_the_street_ends_the_stay_of_one_side():
    assert track_of(seen(at(9)), seen(at(10), "opposite")).stays[0].ended.why == "elsewhere"


def test_zones_of_one_unit_are_one_stay():
    assert len(stay_of(seen(at(9)), seen(at(10), "here too")).sightings) == 2


def test_an_uncertain_sighting_at_the_spot_supports_the_stay_and_begins_none():
    unclear = seen(at(10), None, moved=4, possible=(("here", 0.7), ("opposite", 0.2)))
    stay = stay_of(seen(at(9)), unclear)
    assert stay.last == unclear and stay.certain == (seen(at(9)),)
    assert track_of(unclear).stays == ()


def test_an_uncertain_sighting_that_cannot_be_here_ends_the_stay():
    far = seen(at(10), None, moved=300, possible=(("away", 0.6),))
    assert track_of(seen(at(9)), far).stays[0].ended.why == "elsewhere"


def test_an_uncertain_sighting_at_the_spot_that_names_other_zones_says_nothing():
    near = seen(at(10), None, moved=4, possible=(("opposite", 0.6),))
    track = track_of(seen(at(9)), near)
    assert track.stays[0].ended is None and track.loose == (near,)


def test_a_sighting_that_is_perhaps_of_this_vehicle_ends_its_stay_and_begins_none():
    perhaps = seen(at(10), "away", "BABC123", link=Link.PERHAPS)
    track = track_of(seen(at(9)), perhaps)
    assert track.stays[0].ended.why == "perhaps_elsewhere"
    assert len(track.stays) == 1


def test_a_first_sighting_serves_eight_hours_and_not_a_minute_longer():
    assert len(track_of(seen(at(8)), seen(at(16))).stays) == 1
    first, second = track_of(seen(at(8)), seen(at(16, 1))).stays
    assert (first.ended.why, first.ended.at) == ("expired", at(16))
    assert second.first.at == at(16, 1)


def test_how_long_a_first_sighting_serves_is_a_parameter_and_a_zone_may_have_its_own():
    pair = (seen(at(8)), seen(at(10)))
    assert len(rebuild(pair, PLACES, Parameters(first_read_valid_minutes=90)).stays) == 2
    days_later = datetime(2026, 11, 28, 20, tzinfo=at(8).tzinfo)
    assert len(track_of(seen(at(8), "long"), seen(days_later, "long")).stays) == 1


def test_eight_hours_are_elapsed_hours_when_the_clocks_go_back():
    night = date(2026, 11, 1)
    late, early = at(22, 0, date(2026, 10, 31)), at(5, 0, night)  # 8 h apart, 7 on the clock
    assert len(track_of(seen(late), seen(early)).stays) == 1
    assert len(track_of(seen(late), seen(at(5, 1, night))).stays) == 2


def test_moving_to_another_space_ends_a_stay_measured_over_one_space():
    assert track_of(seen(at(9), "space"), seen(at(10), "space", moved=16)).stays[0].ended.why == "moved"
    assert len(track_of(seen(at(9), "space"), seen(at(10), "space", moved=14)).stays) == 1


def test_moving_along_the_block_face_is_one_stay_where_no_distance_clears_it():
    assert len(track_of(seen(at(9)), seen(at(10), moved=40)).stays) == 1


@pytest.mark.parametrize(("metres", "stays"), [(40, 1), (130, 1), (137, 2), (160, 2)])
def test_the_clear_distance_starts_afresh_and_what_positions_leave_open_favors_the_driver(metres, stays):
    assert len(track_of(seen(at(9), "cleared"), seen(at(10), "cleared", moved=metres)).stays) == stays


def test_along_a_curved_curb_the_longer_way_counts():
    there, here = seen(at(9), "cleared", along_m=0.0), seen(at(10), "cleared", moved=90, along_m=155.0)
    assert len(track_of(there, here).stays) == 2


def test_coming_back_is_noted_only_after_a_sighting_truly_elsewhere():
    back = track_of(seen(at(9)), seen(at(9, 30), "away"), seen(at(10), moved=20)).stays[-1].came_back
    assert (back.first_at, back.last_at, back.metres) == (at(9), at(9), 20)
    assert track_of(seen(at(9)), seen(at(9, 30), "opposite"), seen(at(10))).stays[-1].came_back is None


def test_the_plate_of_a_stay_is_the_reading_seen_most_often():
    stay = stay_of(seen(at(9), plate="BABC123"), seen(at(10)), seen(at(11)))
    assert (stay.plate, stay.exact) == ("8ABC123", False)


def test_of_readings_seen_as_often_the_one_the_state_issues_is_the_plate():
    assert stay_of(seen(at(9), plate="BABC123", state="US-CA"), seen(at(10))).plate == "8ABC123"


def test_a_sighting_without_a_time_zone_is_refused():
    with pytest.raises(ValueError):
        seen(datetime(2026, 11, 24, 9))
