"""Measure the overtime engine: `python -m tests.parking.overtime.bench`. Prints; asserts nothing."""

import sys
import time
from collections import Counter

from parking.overtime.evaluation import Raised, evaluate
from parking.overtime.parameters import DEFAULT
from parking.overtime.position import CurbIndex
from parking.overtime.watch import Judged, Watch
from tests.parking.overtime.day import Day, rules_of, simulate
from tests.parking.overtime.town import PROJECTION


def run(day: Day, batch: int = 100) -> tuple[list[Judged], float]:
    """Watch a day in batches; what each read came to, and seconds."""
    watch = Watch(CurbIndex(day.zones, PROJECTION), rules_of(day))
    started = time.perf_counter()
    judged = [
        each for place in range(0, len(day.reads), batch) for each in watch.take(day.reads[place : place + batch])
    ]
    return judged, time.perf_counter() - started


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
        print(f"{len(day.zones)} zones, {len(day.reads)} reads in {seconds:.2f} s = {seconds / len(day.reads) * 1e3:.3f} ms a read; "
              f"certain zone {certain:.3f}; overstays {len(day.overstays)}; precision {score.precision:.4f}, "
              f"recall {score.recall:.4f}, wrong {score.false_positives}, missed {score.false_negatives}, "
              f"inexact alerts {sum(not each.exact for each in alerts(judged))}; links {Counter(each.sighting.link.value for each in judged)}; grace {DEFAULT.grace_minutes}")  # fmt: skip


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
