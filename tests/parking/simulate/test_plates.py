"""Invented plates and how they are misread."""

import re
from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from parking.simulate.misreading import LENGTH, NOTHING, SWAP, misread
from parking.simulate.plates import LOOK_ALIKE, PlateMaker

plates = st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=2, max_size=8)


@given(plates, st.randoms(use_true_random=False))
def test_a_misreading_is_never_the_plate_and_wrong_in_the_way_it_says(plate, rng):
    wrong = misread(plate, rng)
    assert wrong.plate != plate
    if wrong.kind == SWAP:
        assert sum(a != b for a, b in zip(plate, wrong.plate, strict=True)) == 1
    elif wrong.kind == LENGTH:
        assert abs(len(wrong.plate) - len(plate)) == 1
    else:
        assert (wrong.kind, wrong.plate) == (NOTHING, "")


def test_half_of_the_misreadings_have_the_wrong_length_as_measured():
    rng = Random(1)
    kinds = Counter(misread("8ABC123", rng).kind for _ in range(10_000))
    assert abs(kinds[LENGTH] / 10_000 - 54 / 104) < 0.02
    assert abs(kinds[SWAP] / 10_000 - 47 / 104) < 0.02
    assert abs(kinds[NOTHING] / 10_000 - 3 / 104) < 0.01


def test_look_alike_characters_are_swapped_most():
    rng = Random(1)
    swaps = Counter(misread("8WWWWWW", rng).plate[:1] for _ in range(20_000))
    assert swaps["B"] > 4 * swaps["3"] > 0


def test_no_plate_is_drawn_twice():
    maker = PlateMaker(Random(2))
    drawn = [maker.plate()[0] for _ in range(20_000)]
    assert len(set(drawn)) == 20_000
    assert all(re.fullmatch(r"[A-Z0-9]{5,8}", plate) for plate in drawn)


def test_most_plates_are_californian_series_and_one_in_seven_of_other_states():
    maker = PlateMaker(Random(2))
    drawn = [maker.plate() for _ in range(5000)]
    series = re.compile(r"[4-9][A-HJ-NPR-Z][A-Z][A-HJ-NPR-Z][0-9]{3}")
    assert 0.58 < sum(state == "US-CA" and bool(series.fullmatch(plate)) for plate, state in drawn) / 5000 < 0.72
    assert 0.11 < sum(state != "US-CA" for _, state in drawn) / 5000 < 0.17


def test_look_alikes_differ_by_one_look_alike_character():
    maker = PlateMaker(Random(2))
    for _ in range(300):
        (one, _), (other, _) = maker.look_alikes()
        [(was, now)] = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        assert LOOK_ALIKE[was] == now
