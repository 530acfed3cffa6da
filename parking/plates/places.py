"""The places on one picture where a plate may be, and everything read there, whichever search led to it."""

from dataclasses import dataclass, field

import numpy as np

from parking.plates import locate
from parking.plates.decoding import WeighedText, weigh
from parking.plates.ranking import plausibility, shape_worth
from parking.plates.study import Glance, Study

TEXTS_A_PLACE = 8


@dataclass(frozen=True)
class RankedText:
    """A text at a place: `confidence` that it stands there and is a plate's, and `rank`, the same with its shape."""

    text: WeighedText
    confidence: float
    rank: float
    line: np.ndarray
    source: str


@dataclass
class Place:
    """One line with its readings. `standing` 0 to 1: how likely it is a plate's by where it stands."""

    line: np.ndarray
    plain: str
    standing: float
    source: str
    grids: list[np.ndarray] = field(default_factory=list)
    ranked: list[RankedText] = field(default_factory=list)

    def add(self, grids: list[np.ndarray], *, state: str) -> None:
        """Pool further readings of this line and weigh all anew."""
        self.grids += grids
        self.ranked = [self._ranked(each, state) for each in weigh(self.grids)[:TEXTS_A_PLACE]]

    def _ranked(self, each: WeighedText, state: str) -> RankedText:
        plausible = plausibility(each.text, line=self.line, plain=self.plain)
        confidence = each.probability * plausible * self.standing
        return RankedText(each, confidence, confidence * shape_worth(each.text, state=state), self.line, self.source)


@dataclass
class Places:
    """All places of one picture. `state` "US-CA" like, "" when unknown."""

    state: str = ""
    places: list[Place] = field(default_factory=list)

    def add(self, seen: Glance, studied: Study, *, standing: float, source: str) -> None:
        """Note a study: with the place it belongs to, or as a new one."""
        place = next((place for place in self.places if locate.same_place(place.line, studied.line)), None)
        if place is None:
            place = Place(studied.line, seen.plain, standing, source)
            self.places.append(place)
        place.add(studied.grids, state=self.state)

    def texts(self) -> list[RankedText]:
        """Every text at every place, best first."""
        return sorted((each for place in self.places for each in place.ranked), key=lambda each: -each.rank)
