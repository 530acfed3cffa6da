"""The exact scan in SQL beside an exact scan with NumPy, same vectors, same run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction

from leads.search import scan, synthetic

LISTED = 50


@dataclass(frozen=True)
class Times:
    """Milliseconds of repeated runs."""

    name: str
    p50: float
    p95: float

    def __str__(self) -> str:
        return f"{self.name:<34} p50 {self.p50:7.1f} ms   p95 {self.p95:7.1f} ms"


def measure(name: str, work: Callable[[int], object], repeats: int) -> Times:
    """Run `work(0)`, `work(1)`, ... after one run that does not count."""
    work(0)
    laps = []
    for number in range(repeats):
        begun = time.perf_counter()
        work(number)
        laps.append((time.perf_counter() - begun) * 1000)
    return Times(name, float(np.percentile(laps, 50)), float(np.percentile(laps, 95)))


def probes(vectors: np.ndarray, count: int) -> np.ndarray:
    """Other photos of people in the gallery, one after another through all of it."""
    rows = np.linspace(0, len(vectors) - 1, count).astype(int)
    return np.stack([synthetic.another_photo(vectors[row], seed=int(row)) for row in rows]).astype(np.float32)


def in_sql(template: np.ndarray, model_id: str) -> list[int]:
    """The face ids of the list, as a search makes it."""
    return [face for face, _ in scan.exact(template, model_id=model_id, limit=LISTED).hits]


def in_numpy(template: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """The rows of the list."""
    cosines = vectors @ template
    top = np.argpartition(-cosines, LISTED)[:LISTED]
    return top[np.argsort(-cosines[top])]


def plan(template: np.ndarray, model_id: str) -> list[str]:
    """The database's plan of one scan, run."""
    values: dict[str, Any] = {
        "probe": scan.literal(template),
        "model": model_id,
        "watermark": 2**62,
        "limit": LISTED,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(scan.PARALLEL)
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF) " + scan.SCAN.format(table=scan.TABLE), values)
        return [line[:150] for (line,) in cursor.fetchall() if not line.strip().startswith("Sort Key")]
