"""The model card: what was measured of a model, on what, when, and the fits behind its match score."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from leads.recognition import matchscore
from leads.recognition.matchscore import MatchScore, TailFit

CARDS = Path(__file__).parent / "cards"
BINS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 95), (95, 100))


@dataclass(frozen=True)
class Expectation:
    """What to expect of searches at one gallery size, out of 1,000 of each kind."""

    people: int
    false_alarms: int
    missed: int
    histogram: list[tuple[str, int]]


@dataclass(frozen=True)
class ModelCard:
    """Aggregate figures only; nobody's template stands on a card.

    `fits`: the whole data first, then bootstrap samples of people and groups where labels exist.
    `genuine`: quantiles 0, 1, ... 100 % of the cosine of two photos of one person.
    """

    model_id: str
    maker: str
    detector: str
    data: str
    people: int
    images: int
    fitted_on: str
    trimmed: int
    supported_people: int
    fits: list[TailFit]
    genuine: list[float]
    measured: dict = field(default_factory=dict)
    limits: list[str] = field(default_factory=list)

    def score(self, cosine: float, people: int) -> MatchScore:
        """The match score of a cosine in a gallery of this many people."""
        return matchscore.score(cosine, people, self.fits, supported=self.supported_people)

    def expectation(self, people: int, *, bar: float = 95.0) -> Expectation:
        """Out of 1,000 searches for people not in the gallery, how their best scores fall; out of 1,000 for people who
        are in it, how many stay under the bar. False alarms under the mildest fit, misses under the strictest.
        """
        strict_cosine = max(fit.cosine_at(bar, people) for fit in self.fits)
        alarms = max(1.0 - (1.0 - fit.tail(strict_cosine)) ** people for fit in self.fits)
        missed = float(np.interp(strict_cosine, self.genuine, np.linspace(0.0, 1.0, len(self.genuine))))
        bars = [
            (f"{low}-{high}" if high < 95 else "80-95" if high == 95 else "95 or more", (high - low) * 10)
            for low, high in BINS
        ]
        return Expectation(people, round(alarms * 1000), round(missed * 1000), bars)

    def as_json(self) -> dict:
        """The card for a file or a row."""
        return asdict(self)

    @property
    def sha256(self) -> str:
        """The hash of the card's content, hex."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    @classmethod
    def from_json(cls, data: dict) -> "ModelCard":
        """The card of a file or a row; what it says beside is no part of it."""
        return cls(**(_known(cls, data) | {"fits": [TailFit(**_known(TailFit, fit)) for fit in data["fits"]]}))


def _known(kind: Any, data: dict) -> dict:
    return {each.name: data[each.name] for each in fields(kind) if each.name in data}


def shipped() -> list[ModelCard]:
    """The cards that come with the software."""
    return [ModelCard.from_json(json.loads(path.read_text())) for path in sorted(CARDS.glob("*.json"))]


def today() -> str:
    """The date for a new card, ISO 8601."""
    return date.today().isoformat()
