"""The whole chain over a simulated day, and in other orders of arrival."""

import random
from dataclasses import replace

from parking.ingest.canonical import CanonicalRead, Position
from parking.overtime.evaluation import evaluate
from parking.overtime.permits import Permit
from parking.overtime.places import place_of
from parking.overtime.position import CurbIndex
from parking.overtime.watch import Watch
from parking.overtime.zone_rules import ZoneRules
from tests.parking.overtime.bench import alerts, run
from tests.parking.overtime.day import TWO_HOURS, rules_of, simulate
from tests.parking.overtime.making import minutes
from tests.parking.overtime.town import NOON, PROJECTION, passing, zone


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


def a_street(*, away: tuple[int, ...] = (), passes: int = 10, late: bool = False):
    """A watch of one street that a patrol passes every quarter of an hour; car 3 is away in these passes."""
    zones = [zone("v1", 1, "E"), zone("v1", 1, "W")]
    watch = Watch(CurbIndex(zones, PROJECTION), {each.id: ZoneRules(place_of(each), (TWO_HOURS,)) for each in zones})
    reads = [
        (f"{number}.{car}", street_read(car, number))
        for number in range(passes)
        for car in range(6)
        if car != 3 or number not in away
    ]
    if late:  # the passes that did not see it arrive last
        reads.sort(key=lambda each: int(each[0].split(".")[0]) in away)
    return [each for read in reads for each in watch.take([read])], watch


def street_read(car: int, number: int) -> CanonicalRead:
    """One car of six in a row, as a pass sees it."""
    found = passing("v1", 1, "E", 30 + 7.0 * car, at=NOON + minutes(15 * number + car / 60))
    return CanonicalRead(
        device_seq="", captured_at=found.at, plate=f"{4 + car}ABC{137 * (car + 1)}", state="US-CA",
        observer=Position(found.latitude, found.longitude, 4.0), heading=found.heading, speed_mps=7.0, camera_side="R",
    )  # fmt: skip


def over(judged) -> set[str]:
    """The plates of stays that are over their time."""
    return {each.stay.plate for each in judged if each.finding and each.finding.is_over}


def test_a_car_that_two_passes_did_not_see_is_not_over_while_its_neighbors_are():
    everybody, _ = a_street()
    assert len(over(everybody)) == 6
    without, _ = a_street(away=(4, 5))
    assert over(everybody) - over(without) == {"7ABC548"}


def test_passes_that_arrive_late_count_as_well():
    judged, watch = a_street(away=(4, 5), late=True)
    assert "7ABC548" in over(judged)  # before anybody knew of them
    stay = next(each for each in watch.open_stays() if each.plate == "7ABC548")
    assert [part.ended.why if part.ended else "" for part in watch.parts(stay)] == ["absent", ""]
    assert not any(watch.finding(part).is_over for part in watch.parts(stay))


def test_one_pass_that_did_not_see_it_leaves_the_finding_with_a_doubt():
    judged, _ = a_street(away=(4,))
    finding = next(
        each.finding for each in judged if each.finding and each.finding.is_over and each.stay.plate == "7ABC548"
    )
    assert any(fact.code == "not_read" and fact.doubt for fact in finding.facts)
