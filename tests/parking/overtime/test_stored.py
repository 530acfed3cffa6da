"""Stays survive being written down: a restart changes nothing."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from parking.overtime.stay import Absence, Track, apply, rebuild
from parking.overtime.stored import stay_as_data, stay_from_data
from tests.parking.overtime.making import PLACES, RED_FORD, at, seen, stay_of
from tests.parking.overtime.test_stay import sightings


@given(sightings)
def test_a_stay_read_back_from_json_is_the_same(found):
    for stay in rebuild(found, PLACES).stays:
        assert stay_from_data(json.loads(json.dumps(stay_as_data(stay))), PLACES) == stay


def test_a_stay_read_back_goes_on_like_the_one_that_was_written():
    stay = stay_of(seen(at(9), vehicle=RED_FORD, possible=(("here", 0.98),), reasons=("8/B",)))
    again = stay_from_data(json.loads(json.dumps(stay_as_data(stay))), PLACES)
    later = seen(at(11, 30), "away")
    assert apply(Track((again,)), later, PLACES) == apply(Track((stay,)), later, PLACES)


def test_absences_are_kept():
    stay = replace(stay_of(seen(at(9))), absences=(Absence(at(10)),))
    assert stay_from_data(json.loads(json.dumps(stay_as_data(stay))), PLACES) == stay


def test_a_zone_that_is_gone_is_an_error_and_not_another_zone():
    with pytest.raises(KeyError):
        stay_from_data(stay_as_data(stay_of(seen(at(9)))), {})
