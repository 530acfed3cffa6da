"""The second opinion: a sentence for the officer, never another read."""

import pytest

from parking.plates.opinion import second_opinion
from parking.plates.reading import PlateReading

HERE, THERE = (10, 10, 80, 30), (400, 10, 80, 30)


def reading(text, confidence=0.9, box=HERE):
    return PlateReading(text, confidence, box, tuple([confidence] * len(text)), "text")


def test_a_picture_that_reads_the_same_agrees():
    opinion = second_opinion("8abc 123", 0.95, [reading("8ABC123")])
    assert opinion.agrees is True and opinion.text == "8ABC123"
    assert opinion.words == "The picture reads 8ABC123, as the device did."


def test_agreement_with_an_unsure_device_says_how_unsure_it_was():
    opinion = second_opinion("8ABC123", 0.61, [reading("8ABC123")])
    assert opinion.agrees is True and "The device was not sure (61%)." in opinion.words


def test_a_picture_that_reads_otherwise_asks_to_look_again():
    opinion = second_opinion("BABC123", 0.99, [reading("8ABC123")])
    assert opinion.agrees is False
    assert opinion.words.startswith("The picture reads 8ABC123; the device read BABC123. Look again.")
    assert "look alike (B/8)" in opinion.words


def test_a_difference_that_is_no_look_alike_is_not_called_one():
    assert "look alike" not in second_opinion("7ABC123", 0.9, [reading("8ABC123")]).words


def test_a_picture_that_is_not_sure_says_may():
    assert second_opinion("BABC123", None, [reading("8ABC123", 0.4)]).words.startswith("The picture may read 8ABC123")


def test_two_texts_for_one_place_decide_nothing():
    opinion = second_opinion("BABC123", 0.9, [reading("8ABC123", 0.5), reading("BABC123", 0.3)])
    assert opinion.agrees is None and opinion.text == "8ABC123"
    assert "8ABC123 or BABC123" in opinion.words


def test_the_devices_plate_beside_another_one_agrees_and_names_the_other():
    opinion = second_opinion("8ABC123", 0.9, [reading("5XYZ987", 0.95, THERE), reading("8ABC123", 0.9)])
    assert opinion.agrees is True and opinion.text == "8ABC123"
    assert "Another plate on it reads 5XYZ987" in opinion.words


def test_a_wholly_different_text_asks_which_vehicle_is_meant():
    opinion = second_opinion("8ABC123", 0.9, [reading("5XYZ987")])
    assert opinion.agrees is False and "which vehicle is meant" in opinion.words


@pytest.mark.parametrize("readings", [[], [reading("8ABC123", 0.1)]])
def test_a_picture_without_a_usable_reading_decides_nothing(readings):
    opinion = second_opinion("BABC123", 0.9, readings)
    assert opinion.agrees is None and opinion.text == ""
    assert "BABC123" in opinion.words and "Look at the picture." in opinion.words


def test_a_read_without_text_gets_what_the_picture_reads_and_no_agreement():
    opinion = second_opinion("", None, [reading("8ABC123")])
    assert opinion.agrees is None and opinion.text == "8ABC123"
    assert opinion.words.startswith("The device read no text.")


def test_neither_text_nor_picture_says_so():
    opinion = second_opinion("", None, [])
    assert opinion.agrees is None and opinion.text == "" and "Neither" in opinion.words
