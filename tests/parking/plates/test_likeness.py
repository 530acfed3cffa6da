"""Plates that look alike: symmetric, bounded, and findable by their keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from parking.plates.likeness import (
    CONFUSION_COSTS,
    alike,
    deletion_keys,
    normalise,
    pattern_hint,
    rank_readings,
    weighted_distance,
    within_one_edit,
)

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
plates = st.text(CHARACTERS, min_size=1, max_size=9)


@st.composite
def one_edit_apart(draw):
    """A plate and what it becomes by one character swapped, added or dropped."""
    plate = draw(st.text(CHARACTERS, min_size=2, max_size=8))
    place = draw(st.integers(0, len(plate) - 1))
    character = draw(st.sampled_from(CHARACTERS))
    swapped = plate[:place] + character + plate[place + 1 :]
    added = plate[:place] + character + plate[place:]
    dropped = plate[:place] + plate[place + 1 :]
    return plate, draw(st.sampled_from([swapped, added, dropped]))


@given(one_edit_apart())
def test_two_plates_within_one_edit_share_a_key(pair):
    one, other = pair
    assert set(deletion_keys(one)) & set(deletion_keys(other))
    assert within_one_edit(one, other)


@given(plates, plates)
def test_two_plates_that_share_a_key_are_at_most_two_edits_apart(one, other):
    if set(deletion_keys(one)) & set(deletion_keys(other)):
        assert alike(one, other).edits <= 2


@given(plates, plates)
def test_likeness_is_the_same_both_ways(one, other):
    there, back = alike(one, other), alike(other, one)
    assert (there.exact, there.edits) == (back.exact, back.edits)
    assert there.weight == pytest.approx(back.weight)


@given(plates, plates)
def test_the_weight_never_exceeds_the_edits_and_is_zero_only_for_the_same_plate(one, other):
    likeness = alike(one, other)
    assert likeness.edits == Levenshtein.distance(one, other)
    assert 0 <= likeness.weight <= likeness.edits + 1e-9
    assert (likeness.weight == 0) is (one == other) is likeness.exact
    assert len(likeness.reasons) == likeness.edits


@given(plates, plates, plates)
def test_the_detour_by_a_third_plate_is_never_cheaper_than_unweighted_steps_allow(one, two, three):
    assert alike(one, three).edits <= alike(one, two).edits + alike(two, three).edits
    assert weighted_distance(one, three) <= alike(one, two).edits + alike(two, three).edits + 1e-9


@given(st.text(max_size=12))
def test_normalising_keeps_letters_and_digits_only_and_changes_nothing_the_second_time(text):
    plate = normalise(text)
    assert set(plate) <= set(CHARACTERS)
    assert normalise(plate) == plate


@pytest.mark.parametrize(("written", "plate"), [
    ("8abc 123", "8ABC123"), ("8ABC-123", "8ABC123"), (" 8abc·123\n", "8ABC123"), ("８ＡＢＣ１２３", "8ABC123"), ("—", ""),
])  # fmt: skip
def test_spellings_of_one_plate_are_one_plate(written, plate):
    assert normalise(written) == plate


@pytest.mark.parametrize("pair", ["8B", "0Q", "0D", "OQ", "DO", "5S", "2Z", "01", "HW", "EL"])
def test_every_pair_a_reader_was_seen_to_confuse_costs_less_than_a_swap_of_strangers(pair):
    one, other = pair
    assert CONFUSION_COSTS[one, other] == CONFUSION_COSTS[other, one] < 0.5
    assert weighted_distance("AX7", "A47") == 1


def test_the_difference_is_said_in_words():
    assert alike("8ABC123", "BABC123").reasons == ("8/B",)
    assert alike("8ABC123", "8ABC1234").reasons == ("one character more: 4",)
    assert alike("8ABC123", "8ABC12").reasons == ("one character fewer: 3",)


@pytest.mark.parametrize(("plate", "state", "at_least"), [
    ("8ABC123", "US-CA", 1.0), ("123ABC4", "US-CA", 1.0), ("8A12345", "US-CA", 0.9), ("12345A8", "US-CA", 0.9),
    ("123ABC", "US-CA", 0.7), ("8AIC123", "US-CA", 1.0), ("ABC1234", "US-NV", 0.6), ("ABC1234", "", 0.6),
])  # fmt: skip
def test_a_shape_of_the_state_speaks_for_a_reading(plate, state, at_least):
    assert pattern_hint(plate, state) >= at_least


@pytest.mark.parametrize("plate", ["8IBC123", "8ABQ123", "0ABC123", "MYCAR", "8ABCI23"])
def test_a_shape_the_state_never_issued_speaks_less_but_is_not_ruled_out(plate):
    assert 0 < pattern_hint(plate, "US-CA") < 0.5


def test_among_look_alikes_the_shape_decides_before_confidence():
    ranked = rank_readings([("BABC123", 0.91), ("8ABC123", 0.88), ("XYZ", 0.90)], "US-CA")
    assert [each.plate for each in ranked] == ["8ABC123", "BABC123", "XYZ"]


def test_shape_never_overrides_confidence_between_plates_that_do_not_look_alike():
    ranked = rank_readings([("MYCAR", 0.6), ("8ABC123", 0.5)], "US-CA")
    assert ranked[0].plate == "MYCAR"


@given(st.lists(st.tuples(plates, st.none() | st.floats(0, 1)), max_size=6), st.sampled_from(["", "US-CA", "US-NV"]))
def test_ranking_drops_and_invents_nothing(readings, state):
    assert sorted(each.plate for each in rank_readings(readings, state)) == sorted(plate for plate, _ in readings)
