"""What speaks for a line being a plate's: an order, never an exclusion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.plates import locate
from parking.plates.alphabet import ALPHABET
from parking.plates.ranking import plausibility, shape_worth, standing


def line(left, top, width, height):
    right, bottom = left + width, top + height
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


PLATE = line(300, 300, 98, 35)  # seven condensed characters


def test_condensed_letters_are_likelier_a_plates_than_wide_ones():
    wide = plausibility("ABC1234", line=line(0, 0, 250, 35), plain="ABC1234")
    assert plausibility("ABC1234", line=PLATE, plain="ABC1234") > 5 * wide > 0


@pytest.mark.parametrize("plain", ["2026-11-24", "09:41:07", "20261124"])
def test_a_date_or_time_is_hardly_a_plates(plain):
    text = "".join(character for character in plain if character.isalnum())
    assert 0 < plausibility(text, line=PLATE, plain=plain) < 0.1 * plausibility(text, line=PLATE, plain=text[::-1])


def test_a_slogan_beside_a_taller_line_stands_back():
    slogan = line(310, 340, 80, 15)
    assert standing(slogan, lines=[slogan, PLATE], picture_width=1280) < 0.5
    assert standing(PLATE, lines=[slogan, PLATE], picture_width=1280) == 1.0


def test_a_small_line_far_from_a_tall_one_stands_by_itself():
    far = line(900, 600, 60, 20)
    assert standing(far, lines=[far, PLATE], picture_width=1280) == 1.0


def test_a_line_cut_by_the_pictures_edge_stands_back_but_one_that_fills_a_crop_does_not():
    assert standing(line(0, 300, 98, 35), lines=[], picture_width=1280) < 0.5
    assert standing(line(0, 10, 98, 35), lines=[], picture_width=100) == 1.0


def test_serials_avoid_letters_that_look_like_digits_but_for_the_middle_of_three_in_california():
    assert shape_worth("HK0E7C") > shape_worth("HKOE7C")
    assert shape_worth("6XIU641") > shape_worth("6X1U641")
    assert shape_worth("6TOY482", state="US-CA") == 1.0


@given(st.text(ALPHABET, min_size=2, max_size=9), st.sampled_from(["", "US-CA", "US-NV"]))
def test_no_text_is_ruled_out(text, state):
    assert 0 < shape_worth(text, state=state) <= 1
    assert 0 < plausibility(text, line=PLATE, plain=text) <= 1


def test_pieces_of_one_line_are_joined_clockwise_from_the_top_left():
    whole = locate.joined([line(300, 300, 40, 30), line(350, 301, 50, 29)])
    assert locate.enclosing(whole)[2] == 100
    assert whole[0].sum() == whole.sum(axis=1).min() and whole[2].sum() == whole.sum(axis=1).max()


def test_a_crop_and_the_way_back_cancel_out():
    crop, back = locate.enlarged(np.zeros((720, 1280, 3), np.uint8), PLATE, line_width=256)
    assert locate.moved_back(locate.moved_in(PLATE, back), back) == pytest.approx(PLATE, abs=0.01)
    assert crop.shape[1] > 256
