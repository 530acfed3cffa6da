"""A receiver on a car among houses: errors that drift, and now and then a street where it is far off."""

from dataclasses import dataclass, field
from math import cos, exp, hypot, sin, sqrt, tau
from random import Random

DRIFT_S = 60.0  # over this time an error forgets itself
BURST_SHARE = 0.02  # of block faces
NO_FIX_SHARE = 0.004  # of reads


@dataclass
class Receiver:
    """One car's receiver: `sigma` is the standard error on each axis in metres, 3 to 5 a car.

    Errors follow a Gauss-Markov process. In a burst (signals off walls) the position jumps about 15 m for 10 to 40
    seconds, and the receiver notices only part of it.
    """

    rng: Random
    sigma: float = field(init=False)
    error: tuple[float, float] = field(init=False)
    burst: tuple[float, float] = (0.0, 0.0)
    burst_until: float = -1.0
    last: float = 0.0

    def __post_init__(self) -> None:
        self.sigma = self.rng.uniform(3.0, 5.0)
        self.error = (self.rng.gauss(0, self.sigma), self.rng.gauss(0, self.sigma))

    def enter_face(self, at: float) -> None:
        """Called when the car turns into a block face at `at` (seconds): a burst may begin."""
        if at > self.burst_until and self.rng.random() < BURST_SHARE:
            length, angle = max(self.rng.gauss(15.0, 4.0), 6.0), self.rng.uniform(0, tau)
            self.burst = (length * cos(angle), length * sin(angle))
            self.burst_until = at + self.rng.uniform(10.0, 40.0)

    def in_burst(self, at: float) -> bool:
        """Whether it is far off at that time."""
        return at <= self.burst_until

    def read(self, x: float, y: float, at: float) -> tuple[float, float, float]:
        """The place it gives for (x, y) in metres, and the accuracy it states."""
        keep = exp(-max(at - self.last, 0.0) / DRIFT_S)
        fresh = self.sigma * sqrt(1.0 - keep * keep)
        self.error = (self.error[0] * keep + self.rng.gauss(0, fresh), self.error[1] * keep + self.rng.gauss(0, fresh))
        self.last = at
        stated = self.sigma * self.rng.uniform(0.8, 1.3)
        east, north = self.error
        if self.in_burst(at):
            east, north = east + self.burst[0], north + self.burst[1]
            stated += hypot(*self.burst) * self.rng.uniform(0.1, 0.6)
        return x + east, y + north, stated

    def heading(self, true: float, at: float) -> float:
        """The heading it gives for a true one, in degrees: off by 3, in a burst by 8 (standard errors)."""
        return (true + self.rng.gauss(0, 8.0 if self.in_burst(at) else 3.0)) % 360.0
