"""Which stay a sighting continues: the same letters, or one other character where nothing else explains it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.ingest.canonical import Vehicle
from parking.overtime.join import as_perhaps, decide, may_be_misread, same_letters
from parking.overtime.sighting import Link
from parking.overtime.vehicle import agreement
from tests.parking.overtime.making import BLUE_HONDA, PLACES, RED_FORD, at, minutes, seen, stay_of, track_of

EARLIER = stay_of(seen(at(9)))


def joined(sighting, *stays, read=None):
    """The decision, where plates were read before as often as `read` says."""
    return decide(sighting, stays or (EARLIER,), PLACES, times_read=lambda plate: (read or {}).get(plate, 0))


def test_the_same_letters_continue_the_stay():
    decision = joined(seen(at(10)))
    assert decision.continues is EARLIER and decision.sighting.link is Link.EXACT


def test_the_same_letters_elsewhere_belong_to_the_track_and_will_end_the_stay():
    assert joined(seen(at(10), "away")).continues is EARLIER


def test_a_vehicle_nobody_saw_continues_nothing():
    assert joined(seen(at(10), plate="7XYZ999")).continues is None


def test_no_text_continues_nothing():
    assert joined(seen(at(10), plate="")).continues is None


@pytest.mark.parametrize("plate", ["BABC123", "8A8C123", "8ABC12", "8ABC1234", "ABC123", "8ABC1Z3"])
def test_one_likely_misreading_at_the_spot_continues_the_stay_and_says_why(plate):
    decision = joined(seen(at(10), plate=plate))
    assert decision.continues is EARLIER
    assert decision.sighting.link is Link.ALIKE and decision.sighting.reasons


@pytest.mark.parametrize(("changes", "why"), [
    ({"moved": 20}, "not at the same spot"),
    ({"x": None, "y": None}, "not at the same spot"),
    ({"state": "US-NV"}, "another vehicle: state CA and NV"),
    ({"vehicle": BLUE_HONDA}, "another vehicle: make Ford and Honda, color red and blue"),
    ({"vehicle": Vehicle(type="motorcycle")}, "another vehicle: type sedan and motorcycle"),
])  # fmt: skip
def test_a_look_alike_that_is_another_vehicle_or_place_is_not_linked(changes, why):
    known = replace(RED_FORD, type="sedan")
    stay = stay_of(seen(at(9), state="US-CA", vehicle=known))
    values = {"vehicle": known, "state": "US-CA", **changes}
    decision = joined(seen(at(10), plate="BABC123", **values), stay)
    assert decision.continues is None and why in decision.reasons


def test_neighbours_in_a_series_are_two_cars_of_one_fleet():
    for plate in ("8ABC124", "8ABC122", "8ABC023"):
        decision = joined(seen(at(10), plate=plate, vehicle=RED_FORD), stay_of(seen(at(9), vehicle=RED_FORD)))
        assert decision.continues is None, plate


def test_letters_that_do_not_look_alike_link_only_where_the_vehicle_agrees():
    assert joined(seen(at(10), plate="8ABX123")).continues is None
    stay = stay_of(seen(at(9), vehicle=RED_FORD))
    assert joined(seen(at(10), plate="8ABX123", vehicle=RED_FORD), stay).continues is stay


def test_two_plates_both_read_more_than_once_are_two_vehicles():
    twice = stay_of(seen(at(8)), seen(at(9)))
    decision = joined(seen(at(10), plate="BABC123"), twice, read={"BABC123": 1})
    assert decision.continues is None and "both plates were read exactly more than once" in decision.reasons
    assert joined(seen(at(10), plate="BABC123"), twice).continues is twice
    assert joined(seen(at(10), plate="BABC123"), EARLIER, read={"BABC123": 1}).continues is EARLIER


def test_two_look_alikes_in_one_pass_are_two_vehicles():
    decision = joined(seen(at(9, 1), plate="BABC123"))
    assert decision.continues is None and "both plates were read in one pass" in decision.reasons


def test_between_two_stays_that_fit_alike_none_is_chosen():
    other = stay_of(seen(at(9), plate="8A8C123"))
    assert joined(seen(at(10), plate="8ABC123"), other).continues is other
    decision = joined(seen(at(10), plate="8AC123"), EARLIER, other)
    assert decision.continues is None


def test_the_same_misreading_again_belongs_to_the_stay_it_was_linked_to():
    stay = stay_of(seen(at(9)), seen(at(10), plate="BABC123", link=Link.ALIKE))
    decision = joined(seen(at(11), plate="BABC123"), stay)
    assert decision.continues is stay


def test_the_same_letters_of_another_state_are_one_vehicle_only_at_the_spot():
    stay = stay_of(seen(at(9), state="US-CA"))
    assert joined(seen(at(10), state="US-NV"), stay).continues is stay
    assert joined(seen(at(10), state="US-NV", moved=40), stay).continues is None
    assert joined(seen(at(10), state=""), stay).continues is stay


def test_a_look_alike_elsewhere_ends_the_stay_for_the_driver():
    decision = joined(seen(at(10), "away", "BABC123"))
    assert decision.continues is None and decision.perhaps_ends == (EARLIER,)
    assert as_perhaps(decision.sighting).link is Link.PERHAPS


@pytest.mark.parametrize(("changes", "read"), [
    ({"vehicle": BLUE_HONDA}, {}), ({}, {"BABC123": 1}), ({"plate": "8ABC124"}, {}), ({"when": at(9, 2)}, {}),
])  # fmt: skip
def test_a_look_alike_elsewhere_that_is_plainly_another_vehicle_ends_nothing(changes, read):
    values = {"when": at(10), "zone": "away", "plate": "BABC123", "vehicle": RED_FORD, **changes}
    stay = stay_of(seen(at(9), vehicle=RED_FORD))
    assert joined(seen(values.pop("when"), **values), stay, read=read).perhaps_ends == ()


def test_a_look_alike_whose_zone_is_uncertain_is_linked_to_nothing():
    decision = joined(seen(at(10), None, "BABC123", possible=(("here", 0.8),)))
    assert (decision.continues, decision.perhaps_ends) == (None, ())


def test_a_stay_that_is_over_takes_nothing_more():
    assert joined(seen(at(9) + minutes(481))).continues is None


def test_the_same_letters_with_a_misread_state_and_color_at_the_spot_are_one_vehicle():
    stay = stay_of(seen(at(9), state="US-CA", vehicle=replace(RED_FORD, make="Ford", type="sedan")))
    other = seen(at(10), state="US-NV", vehicle=replace(RED_FORD, color="white", type="sedan"))
    assert joined(other, stay).continues is stay
    third = replace(other, vehicle=replace(BLUE_HONDA, type="van"))
    assert joined(third, stay).continues is None


def test_of_two_stays_with_these_letters_the_one_of_the_same_state_goes_on():
    ours = stay_of(seen(at(9), state="US-CA"))
    other = stay_of(seen(at(9, 30), state="US-NV", vehicle=BLUE_HONDA))
    assert joined(seen(at(10), state="US-CA"), other, ours).continues is ours


def test_the_same_letters_elsewhere_with_another_state_end_the_stay_for_the_driver():
    stay = stay_of(seen(at(9), state="US-CA", vehicle=RED_FORD))
    elsewhere = seen(at(10), "away", state="US-NV", vehicle=RED_FORD)
    decision = joined(elsewhere, stay)
    assert (decision.continues, decision.perhaps_ends) == (None, (stay,))
    assert joined(replace(elsewhere, vehicle=Vehicle("Kia", color="blue")), stay).perhaps_ends == ()


def test_uncertain_sightings_of_the_same_letters_are_one_vehicle_before_it_has_a_stay():
    unclear = track_of(seen(at(9), None, state="US-CA"))
    other = track_of(seen(at(9, 30), None, plate="7XYZ999"))
    assert same_letters(seen(at(10), None), [other, unclear]) == 1
    assert same_letters(seen(at(10), None, state="US-NV"), [other, unclear]) is None
    assert same_letters(seen(at(18)), [other, unclear]) is None
    assert same_letters(seen(at(10), None, plate="BABC123"), [other, unclear]) is None


@given(st.text("AB8BC123", min_size=1, max_size=8), st.sampled_from(["here", "away", "opposite", None]),
       st.integers(0, 700), st.sampled_from([0.0, 10.0, 100.0]))  # fmt: skip
def test_an_inexact_link_is_always_within_one_character_in_the_unit_and_at_the_spot(plate, zone, after, moved):
    sighting = seen(at(9) + minutes(after), zone, plate, moved=moved)
    decision = joined(sighting)
    if decision.continues is not None and plate != "8ABC123":
        assert may_be_misread("8ABC123", plate, False)
        assert zone == "here" and moved <= 14.2 and decision.sighting.link is Link.ALIKE


@given(st.text("ABC8130O", max_size=7), st.text("ABC8130O", max_size=7), st.booleans())
def test_a_likely_misreading_is_one_both_ways(one, other, agrees):
    assert may_be_misread(one, other, agrees) == may_be_misread(other, one, agrees)


def test_shades_and_bodies_readers_mix_up_neither_agree_nor_differ():
    def compared(one: Vehicle, other: Vehicle):
        return agreement(seen(at(9), vehicle=one), seen(at(10), vehicle=other))

    assert compared(Vehicle(color="Silver"), Vehicle(color="grey")).different == ()
    assert compared(Vehicle(color="white"), Vehicle(color="black")).different == ("color white and black",)
    assert compared(Vehicle(make="Chevy"), Vehicle(make="CHEVROLET")).same == ("same make (Chevy)",)
    assert compared(Vehicle(type="sedan-compact"), Vehicle(type="suv-standard")).different == ()
    assert compared(Vehicle(), Vehicle(make="Ford")) == compared(Vehicle(), Vehicle())
