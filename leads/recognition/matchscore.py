"""The match score: what a similarity means at one gallery size (docs/recognition.md).

score = 100 x (1 - probability that a search for a person who is NOT in the gallery of N people returns a best candidate
at least this similar). The tail of the impostor distribution above a high quantile u follows a generalised Pareto
distribution (extreme value theory): tail(s) = P(>u) * sf(s - u); score = 100 * (1 - tail(s)) ** N.
It is never the probability that this is the person.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np


def _pareto():
    """The distribution, loaded when first needed: scipy.stats takes 0.6 s, too long for every process to pay."""
    from scipy.stats import genpareto

    return genpareto


@dataclass(frozen=True)
class TailFit:
    """A fitted tail: threshold u, P(impostor cosine > u), shape and scale of the Pareto tail."""

    u: float
    p_above: float
    shape: float
    scale: float

    def tail(self, cosine: float) -> float:
        """P(impostor cosine >= this), one pair. Under u the fit does not speak: P(>u) is returned."""
        if cosine <= self.u:
            return self.p_above
        return float(self.p_above * _pareto().sf(cosine - self.u, self.shape, scale=self.scale))

    def score(self, cosine: float, people: int) -> float:
        """The match score at this gallery size, 0 to 100."""
        if cosine <= self.u:
            return float(100.0 * (1.0 - self.p_above) ** max(people, 1)) * max(0.0, cosine / self.u)
        return float(100.0 * np.exp(max(people, 1) * np.log1p(-self.tail(cosine))))

    def cosine_at(self, score: float, people: int) -> float:
        """The cosine that has this score at this gallery size; the inverse of `score` above u."""
        wanted = -np.expm1(np.log(score / 100.0) / max(people, 1))
        if wanted >= self.p_above:
            return self.u
        return float(self.u + _pareto().isf(wanted / self.p_above, self.shape, scale=self.scale))

    def as_json(self) -> dict[str, float]:
        """The fit as it stands on a card."""
        return asdict(self)


@dataclass(frozen=True)
class MatchScore:
    """A score and the interval between fits. `strict`, the lower end, is what FR-07 tests and pages show."""

    strict: float
    high: float
    extrapolated: bool

    @property
    def shown(self) -> float:
        """One decimal, rounded down: 94.99 is not 95."""
        return int(self.strict * 10) / 10


def fit_tail(cosines: np.ndarray, *, quantile: float = 0.99) -> TailFit:
    """Fit the tail of impostor cosines above their quantile. Raises ValueError with fewer than 100 values there."""
    cosines = np.asarray(cosines, dtype=float)
    u = float(np.quantile(cosines, quantile))
    excess = cosines[cosines > u] - u
    if len(excess) < 100:
        raise ValueError(f"{len(cosines)} impostor pairs are too few: the tail needs 100 values, it has {len(excess)}.")
    shape, _, scale = _pareto().fit(excess, floc=0.0)
    return TailFit(u, float((cosines > u).mean()), float(shape), float(scale))


def trim(cosines: np.ndarray, *, above: float) -> tuple[np.ndarray, int]:
    """Leave out impostor pairs so similar that they are one person under two names; and how many those were."""
    kept = cosines[cosines < above]
    return kept, int(len(cosines) - len(kept))


def score(cosine: float, people: int, fits: Sequence[TailFit], *, supported: int) -> MatchScore:
    """The score under every fit: the strictest and the mildest. `extrapolated` beyond the supported gallery size."""
    values = [fit.score(cosine, people) for fit in fits]
    return MatchScore(min(values), max(values), people > supported)


def standout(cosines: Sequence[float]) -> float | None:
    """How far the best stands out of its own list: standard deviations above the mean of the lower ranks.

    None with fewer than 10 lower ranks, or when those do not differ.
    """
    lower = np.asarray(cosines[1:], dtype=float)
    if len(lower) < 10 or lower.std() < 1e-9:
        return None
    return float((cosines[0] - lower.mean()) / lower.std())
