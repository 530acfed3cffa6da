"""One simulated day with known truth, through the database and the policy door: precision and recall of alerts.

Both goals are of all: every alert, and every overstay that two reads prove. What no read can show is counted in them,
and printed apart: cars that left and came back unseen, and overstays that positions do not place on their own face.
"""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TextIO

from parking.bench.agency import City, found, newest_weekday
from parking.ingest.batch import read_batch
from parking.models import Alert
from parking.selectors import rights
from parking.services import ingest
from parking.services.looking import look_at_all
from parking.simulate.deliveries import to_json
from parking.simulate.grid import grid
from parking.simulate.simulation import Simulation
from parking.simulate.truth import Truth, Verdict

READS = 20_000
ZONES = 60
SEED = 2026
EVERY = 20  # deliveries between two looks of the worker
PRECISION, RECALL = 0.99, 0.97


@dataclass(frozen=True)
class Result:
    """The confusion table. `wrong`: false alerts by what they were; `missed`: knowable overstays without an alert.

    `exact`, `placeable`: how many of those kinds of overstay there were, and how many of them became no alert.
    """

    right: int
    wrong: Counter[Verdict]
    missed: int
    knowable: int
    innocent: int
    exact: tuple[int, int]
    placeable: tuple[int, int]

    @property
    def precision(self) -> float:
        """Right alerts among all."""
        raised = self.right + sum(self.wrong.values())
        return self.right / raised if raised else 1.0

    @property
    def precision_seen(self) -> float:
        """The same without cars that left and came back while no read showed them elsewhere."""
        raised = self.right + sum(self.wrong.values()) - self.wrong[Verdict.LEFT_UNSEEN]
        return self.right / raised if raised else 1.0

    @property
    def recall(self) -> float:
        """Knowable overstays that became an alert."""
        return 1 - self.missed / self.knowable if self.knowable else 1.0


def run(stdout: TextIO, *, reads: int = READS, seed: int = SEED) -> Result:
    """Simulate, look, compare, print. Raises RuntimeError when a goal is missed on a whole day.

    In a smaller one a single alert weighs more than a goal leaves room for.
    """
    simulation = Simulation(grid(ZONES), seed=seed, reads=reads, start=newest_weekday(), hours=10)
    city = found(simulation.curbs)
    permits = simulation.truth.permits
    rights.register(lambda keys, begin, end: permits)
    begun = time.perf_counter()
    for number, delivery in enumerate(simulation.deliveries()):
        take(city, to_json(delivery), delivery.sent_at)
        if number % EVERY == 0:
            look_at_all()
    look_at_all()
    result = compare(simulation.truth)
    _print(stdout, result, simulation, time.perf_counter() - begun)
    return result


def take(city: City, body: dict, received_at) -> None:
    """Take a delivery in, as the API does."""
    ingest.take(device=city.device, parsed=read_batch(body, received_at=received_at + timedelta(seconds=1)))


def compare(truth: Truth) -> Result:
    """Every overtime alert against the truth."""
    wrong: Counter[Verdict] = Counter()
    found_stays = set()
    alerts = Alert.objects.filter(kind=Alert.Kind.OVERTIME).exclude(detail__breach="no_return")
    for first, last in alerts.values_list("first_read__device_seq", "last_read__device_seq"):
        verdict = truth.verdict(first, last)
        if verdict is Verdict.OVERSTAY:
            found_stays.add(truth.stay_of(last).number)
        else:
            wrong[verdict] += 1
    missed = [over for over in truth.knowable if over.stay.number not in found_stays]
    guilty = {over.stay.number for over in truth.overstays}
    return Result(
        right=alerts.count() - sum(wrong.values()),
        wrong=wrong,
        missed=len(missed),
        knowable=len(truth.knowable),
        innocent=sum(stay.number not in guilty for stay in truth.stays),
        exact=(sum(over.exact for over in truth.knowable), sum(over.exact for over in missed)),
        placeable=(sum(over.placeable for over in truth.knowable), sum(over.placeable for over in missed)),
    )


def _found(of: int, missed: int) -> str:
    """How many were found, in words."""
    return f"{1 - missed / of if of else 1.0:.4f} ({of - missed} of {of})"


def _print(stdout: TextIO, result: Result, simulation: Simulation, seconds: float) -> None:
    truth = simulation.truth
    misread = sum(one.read.plate != truth.car_of(seq).plate for seq, one in truth.reads.items())
    exact_only = result.exact[0] / max(result.knowable, 1)
    wrong = ", ".join(f"{count} {verdict.value}" for verdict, count in result.wrong.items()) or "none"
    stdout.write(
        f"One simulated day: {len(truth.reads):,} reads, {misread} misread ({misread / len(truth.reads):.1%}), "
        f"{len(truth.stays):,} stays, {len(truth.overstays)} overstays, {result.knowable} of them knowable from reads\n"
        f"    {'':24}{'overstayed':>12}{'did not':>12}\n"
        f"    {'alert raised':24}{result.right:>12}{sum(result.wrong.values()):>12}\n"
        f"    {'no alert':24}{result.missed:>12}{result.innocent - sum(result.wrong.values()):>12}\n"
        f"    precision {result.precision:.4f} (goal {PRECISION})   recall {result.recall:.4f} (goal {RECALL})   "
        f"exact joining alone could reach {exact_only:.4f}\n"
        f"    wrong alerts: {wrong}; precision without those that left unseen, which no read can show: "
        f"{result.precision_seen:.4f}\n"
        f"    recall where two right readings prove it {_found(*result.exact)}, "
        f"where positions place the car on its own face {_found(*result.placeable)}\n"
        f"    {seconds:.1f} s through the database and the policy door, "
        f"{1000 * seconds / max(len(truth.reads), 1):.2f} ms a read\n\n"
    )
    if len(truth.reads) < READS:
        stdout.write("    Too few reads to hold against the goals.\n\n")
    elif result.precision < PRECISION or result.recall < RECALL:
        raise RuntimeError("The day misses its goal.")
