"""A pass that did not read the car: when it ends the stay, when it is told as a doubt, when it says nothing."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parking.overtime.absence import parts_of
from parking.overtime.judge import judge
from parking.overtime.parameters import Parameters
from parking.overtime.passes import Glance, PassLog
from parking.overtime.sighting import Link
from parking.overtime.stay import rebuild
from tests.parking.overtime.making import PLACES, at, limit, minutes, seen

EAST = (1.0, 0.0)  # the camera looks east, the curb runs north
PARAMETERS = Parameters()
NEIGHBORS = {"7NEI001": -13.0, "7NEI002": -6.5, "7NEI003": 6.5, "7NEI004": 13.0, "7NEI005": 19.5}


def pass_at(when, *, car: str = "", without=(), error: float = 0.0, device: str = "1", side: str = "R") -> list[Glance]:
    """A camera goes north along the row: the neighbors, and `car` at the spot unless it is not there."""
    row = {plate: along for plate, along in NEIGHBORS.items() if plate not in without} | ({car: 0.0} if car else {})
    return [
        Glance(f"{when.isoformat()} {device}{side} {plate}", device, side, when + minutes((along + 20) / 500), 0.0,
               along + error, EAST, plate)
        for plate, along in sorted(row.items(), key=lambda each: each[1])
    ]  # fmt: skip


def car_at(when, moved: float = 0.0, **changes):
    """The car as a pass sees it."""
    return seen(when, moved=moved, look=90.0, possible=(("here", 0.98),), **changes)


def parts(sightings, *glances, moving_counts: bool = True, parameters: Parameters = PARAMETERS):
    """What is left of the stay of these sightings; their own passes read the whole row."""
    (stay,) = rebuild(sightings, PLACES).stays
    own = [each for one in sightings for each in pass_at(one.at, car=one.plate)]
    return parts_of(stay, PassLog([*own, *glances]), parameters, moving_counts=moving_counts)


TWICE = [car_at(at(9)), car_at(at(11, 30))]


def judged(part):
    """The finding on a part, two hours being allowed."""
    return judge(part, limit(120), part.last.at)


def test_without_a_pass_between_the_stay_lasted():
    (part,) = parts(TWICE)
    assert part.absences == () and judged(part).is_over


def test_one_pass_that_did_not_read_it_is_a_doubt_on_the_finding():
    (part,) = parts(TWICE, *pass_at(at(10, 14)))
    finding = judged(part)
    assert finding.is_over
    (fact,) = [fact for fact in finding.facts if fact.code == "not_read"]
    assert fact.sentence == "The patrol passed at 10:14 am and read cars on both sides, not this one"
    assert fact.doubt and not fact.met


def test_two_passes_that_did_not_read_it_end_the_stay():
    first, second = parts(TWICE, *pass_at(at(10, 14)), *pass_at(at(10, 44)))
    assert first.ended.why == "absent" and at(10, 14) <= first.ended.at < at(10, 15)
    assert second.first.at == at(11, 30) and second.expires_at == at(19, 30)
    assert not judged(first).is_over and not judged(second).is_over


def test_how_many_it_takes_follows_from_how_often_a_reader_misses_a_car():
    often, seldom = replace(PARAMETERS, missed_share=0.2), replace(PARAMETERS, missed_share=0.001)
    assert len(parts(TWICE, *pass_at(at(10, 14)), *pass_at(at(10, 44)), parameters=often)) == 1
    assert len(parts(TWICE, *pass_at(at(10, 14)), parameters=seldom)) == 2


def test_a_pass_that_read_another_car_in_its_very_place_ends_the_stay_by_itself():
    first, _ = parts(TWICE, *pass_at(at(10, 14), car="9OTH999", error=6.0))
    assert first.ended.why == "absent"


@pytest.mark.parametrize("reading", ["8ABC123", "BABC123", "8ABC12"])
def test_a_pass_that_read_anything_alike_says_nothing(reading):
    (part,) = parts(TWICE, *pass_at(at(10, 14), car=reading), *pass_at(at(10, 44), car=reading))
    assert part.absences == ()


def test_a_plate_like_it_whose_place_the_device_did_not_know_may_be_the_car():
    nowhere = Glance("n", "1", "R", at(10, 14), 0.0, 0.0, None, "8ABC123")
    assert parts(TWICE, *pass_at(at(10, 14)), nowhere)[0].absences == ()
    other_device = replace(nowhere, device="2")
    assert len(parts(TWICE, *pass_at(at(10, 14)), other_device)[0].absences) == 1


def test_a_car_without_text_at_the_spot_may_be_the_car():
    blank = Glance("b", "1", "R", at(10, 14), 0.0, 1.0, EAST, "")
    assert parts(TWICE, *pass_at(at(10, 14)), blank)[0].absences == ()


def test_a_pass_that_stops_short_of_the_spot_says_nothing():
    short = pass_at(at(10, 14), without=("7NEI003", "7NEI004", "7NEI005"))
    assert parts(TWICE, *short)[0].absences == ()


def test_without_known_neighbors_the_reads_must_lie_clearly_on_both_sides():
    def strangers(*places: float) -> list[Glance]:
        return [Glance(f"s{p}", "1", "R", at(10, 14), 0.0, p, EAST, f"5STR{i:03d}") for i, p in enumerate(places)]

    assert len(parts(TWICE, *strangers(-20, 8, 20))[0].absences) == 1
    assert parts(TWICE, *strangers(-8, 8))[0].absences == ()


def test_the_row_of_the_next_block_or_across_the_street_is_not_this_one():
    beyond = [replace(each, y=each.y + 40) for each in pass_at(at(10, 14))]
    across = [replace(each, look=(-1.0, 0.0)) for each in pass_at(at(10, 44))]
    assert parts(TWICE, *beyond, *across)[0].absences == ()


def test_a_pass_minutes_from_one_that_saw_it_says_nothing():
    assert parts(TWICE, *pass_at(at(9, 3), side="L"), *pass_at(at(11, 28), side="L"))[0].absences == ()


def test_a_late_pass_adds_an_absence_and_a_late_read_takes_it_away():
    absent = [*pass_at(at(10, 14)), *pass_at(at(10, 44))]
    assert len(parts(TWICE, *absent)) == 2
    assert len(parts([TWICE[0], car_at(at(10, 14)), TWICE[1]], *absent)) == 1


@given(st.permutations([*pass_at(at(10, 14)), *pass_at(at(10, 44)), *pass_at(at(9), car="8ABC123")]))
def test_the_log_does_not_care_in_what_order_it_is_filled_nor_how_often(shuffled):
    (stay,) = rebuild(TWICE, PLACES).stays
    log = PassLog(shuffled)
    log.add(shuffled)
    assert len(parts_of(stay, log, PARAMETERS)) == 2


def test_a_clear_move_between_passes_far_apart_in_time_begins_a_new_stay():
    moved = [car_at(at(9)), car_at(at(9, 15)), car_at(at(10, 30), 40), car_at(at(11, 30), 40)]
    first, second = parts(moved)
    assert (first.ended.why, second.first.at) == ("moved", at(10, 30))


@pytest.mark.parametrize("moving_counts", [True, False])
def test_a_move_does_not_help_where_the_zone_forbids_to_return(moving_counts):
    moved = [car_at(at(9)), car_at(at(10, 30), 40), car_at(at(11, 30), 40)]
    assert len(parts(moved, moving_counts=moving_counts)) == (2 if moving_counts else 1)


def test_a_move_between_passes_minutes_apart_goes_on_with_the_stay():
    moved = [car_at(at(9)), car_at(at(10)), car_at(at(10, 18), 40), car_at(at(11, 30), 40)]
    assert len(parts(moved)) == 1


def test_one_position_that_is_off_is_no_move():
    off = [car_at(at(9)), car_at(at(9, 50)), car_at(at(10, 40), 35), car_at(at(11, 30)), car_at(at(12, 20))]
    assert len(parts(off)) == 1


def test_other_letters_after_a_pass_that_did_not_read_it_are_another_car():
    alike = car_at(at(11, 30), plate="BABC123", link=Link.ALIKE)
    assert len(parts([TWICE[0], alike])) == 1
    assert len(parts([TWICE[0], alike], *pass_at(at(10, 14)))) == 2
    back = car_at(at(11, 50))
    assert len(parts([TWICE[0], alike, back], *pass_at(at(10, 14)))) == 1


def test_what_is_uncertain_at_the_cut_belongs_to_no_part():
    unclear = car_at(at(11), zone=None)
    first, second = parts([TWICE[0], unclear, TWICE[1]], *pass_at(at(10, 14)), *pass_at(at(10, 44)))
    assert first.last.at == at(9) and second.first.at == at(11, 30)


@given(
    gaps=st.lists(st.sampled_from(["", "", "", "missed", "taken"]), min_size=5, max_size=9),
    seen_before=st.integers(4, 8),
)
def test_what_an_earlier_look_saw_need_not_be_looked_at_again(gaps, seen_before):
    """Every half hour a pass reads the car; between two of them another may not have, or read another in its place."""
    times = [at(9) + minutes(30 * number) for number in range(len(gaps) + 1)]
    between = {"": [], "missed": [{}], "taken": [{"car": "9OTH999"}]}
    glances = [each for when, gap in zip(times, gaps, strict=False) for how in between[gap]
               for each in pass_at(when + minutes(14), **how)]  # fmt: skip
    (stay,) = rebuild([car_at(when) for when in times], PLACES).stays
    own = [each for when in times for each in pass_at(when, car="8ABC123")]
    lasted = times[min(seen_before, len(times)) - 1]
    (start,) = rebuild([car_at(when) for when in times if when <= lasted], PLACES).stays
    then = PassLog(each for each in [*own, *glances] if each.at <= lasted + minutes(1))
    assume(len(parts_of(start, then, PARAMETERS)) == 1)
    log = PassLog([*own, *glances])
    again, whole = parts_of(stay, log, PARAMETERS, lasted=lasted), parts_of(stay, log, PARAMETERS)
    assert [(part.first.at, part.last.at, part.ended) for part in again] == [
        (part.first.at, part.last.at, part.ended) for part in whole
    ]
