"""Two cars on one permit: a question, and only where both are certain."""

import pytest

from parking.overtime.parameters import Parameters
from parking.overtime.permits import Permit
from parking.overtime.shared_permits import shared_uses
from tests.parking.overtime.making import at, seen

HOUSEHOLD = Permit("h1", ("8ABC123", "7XYZ999"), frozenset({"here", "opposite"}))
AREAS = {"here": "north", "opposite": "north", "away": "south"}


def flags(*sightings, permits=(HOUSEHOLD,), **about):
    """What is flagged among these sightings."""
    return shared_uses(sightings, permits, AREAS, **about)


def test_two_plates_of_one_permit_in_one_area_are_flagged_once_with_both_sightings():
    (flag,) = flags(seen(at(10), plate="7XYZ999"), seen(at(9, 30), "opposite"), seen(at(10, 5), plate="7XYZ999"))
    assert (flag.permit_id, flag.area, flag.minutes) == ("h1", "north", 30)
    assert (flag.first.plate, flag.second.plate) == ("8ABC123", "7XYZ999")


@pytest.mark.parametrize("second", [
    seen(at(11), plate="7XYZ999"),
    seen(at(10), "away", "7XYZ999"),
    seen(at(10), None, "7XYZ999"),
    seen(at(10), plate="8ABC123", moved=50),
    seen(at(10), plate="7XYZ998"),
])  # fmt: skip
def test_too_late_elsewhere_uncertain_the_same_car_or_not_of_the_permit_is_not_flagged(second):
    assert flags(seen(at(9, 30)), second) == ()


def test_how_long_apart_counts_is_a_parameter():
    pair = seen(at(9, 30)), seen(at(11), plate="7XYZ999")
    assert len(flags(*pair, parameters=Parameters(shared_permit_minutes=90))) == 1


def test_two_plates_that_look_alike_at_one_spot_may_be_one_car():
    twins = Permit("h2", ("8ABC123", "BABC123"))
    assert flags(seen(at(9)), seen(at(9, 20), plate="BABC123", moved=5), permits=[twins]) == ()
    assert len(flags(seen(at(9)), seen(at(9, 20), plate="BABC123", moved=50), permits=[twins])) == 1


def test_a_permit_that_is_not_valid_then_is_not_shared():
    over = Permit("h3", HOUSEHOLD.plates, ends=at(9, 45))
    assert flags(seen(at(9, 30)), seen(at(10), plate="7XYZ999"), permits=[over]) == ()
