"""The loop a patrol drives: every face once, from each to the nearest next, and how often in a shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from parking.simulate.faces import Face

SLOW_MPS, FAST_MPS = 6.7, 11.2  # 15 and 25 mph
TURN_S = 4.0
BETWEEN_MPS = 8.0


@dataclass(frozen=True)
class Pass:
    """One car drives along one face: seconds from the start of the shift, speed in metres a second."""

    car: int
    face: int
    at: float
    speed: float


def loop(faces: Sequence[Face]) -> list[int]:
    """All faces in the order of driving: from the end of each to the nearest start of one not yet driven."""
    starts = np.array([face.start for face in faces])
    left = np.ones(len(faces), dtype=bool)
    order, here = [0], 0
    left[0] = False
    while left.any():
        away = np.abs(starts - faces[here].end).sum(axis=1)
        here = int(np.argmin(np.where(left, away, np.inf)))
        left[here] = False
        order.append(here)
    return order


def driving_time(faces: Sequence[Face], order: Sequence[int]) -> float:
    """Seconds of one loop at middling speed."""
    return sum(_leg(faces, order, place) + faces[order[place]].length / BETWEEN_MPS for place in range(len(order)))


def _leg(faces: Sequence[Face], order: Sequence[int], place: int) -> float:
    """Seconds from a face's end to the next one's start, turning included."""
    end, start = faces[order[place]].end, faces[order[(place + 1) % len(order)]].start
    return TURN_S + (abs(end[0] - start[0]) + abs(end[1] - start[1])) / BETWEEN_MPS


def passes(faces: Sequence[Face], *, car: int, cars: int, loops: float, seconds: float, rng: Random) -> list[Pass]:
    """All passes of one car along the faces in their order: `loops` loops spread over `seconds`.

    Each car starts elsewhere on the loop.
    Between loops the car does other work. Where the loops do not fit, it drives without a pause until time is up.
    """
    shift = len(faces) * car // cars
    turned = [*range(shift, len(faces)), *range(shift)]
    period = seconds / max(loops, 1e-6)
    found: list[Pass] = []
    begin = rng.uniform(0.0, 30.0)
    while begin < seconds:
        clock = begin
        for place, face in enumerate(turned):
            speed = rng.uniform(SLOW_MPS, FAST_MPS)
            found.append(Pass(car, face, clock, speed))
            clock += faces[face].length / speed + _leg(faces, turned, place)
        begin = max(begin + period * rng.uniform(0.9, 1.1), clock)
    return [one for one in found if one.at < seconds]
