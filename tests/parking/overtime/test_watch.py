"""The whole chain over a simulated day, and in other orders of arrival."""

import random
from dataclasses import replace

from parking.ingest.canonical import Position
from parking.overtime.evaluation import evaluate
from parking.overtime.permits import Permit
from parking.overtime.position import CurbIndex
from parking.overtime.watch import Watch
from tests.parking.overtime.bench import alerts, run
from tests.parking.overtime.day import rules_of, simulate
from tests.parking.overtime.making import minutes
from tests.parking.overtime.town import PROJECTION


def test_over_a_day_with_misreads_fleets_and_look_alikes_alerts_are_right_and_few_are_missed():
    day = simulate(5, seed=11)
    judged, _ = run(day)
    raised = alerts(judged)
    score = evaluate(day.overstays, raised, day.vehicle_of)
    assert len(day.overstays) > 400
    assert score.precision >= 0.99
    assert score.recall >= 0.97


def test_joining_finds_what_the_same_letters_alone_would_miss():
    day = simulate(5, seed=11)
    judged, _ = run(day)
    with_links = evaluate(day.overstays, alerts(judged), day.vehicle_of)
    exact_only = evaluate(day.overstays, [each for each in alerts(judged) if each.exact], day.vehicle_of)
    assert with_links.recall > exact_only.recall + 0.02


def watch_of(day, **about) -> Watch:
    """A watch over the day's zones."""
    return Watch(CurbIndex(day.zones, PROJECTION), rules_of(day), **about)


def one_car(day):
    """Two reads of the first car, two and a half hours apart."""
    key, read = next((key, read) for key, read in day.reads if read.plate and read.state)
    return (key, read), ("later", replace(read, captured_at=read.captured_at + minutes(150)))


def test_reads_without_text_or_place_raise_nothing():
    day = simulate(3, seed=2, rounds=1)
    watch = watch_of(day)
    first, (_, read) = one_car(day)
    found = watch.take(
        [first, ("blank", replace(read, plate="")), ("zero", replace(read, observer=Position(0.0, 0.0)))]
    )
    assert [each.finding is not None for each in found] == [True, False, False]
    assert len(watch.open_stays()) == 1


def test_a_first_read_that_arrives_late_makes_the_stay_over():
    day = simulate(3, seed=2, rounds=1)
    first, later = one_car(day)
    found = watch_of(day).take([later, first])
    assert [each.finding.is_over for each in found] == [False, True]
    assert found[1].finding.first.id == first[0]


def test_a_permit_that_looks_like_the_plate_keeps_the_alert_back():
    day = simulate(3, seed=2, rounds=1)
    first, later = one_car(day)
    assert watch_of(day).take([first, later])[1].finding.is_over
    permit = Permit("p", (first[1].plate[:-1],))
    finding = watch_of(day, permits=[permit]).take([first, later])[1].finding
    assert not finding.is_over and finding.stopped_by


def test_reads_that_arrive_out_of_order_make_the_same_stays():
    day = simulate(3, seed=5, rounds=6, misreads=0.0)
    straight, shuffled = watch_of(day), watch_of(day)
    mixed = day.reads.copy()
    random.Random(3).shuffle(mixed)
    straight.take(day.reads)
    shuffled.take(mixed)

    def as_seen(watch: Watch):
        return {
            (stay.plate, stay.zone_id, stay.first.id, stay.last.id, len(stay.sightings)) for stay in watch.open_stays()
        }

    assert len(as_seen(straight)) > 100
    different = as_seen(straight) ^ as_seen(shuffled)
    assert len(different) <= 0.02 * len(as_seen(straight))  # plates one letter apart may link in another order
