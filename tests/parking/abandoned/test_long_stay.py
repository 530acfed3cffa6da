"""A plate seen at one place for days: the pure function."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parking.abandoned.long_stay import Seen, long_stay

START = datetime(2026, 11, 2, 16, tzinfo=UTC)
HERE = (-122.3, 37.9)
ELSEWHERE = (-122.3, 37.91)


def seen(hours: float, place=HERE, sigma=5.0) -> Seen:
    return Seen(int(hours * 60), START + timedelta(hours=hours), *place, sigma)


def found(*reads):
    return long_stay(reads, hours=72, gap_hours=30)


def test_reads_at_one_place_over_the_hours_are_a_long_stay():
    stay = found(*(seen(hours) for hours in (0, 20, 44, 72)))
    assert (stay.hours, stay.longest_gap_hours, len(stay.seen)) == (72, 28, 4)


def test_a_minute_less_is_none():
    assert found(*(seen(hours) for hours in (0, 20, 44, 72 - 1 / 60))) is None


def test_a_sighting_elsewhere_begins_anew():
    assert found(seen(0), seen(20), seen(30, ELSEWHERE), seen(44), seen(72)) is None
    assert found(seen(0), seen(20), seen(44), seen(72), seen(80, ELSEWHERE)) is None


def test_reads_too_far_apart_are_no_long_stay():
    assert found(seen(0), seen(72)) is None


def test_a_few_metres_of_error_are_one_place():
    assert found(seen(0), seen(24, (-122.3001, 37.9)), seen(48), seen(72)) is not None


def test_the_other_side_of_the_street_is_another_place_however_near():
    here = {"longitude": HERE[0], "latitude": HERE[1], "sigma_m": 5.0}
    east, west = here | {"zone": "east"}, here | {"zone": "west"}
    reads = [Seen(n, START + timedelta(hours=n), **east) for n in (0, 24, 72)]
    assert found(*reads, Seen(48, START + timedelta(hours=48), **east)) is not None
    assert found(*reads, Seen(48, START + timedelta(hours=48), **west)) is None


def test_one_read_is_no_stay():
    assert found(seen(0)) is None and found() is None


@given(st.lists(st.floats(0, 200), min_size=2, max_size=12, unique=True), st.randoms())
def test_the_order_of_arrival_does_not_matter_and_a_stay_is_as_long_as_it_says(hours, random):
    reads = [Seen(number, START + timedelta(hours=each), *HERE, 5.0) for number, each in enumerate(hours)]
    shuffled = list(reads)
    random.shuffle(shuffled)
    stay = found(*shuffled)
    assert stay == found(*reads)
    if stay is not None:
        assert stay.hours >= 72 and stay.longest_gap_hours <= 30
        assert stay.seen[-1].at == max(read.at for read in reads)
