"""How well plates are read: exact, within one edit, and how long it takes. Knows no Django.

A folder to measure on holds one .txt a photo, tab-separated: file, x, y, width, height (pixels, the plate), text.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from parking.plates.likeness import normalise, within_one_edit
from parking.plates.reading import PlateReader
from parking.plates.synthetic import drawn_photos


@dataclass(frozen=True)
class Sample:
    """A picture with the text that stands on its plate; `group` names what is counted together."""

    name: str
    group: str
    image: bytes | np.ndarray
    truth: str


@dataclass(frozen=True)
class Result:
    """What was read of a sample ("" for nothing), how sure, and the seconds it took by the clock and of processor."""

    name: str
    group: str
    truth: str
    read: str
    confidence: float
    seconds: float
    processor_seconds: float

    @property
    def exact(self) -> bool:
        """Whether the reading is the truth."""
        return self.read == self.truth

    @property
    def near(self) -> bool:
        """Whether at most one character is wrong, too many or missing; reading nothing is never near."""
        return bool(self.read) and within_one_edit(self.read, self.truth)


@dataclass(frozen=True)
class Figures:
    """Shares 0 to 1 and times in milliseconds an image, of `count` samples."""

    count: int
    exact: float
    near: float
    median_ms: float
    slow_ms: float
    processor_ms: float


def photos_in(folder: Path) -> Iterator[Sample]:
    """The photos of a folder with their truth. Raises ValueError on a line that is not of the format."""
    for note in sorted(folder.glob("*.txt")):
        for line in note.read_text().splitlines():
            parts = line.split("\t")
            if len(parts) != 6:
                raise ValueError(f"{note.name}: six values separated by tabs are expected, not {len(parts)}.")
            yield Sample(parts[0], "photos", (folder / parts[0]).read_bytes(), normalise(parts[5]))


def drawn(count: int, *, seed: int = 1) -> Iterator[Sample]:
    """Drawn plates, grouped by how they are seen."""
    for photo in drawn_photos(count, seed=seed):
        yield Sample(photo.name, photo.conditions.name, photo.pixels, photo.text)


def evaluate(reader: PlateReader, samples: Iterable[Sample], *, state_hint: str = "") -> Iterator[Result]:
    """Read each sample once; the networks should be loaded before, or the first sample pays for it."""
    for sample in samples:
        started, processor = time.perf_counter(), time.process_time()
        readings = reader.read(sample.image, state_hint=state_hint)
        took, processor_took = time.perf_counter() - started, time.process_time() - processor
        text, confidence = (readings[0].text, readings[0].confidence) if readings else ("", 0.0)
        yield Result(sample.name, sample.group, sample.truth, text, confidence, took, processor_took)


def figures(results: list[Result]) -> Figures:
    """Sum up at least one result; `slow_ms` is the 95th percentile, `processor_ms` the median of processor time."""
    times = sorted(1000 * each.seconds for each in results)
    return Figures(
        count=len(results),
        exact=sum(each.exact for each in results) / len(results),
        near=sum(each.near for each in results) / len(results),
        median_ms=median(times),
        slow_ms=times[min(len(times) - 1, int(0.95 * len(times)))],
        processor_ms=median(1000 * each.processor_seconds for each in results),
    )
