"""The same seed gives the same shift; its reads err as asked; its truth does not contradict itself."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations, pairwise

import pytest

from parking.ingest.batch import read_batch
from parking.ingest.canonical import CanonicalRead
from parking.ingest.parsed import Limits
from parking.simulate.deliveries import to_json
from parking.simulate.grid import grid
from parking.simulate.play import Shares
from parking.simulate.simulation import Simulation
from parking.simulate.truth import Verdict
from tests.parking.simulate.conftest import START


def small(**changes):
    return Simulation(grid(24), **{"seed": 5, "reads": 1500, "start": START, **changes})


def test_the_same_seed_gives_the_same_reads_truth_and_deliveries():
    one, other = small(), small()
    assert one.truth.overstays == other.truth.overstays  # asked in another order on purpose
    assert one.seen == other.seen
    assert one.deliveries() == other.deliveries() == one.deliveries()


def test_another_seed_gives_another_shift():
    one, other = ({seen.read.plate for seen in small(seed=seed).seen} for seed in (5, 6))
    assert len(one & other) < 0.02 * len(one)


def test_a_start_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        small(start=datetime(2026, 11, 24, 8))


def test_it_gives_the_reads_asked_for_in_order_each_with_its_own_number(shift):
    reads = [seen.read for seen in shift.seen]
    assert len(reads) == 6000 == len({read.device_seq for read in reads})
    assert [seen.at for seen in shift.seen] == sorted(seen.at for seen in shift.seen)
    assert all(isinstance(read, CanonicalRead) and read.captured_at.tzinfo for read in reads)
    assert shift.seen[-1].at > 7 * 3600


def test_few_reads_mean_fewer_faces_and_not_fewer_passes():
    assert len(small(reads=400).faces) < len(small(reads=4000).faces)
    per_stay = Counter(seen.parking for seen in small(reads=400).seen)
    assert max(per_stay.values()) >= 3


def test_reads_are_misread_as_often_as_asked_and_half_of_those_in_length(shift):
    wrong = [seen.misreading for seen in shift.seen if seen.misreading]
    assert 0.02 < len(wrong) / len(shift.seen) < 0.042
    assert 0.4 < sum(one.kind == "length" for one in wrong) / len(wrong) < 0.64
    assert all(seen.misreading is None for seen in small(misread_rate=0.0).seen)


def test_a_read_says_the_true_plate_unless_it_is_marked_as_misread(shift):
    for seen in shift.seen:
        said = seen.misreading.plate if seen.misreading else shift.truth.cars[seen.car].plate
        assert seen.read.plate == said


def test_some_plates_are_misread_the_same_way_twice(shift):
    again = Counter((seen.car, seen.misreading.plate) for seen in shift.seen if seen.misreading)
    assert sum(count > 1 for count in again.values()) >= 2


def test_confidence_goes_with_rightness_imperfectly(shift):
    right = sorted(seen.read.confidence for seen in shift.seen if not seen.misreading)
    wrong = sorted(seen.read.confidence for seen in shift.seen if seen.misreading)
    assert right[len(right) // 2] > wrong[len(wrong) // 2] + 0.1
    assert right[len(right) // 20] < wrong[-len(wrong) // 20]


def test_colors_makes_and_types_are_sometimes_wrong_and_sometimes_unknown(shift):
    pairs = [(seen.read.vehicle, shift.truth.cars[seen.car]) for seen in shift.seen]
    share = {
        name: sum(getattr(said, name) == getattr(car, name) for said, car in pairs) / len(pairs)
        for name in ("make", "color", "type")
    }
    assert 0.89 < share["make"] < 0.95
    assert 0.84 < share["color"] < 0.92
    assert 0.9 < share["type"] < 0.96


def test_both_sides_of_the_street_are_read(shift):
    sides = Counter(seen.read.camera_side for seen in shift.seen)
    assert sides["R"] > sides["L"] > 0.1 * sides["R"]


def test_no_two_cars_stand_in_one_space_and_no_car_in_two(shift):
    parkings = shift.truth.parkings
    for key in ("car", "place"):
        groups = {}
        for one in parkings:
            groups.setdefault(one.car if key == "car" else (one.face, one.space), []).append(one)
        for group in groups.values():
            group.sort(key=lambda one: one.arrive)
            assert all(a.leave < b.arrive for a, b in pairwise(group))


def test_every_read_saw_a_car_that_stood_there(shift):
    for seen in shift.seen:
        parking = shift.truth.parkings[seen.parking]
        assert parking.car == seen.car
        assert parking.arrive <= seen.at <= parking.leave + 1.0


def test_a_stay_is_one_car_in_one_unit_and_holds_all_its_reads(shift):
    truth = shift.truth
    for stay in truth.stays:
        assert {truth.parkings[number].car for number in stay.parkings} == {stay.car.id}
        assert len({truth.faces[truth.parkings[number].face].zone.street for number in stay.parkings}) == 1
    assert sum(len(stay.parkings) for stay in truth.stays) == len({n for stay in truth.stays for n in stay.parkings})
    assert all(truth.stay_of(seen.read.device_seq).car.id == seen.car for seen in shift.seen)


def test_an_overstay_lasts_longer_than_limit_and_grace_in_enforced_hours(shift):
    assert len(shift.truth.overstays) > 40
    for over in shift.truth.overstays:
        assert over.over_at - over.since == timedelta(minutes=over.limit_minutes + 5)
        assert over.since >= over.stay.arrived
        assert over.over_at < over.stay.left
        hour = over.over_at.astimezone(START.tzinfo).hour
        assert 7 <= hour < 18


def test_an_overstay_is_knowable_exactly_when_some_pair_of_its_reads_proves_it(shift):
    truth = shift.truth
    assert 20 < len(truth.knowable) < len(truth.overstays)
    for over in truth.overstays:
        legible = [seq for seq in over.reads if truth.reads[seq].read.plate]
        proofs = [later for first, later in combinations(legible, 2) if truth.verdict(first, later) is Verdict.OVERSTAY]
        assert bool(proofs) == (over.knowable_at is not None)
        if proofs:
            assert over.knowable_at == min(truth.moment(truth.reads[seq].at) for seq in proofs)
            assert over.knowable_at > over.over_at - timedelta(milliseconds=1)


def test_rightly_read_plates_prove_nearly_all_that_can_be_known_but_not_more(shift):
    exact = sum(over.exact for over in shift.truth.knowable)
    assert 0.85 * len(shift.truth.knowable) < exact <= len(shift.truth.knowable)
    assert not any(over.exact for over in shift.truth.overstays if over.knowable_at is None)


def test_a_place_that_errors_carry_off_the_face_proves_nothing(shift):
    truth = shift.truth
    placeable = sum(over.placeable for over in truth.knowable)
    assert 0.8 * len(truth.knowable) < placeable < len(truth.knowable)
    for seen in shift.seen[:500]:
        assert (seen.error is None) == (seen.read.observer is None)
    far = [seen for seen in shift.seen if seen.error and max(map(abs, seen.error)) > 90]
    assert not any(truth._placeable(seen.read.device_seq) for seen in far)


def test_an_alert_on_two_cars_is_wrong(shift):
    one = shift.seen[0]
    other = next(seen for seen in reversed(shift.seen) if seen.car != one.car)
    assert shift.truth.verdict(one.read.device_seq, other.read.device_seq) is Verdict.OTHER_CAR


def test_an_alert_on_a_car_that_left_and_came_back_is_wrong():
    truth = small(reads=4000, shares=Shares(movers=0.5)).truth
    reads = {}
    for seq, seen in truth.reads.items():
        reads.setdefault(seen.car, []).append(seq)
    pairs = [
        (seqs[0], seqs[-1])
        for car, seqs in reads.items()
        if truth.cars[car].role == "away" and truth.stay_of(seqs[0]) != truth.stay_of(seqs[-1])
    ]
    assert pairs
    assert {truth.verdict(*pair) for pair in pairs} == {Verdict.LEFT_UNSEEN}
    seen = [
        truth.verdict(seqs[0], seqs[-1])
        for car, seqs in reads.items()
        if truth.cars[car].role == "there_and_back" and len({truth.zone_of(seq) for seq in seqs}) == 2
    ]
    assert Verdict.LEFT_SEEN in seen
    assert Verdict.OVERSTAY not in seen


def test_moving_up_on_the_same_face_goes_on_with_the_stay():
    truth = small(reads=4000, shares=Shares(movers=0.5)).truth
    moved = [stay for stay in truth.stays if stay.car.role == "same_face" and len(stay.parkings) == 2]
    assert moved
    assert any(over.stay in moved for over in truth.overstays)


def test_a_resident_with_a_permit_never_overstays_and_an_alert_says_so(shift):
    truth = shift.truth
    exempt = [stay for stay in truth.stays if stay.classes and stay.left - stay.arrived > timedelta(hours=5)]
    assert exempt
    assert not {over.stay.number for over in truth.overstays} & {stay.number for stay in exempt}
    verdicts = set()
    for stay in exempt:
        seqs = [seq for seq, seen in truth.reads.items() if seen.parking in stay.parkings]
        verdicts |= {truth.verdict(first, last) for first, last in combinations(seqs, 2)}
    assert Verdict.EXEMPT in verdicts
    assert Verdict.OVERSTAY not in verdicts


def test_shared_permits_have_two_plates_and_both_cars_are_in_the_street(shift):
    shared = [permit for permit in shift.truth.permits if len(permit.plates) == 2]
    parked = {shift.truth.cars[one.car].plate for one in shift.truth.parkings}
    assert shared
    assert any(set(permit.plates) <= parked for permit in shared)


def test_look_alike_cars_stand_in_one_face_some_of_them_at_once(shift):
    truth = shift.truth
    pairs = {}
    for one in truth.parkings:
        if truth.cars[one.car].role == "look_alike":
            pairs.setdefault(one.car, one)
    together = [(one, pairs[car + 1]) for car, one in pairs.items() if car + 1 in pairs and car % 2 == min(pairs) % 2]
    assert sum(one.face == other.face for one, other in together) > 10
    assert any(other.arrive < one.leave for one, other in together)
    assert any(other.arrive > one.leave for one, other in together)


def test_every_read_is_delivered_once_in_batches_no_larger_than_asked(shift):
    sent = shift.deliveries(batch=40)
    seqs = [read.device_seq for one in sent for read in one.reads]
    assert sorted(seqs) == sorted(seen.read.device_seq for seen in shift.seen)
    assert max(len(one.reads) for one in sent) <= 40
    assert [one.sent_at for one in sent] == sorted(one.sent_at for one in sent)


def test_some_deliveries_are_late_and_one_gap_of_an_hour_and_a_half_is_sent_afterwards(shift):
    for patrol in range(2):
        own = [one for one in shift.deliveries() if one.patrol == patrol]
        latest = [max(read.captured_at for read in one.reads) for one in own]
        delays = [(one.sent_at - last).total_seconds() for one, last in zip(own, latest, strict=True)]
        assert max(delays) > 3600
        assert max((b.sent_at - a.sent_at).total_seconds() for a, b in pairwise(own)) > 2400
        assert any(b < a for a, b in pairwise(latest))


def test_what_is_sent_is_a_canonical_batch_without_fault(shift):
    for one in shift.deliveries()[:60]:
        parsed = read_batch(to_json(one), received_at=one.sent_at + timedelta(seconds=1), limits=Limits())
        assert parsed.rejected == []
        assert {note.code for note in parsed.notes} <= {"clock_skew"}
        taken = [read for _, read in parsed.reads]
        assert [read.device_seq for read in taken] == [read.device_seq for read in one.reads]
        assert taken == list(one.reads)


def test_a_shift_across_the_change_of_clocks_counts_elapsed_time():
    start = datetime(2026, 10, 31, 20, tzinfo=START.tzinfo)
    found = small(start=start, hours=14)
    assert found.truth.end - found.truth.start == timedelta(hours=14)
    assert all(found.truth.start <= seen.read.captured_at + timedelta(seconds=10) for seen in found.seen)
