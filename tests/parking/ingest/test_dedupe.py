"""One car passed once is one sighting; two cars stay two."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parking.ingest.canonical import CanonicalRead, Position, Vehicle
from parking.ingest.dedupe import sightings

START = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
METRE = 1 / 111_195


def read(seq, seconds, plate, confidence=0.9, metres=None, **more):
    place = None if metres is None else Position(37.9 + metres * METRE, -122.3)
    at = START + timedelta(seconds=seconds)
    return CanonicalRead(seq, at, plate, confidence=confidence, observer=place, **more)


def test_frames_of_one_car_are_one_sighting_with_the_surest_read_and_all_ids():
    reads = [read(f"f{n}", n * 0.2, "8ABC123", 0.5 + n % 7 / 20) for n in range(24)]
    [sighting] = sightings(reads)
    assert sighting.best.device_seq == "f6"
    assert sighting.seqs == tuple(f"f{n}" for n in range(24))
    assert (sighting.first_at, sighting.last_at) == (START, START + timedelta(seconds=23 * 0.2))


def test_the_order_of_arrival_does_not_matter():
    reads = [read(f"f{n:02}", n * 0.2, "8ABC123", n / 30) for n in range(24)]
    assert sightings(reversed(reads)) == sightings(reads)


def test_a_car_passed_again_later_is_another_sighting():
    assert len(sightings([read("a", 0, "8ABC123"), read("b", 600, "8ABC123")])) == 2


def test_a_reader_that_stands_still_begins_a_new_sighting_after_a_minute():
    reads = [read(f"f{n:03}", n, "8ABC123", metres=0) for n in range(100)]
    assert [len(sighting.seqs) for sighting in sightings(reads)] == [61, 39]


def test_look_alike_cars_side_by_side_stay_two_sightings():
    reads = [
        read("a1", 0.0, "8ABC123", metres=0),
        read("a2", 0.1, "8ABC123", metres=1),
        read("b1", 0.7, "BABC123", metres=6),
        read("a3", 0.75, "8ABC123", metres=6.2),
        read("b2", 0.9, "BABC123", metres=7),
    ]
    assert [(one.best.plate, len(one.seqs)) for one in sightings(reads)] == [("8ABC123", 3), ("BABC123", 2)]


def test_one_frame_misread_at_the_same_place_belongs_to_its_car():
    reads = [
        read("a1", 0.0, "8ABC123", 0.91, metres=0),
        read("a2", 0.2, "8A8C123", 0.60, metres=1.5),
        read("a3", 0.4, "8ABC12", 0.55, metres=2.5),
        read("a4", 0.6, "", 0.1, metres=3.5),
    ]
    [sighting] = sightings(reads)
    assert sighting.best.device_seq == "a1"


def test_alike_plates_on_cars_of_another_make_stay_two_sightings():
    reads = [
        read("a", 0, "8ABC123", metres=0, vehicle=Vehicle(make="Toyota")),
        read("b", 0.3, "BABC123", metres=2, vehicle=Vehicle(make="Ford")),
    ]
    assert len(sightings(reads)) == 2


def test_the_two_sides_of_the_street_stay_two_sightings():
    reads = [read("a", 0, "8ABC123", camera_side="L"), read("b", 0.2, "8ABC123", camera_side="R")]
    assert len(sightings(reads)) == 2


def test_equal_plates_of_two_states_are_two_cars_unless_read_at_one_place():
    apart = [read("a", 0, "ABC1234", metres=0, state="US-NV"), read("b", 2, "ABC1234", metres=12, state="US-OR")]
    together = [read("a", 0, "ABC1234", metres=0, state="US-NV"), read("b", 0.2, "ABC1234", metres=1, state="US-OR")]
    assert (len(sightings(apart)), len(sightings(together))) == (2, 1)


plates = st.sampled_from(["8ABC123", "BABC123", "8ABC12", "7XYZ890", "", "6DEF456"])


@given(st.lists(st.tuples(st.floats(0, 300), plates, st.floats(0, 1), st.none() | st.floats(0, 100)), max_size=60))
def test_every_read_is_in_exactly_one_sighting_and_its_best_is_one_of_them(rows):
    reads = [read(f"r{n}", *row) for n, row in enumerate(rows)]
    found = sightings(reads)
    assert sorted(seq for one in found for seq in one.seqs) == sorted(one.device_seq for one in reads)
    assert all(one.best.device_seq in one.seqs and one.first_at <= one.best.captured_at <= one.last_at for one in found)
