"""Reading the license plates on a picture: a second opinion beside the device's own read, never a fact (PK-01)."""

import threading
from dataclasses import dataclass

import numpy as np

from parking.plates import locate
from parking.plates.networks import Networks
from parking.plates.picture import Picture, open_picture
from parking.plates.places import Places, RankedText
from parking.plates.ranking import standing
from parking.plates.search import SEARCHES
from parking.plates.study import glance, study

CONVINCING = 0.5  # confidence from which on no further search is made; of such readings nearly all are right
LINES_STUDIED = 3  # in one search
WORTH_A_STUDY = 0.005
LEAST_CONFIDENCE = 0.01


@dataclass(frozen=True)
class PlateReading:
    """One text that a plate on the picture may bear.

    `confidence` 0 to 1: how sure the reader is that this text stands there and is a plate's. `char_confidences`, one
    a character, of the letters alone. `box` left, top, width, height in pixels of the picture as sent, turned upright.
    `source` "text", "edges" or "closer": the search that found the place.
    """

    text: str
    confidence: float
    box: tuple[int, int, int, int]
    char_confidences: tuple[float, ...]
    source: str


class PlateReader:
    """Finds and reads plates. The networks are loaded once, at the first picture; safe to share between threads.

    `threads`: processor threads a network may use for one picture; keep 1 where several workers share a machine.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._loading = threading.Lock()
        self._networks: Networks | None = None

    def read(self, image: bytes | np.ndarray, *, state_hint: str = "") -> list[PlateReading]:
        """Every text that may be a plate's, best first, each text once; empty when there is none.

        `image`: a file's bytes, or BGR or grey uint8 pixels. `state_hint` "US-CA" like: ranks, never filters.
        Raises UnreadablePicture, PlateModelsMissing.
        """
        picture = open_picture(image)
        places = Places(state=state_hint)
        networks = self._loaded()
        for source, search in SEARCHES:
            _look(networks, picture.pixels, search(networks, picture.pixels), places, source)
            if any(each.confidence >= CONVINCING for each in places.texts()):
                break
        return _readings(places.texts(), picture)

    def _loaded(self) -> Networks:
        with self._loading:
            if self._networks is None:
                self._networks = Networks.load(threads=self._threads)
            return self._networks


def _look(networks: Networks, pixels: np.ndarray, lines: list[np.ndarray], places: Places, source: str) -> None:
    """Glance at every line, then study the most promising, until none left could be better than what was read."""
    lines = [line for line in lines if locate.could_hold_a_plate(line)]
    width = pixels.shape[1]
    glances = [
        (glance(networks, pixels, line, state=places.state), standing(line, lines=lines, picture_width=width))
        for line in lines
    ]
    glances.sort(key=lambda pair: -pair[0].worth * pair[1])
    for seen, stands in glances[:LINES_STUDIED]:
        best = max((each.rank for each in places.texts()), default=WORTH_A_STUDY)
        if seen.worth * stands < best:
            break
        places.add(seen, study(networks, pixels, seen), standing=stands, source=source)


def _readings(texts: list[RankedText], picture: Picture) -> list[PlateReading]:
    best: dict[str, PlateReading] = {}
    for each in texts:
        if each.confidence >= LEAST_CONFIDENCE and each.text.text not in best:
            box = picture.as_sent(locate.enclosing(each.line))
            best[each.text.text] = PlateReading(each.text.text, each.confidence, box, each.text.characters, each.source)
    return list(best.values())
