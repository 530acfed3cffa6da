"""Reads a second over HTTP, and how soon an overstay is an alert, while worker and database are killed midway."""

import json
import os
import signal
import time
from datetime import datetime, timedelta
from typing import TextIO

import numpy as np
from django.db import connection
from django.utils import timezone

from ecpd.embedded.services import Services
from parking.bench.agency import City, found, newest_weekday
from parking.bench.processes import Running, running
from parking.bench.sending import Sent, send_all
from parking.models import Alert, Finding, Read
from parking.simulate.deliveries import to_json
from parking.simulate.grid import grid
from parking.simulate.simulation import Simulation

RATE, SECONDS, BATCH = 500, 300, 50
ZONES, CARS = 200, 8
GOAL_MS = 500
AFTERMATH = timedelta(seconds=20)  # after a kill, before latency counts again


def run(services: Services, stdout: TextIO, *, port: int, rate: int = RATE, seconds: int = SECONDS) -> None:
    """Send, kill, count, print. Raises RuntimeError when reads were lost or a goal is missed."""
    simulation = Simulation(
        grid(ZONES, seed=1), seed=5, reads=rate * seconds, cars=CARS, start=newest_weekday(), hours=10, prefix="t-"
    )
    city = found(simulation.curbs)
    bodies, sequences = _prepare(simulation)
    stdout.write(f"Over HTTP: {len(sequences):,} reads of a day in batches of up to {BATCH}, {rate} a second\n")
    stdout.flush()
    with running(port, services.data_dir / "logs") as processes:
        kills = _Kills(processes, services, seconds)
        per_second = len(bodies) / (len(sequences) / rate)
        begun = time.monotonic()
        sent = send_all(bodies, port=port, token=city.token, per_second=per_second, every=kills)
        took = time.monotonic() - begun
        settled = _settle()
    _report(stdout, city, sent, sequences, took, settled, kills)


def _prepare(simulation: Simulation) -> tuple[list[bytes], set[str]]:
    """The bodies without `sent_at`, which would be another day's, and the sequences in them."""
    bodies, sequences = [], set()
    for delivery in simulation.deliveries(BATCH):
        body = {"reads": to_json(delivery)["reads"]}
        sequences |= {item["device_seq"] for item in body["reads"]}
        bodies.append(json.dumps(body).encode())
    return bodies, sequences


class _Kills:
    """Kills the worker at two fifths of the time and the database at three fifths, and starts each again."""

    def __init__(self, processes: Running, services: Services, seconds: int) -> None:
        self.processes, self.services = processes, services
        self.due = [(seconds * 0.4, self._worker), (seconds * 0.6, self._database)]
        self.outages: list[tuple[str, datetime, datetime]] = []

    def __call__(self, elapsed: float) -> None:
        if self.due and elapsed >= self.due[0][0]:
            _, kill = self.due.pop(0)
            begun = timezone.now()
            name = kill()
            self.outages.append((name, begun, timezone.now()))

    def _worker(self) -> str:
        self.processes.kill_worker()
        self.processes.start_worker()
        return "worker"

    def _database(self) -> str:
        connection.close()
        for pid in _family(self.services.postgres.process.pid):
            _kill(pid)
        self.services.postgres.process.wait()
        self.services.postgres.start()
        return "database"


def _family(pid: int) -> list[int]:
    """A process and its children: a killed postmaster leaves them behind for a moment."""
    children = [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _parent(int(entry)) == pid]
    return [pid, *children]


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return int(stat.read().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _settle() -> float:
    """Wait until every read is looked at and every finding raised; seconds it took, at most two minutes."""
    begun = time.monotonic()
    while time.monotonic() - begun < 120:
        if not Read.objects.filter(state="received").exists() and not Finding.objects.filter(state="found").exists():
            break
        time.sleep(0.5)
    return time.monotonic() - begun


def _report(
    stdout: TextIO, city: City, sent: Sent, sequences: set[str], took: float, settled: float, kills: _Kills
) -> None:
    kept = set(Read.objects.filter(device=city.device).values_list("device_seq", flat=True))
    waiting = Read.objects.filter(state="received").count()
    calm, all_ = _latencies(city, kills)
    answers = 1000 * np.array([lasted for _, lasted in sent.answers])
    lost = len(sequences - kept)
    stdout.write(
        f"    {len(sequences) / took:.0f} reads/s over {took:.0f} s; answers p50 {np.percentile(answers, 50):.0f} ms, "
        f"p99 {np.percentile(answers, 99):.0f} ms; {sent.retries} tries repeated while something was down\n"
        f"    read to alert, {len(calm)} alerts apart from the outages: p50 {_at(calm, 50):.0f} ms, "
        f"p99 {_at(calm, 99):.0f} ms (goal: under {GOAL_MS}); with them, {len(all_)}: p99 {_at(all_, 99):.0f} ms\n"
        f"    killed: {', '.join(f'{name} ({(end - begin).total_seconds():.1f} s)' for name, begin, end in kills.outages)}; "
        f"kept {len(kept):,} of {len(sequences):,}, lost {lost}, left to look at {waiting} after {settled:.1f} s\n\n"
    )
    if lost or waiting or (len(calm) and _at(calm, 99) >= GOAL_MS) or len(sequences) / took < 0.98 * RATE:
        raise RuntimeError("The ingest misses its goal.")


def _latencies(city: City, kills: _Kills) -> tuple[np.ndarray, np.ndarray]:
    """Milliseconds from a read's arrival to its alert: apart from outages and their aftermath, and all."""
    rows = Alert.objects.filter(device=city.device).values_list("raised_at", "detail__received_at")
    calm, all_ = [], []
    for raised, received in rows:
        arrived = datetime.fromisoformat(received)
        lasted = 1000 * (raised - arrived).total_seconds()
        all_.append(lasted)
        if not any(begin - timedelta(seconds=1) <= arrived <= end + AFTERMATH for _, begin, end in kills.outages):
            calm.append(lasted)
    return np.array(calm), np.array(all_)


def _at(values: np.ndarray, percentile: float) -> float:
    return float(np.percentile(values, percentile)) if len(values) else 0.0
