"""The check digit catches what a person gets wrong."""

import hypothesis.strategies as st
from hypothesis import given

from parking.citations.number import check_digit, citation_number, read_number

YEARS, SERIALS = st.integers(2026, 2099), st.integers(1, 999_999)


def digits_of(number: str) -> str:
    return number.replace("-", "")


def test_the_published_example_of_damm_has_its_published_digit():
    assert check_digit("572") == "4"


@given(YEARS, SERIALS)
def test_a_number_reads_back_however_it_is_typed(year, serial):
    number = citation_number(year, serial)
    assert read_number(number) == number
    assert read_number(digits_of(number)) == number
    assert read_number(f"  {number.replace('-', ' ')} ") == number


@given(YEARS, SERIALS, st.data())
def test_every_single_wrong_digit_is_caught(year, serial, data):
    digits = digits_of(citation_number(year, serial))
    place = data.draw(st.integers(0, len(digits) - 1))
    for wrong in set("0123456789") - {digits[place]}:
        assert read_number(digits[:place] + wrong + digits[place + 1 :]) is None


@given(YEARS, SERIALS)
def test_every_swap_of_neighbors_is_caught(year, serial):
    digits = digits_of(citation_number(year, serial))
    for place in range(len(digits) - 1):
        one, other = digits[place : place + 2]
        swapped = digits[:place] + other + one + digits[place + 2 :]
        assert (read_number(swapped) is None) == (one != other)


@given(st.text(max_size=20))
def test_anything_can_be_typed(text):
    assert read_number(text) is None or read_number(text) == read_number(read_number(text))
