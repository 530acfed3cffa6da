"""Counting right and wrong alerts."""

from parking.overtime.evaluation import Overstay, Raised, evaluate
from tests.parking.overtime.making import at

VEHICLES = {"r1": "car", "r2": "car", "r3": "other", "r4": "car"}
TRUE = Overstay("car", "zone", at(11), at(13))


def score(*alerts, real=(TRUE,), **about):
    """The score of these alerts against the truth."""
    return evaluate(real, alerts, VEHICLES, **about)


def test_an_alert_on_two_reads_of_a_car_that_was_over_is_right():
    found = score(Raised("r1", "r2", "zone", at(12)), innocent_stays=4)
    assert (found.true_positives, found.false_positives, found.false_negatives, found.true_negatives) == (1, 0, 0, 4)
    assert (found.precision, found.recall) == (1, 1)


def test_two_cars_another_zone_or_another_time_is_wrong():
    wrong = [Raised("r1", "r3", "zone", at(12)), Raised("r1", "r2", "next", at(12)), Raised("r1", "r2", "zone", at(14)),
             Raised("r1", "r2", "zone", at(10, 59)), Raised("unknown", "r2", "zone", at(12))]  # fmt: skip
    found = score(*wrong, innocent_stays=9)
    assert (found.precision, found.recall, found.missed, found.wrong) == (0, 0, (TRUE,), tuple(wrong))
    assert found.true_negatives == 4


def test_a_second_alert_on_one_overstay_is_neither_right_nor_wrong():
    found = score(Raised("r1", "r2", "zone", at(12)), Raised("r1", "r4", "zone", at(12, 30)))
    assert (found.true_positives, found.false_positives, found.repeated) == (1, 0, 1)


def test_no_alert_and_no_overstay_is_no_mistake():
    found = score(real=())
    assert (found.precision, found.recall, found.true_negatives) == (1, 1, None)
