"""Measure the overtime engine: `python -m tests.parking.overtime.bench`. Prints; asserts nothing."""

import random
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from parking.ingest.canonical import CanonicalRead
from parking.overtime.evaluation import Raised, evaluate
from parking.overtime.position import CurbIndex
from parking.overtime.watch import Judged, Watch
from tests.parking.overtime.day import Day, rules_of, simulate
from tests.parking.overtime.town import PROJECTION


def run(day: Day, batch: int = 100) -> tuple[list[Judged], float]:
    """Watch a day in batches; what each read came to, and seconds."""
    watch = Watch(CurbIndex(day.zones, PROJECTION), rules_of(day))
    started = time.process_time()
    judged = [
        each for place in range(0, len(day.reads), batch) for each in watch.take(day.reads[place : place + batch])
    ]
    return judged, time.process_time() - started


def alerts(judged: list[Judged]) -> list[Raised]:
    """One alert for each first picture in a zone: what a service would raise."""
    raised = {}
    for each in judged:
        if each.finding and each.finding.is_over:
            first, last = each.finding.first, each.finding.last
            raised.setdefault((each.stay.first.id, each.stay.zone_id),
                              Raised(first.id, last.id, each.stay.zone_id, last.at, each.finding.exact))  # fmt: skip
    return list(raised.values())


def main(size: int = 10, rounds: int = 9, batch: int = 100) -> None:
    """A day in a town of `size` by `size` streets (4 * size² zones)."""
    for seed in (1, 2, 3):
        day = simulate(size, seed=seed, rounds=rounds)
        judged, seconds = run(day, batch)
        score = evaluate(day.overstays, alerts(judged), day.vehicle_of, innocent_stays=day.innocent)
        certain = sum(each.sighting.zone_id is not None for each in judged) / len(judged)
        inexact = sum(not each.exact for each in alerts(judged))
        print(f"{len(day.zones)} zones, {len(day.reads)} reads, {seconds / len(day.reads) * 1e3:.3f} ms a read")
        print(f"  zone certain in {certain:.3f}; links {dict(Counter(each.sighting.link.value for each in judged))}")
        print(f"  {len(day.overstays)} overstays: precision {score.precision:.4f}, recall {score.recall:.4f}, "
              f"{score.false_positives} wrong, {score.false_negatives} missed, {inexact} of two readings")  # fmt: skip
    print(f"one read against 500 open stays in its zone: {crowded() * 1e3:.3f} ms")


def crowded(stays: int = 500) -> float:
    """Seconds a read takes, placed and judged one at a time, in a town of 196 zones with `stays` open in one zone."""
    day = simulate(7, seed=9, rounds=1)
    dice = random.Random(2)
    watch = Watch(CurbIndex(day.zones, PROJECTION), rules_of(day))
    template = day.reads[0][1]

    def read(number: int, later: timedelta) -> tuple[str, CanonicalRead]:
        plate = f"{dice.randint(1, 9)}{''.join(dice.choice('ABCDEFGH') for _ in range(3))}{dice.randrange(1000):03d}"
        return f"c{number}", replace(template, plate=plate, captured_at=template.captured_at + later)

    watch.take([read(number, timedelta()) for number in range(stays)])
    more = [read(stays + number, timedelta(minutes=130)) for number in range(500)]
    started = time.process_time()
    for each in more:
        watch.take([each])
    return (time.process_time() - started) / len(more)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
