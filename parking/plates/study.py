"""Looking at one line: at a glance to choose where to look, and closely, in several ways."""

from dataclasses import dataclass

import cv2
import numpy as np

from parking.plates import locate
from parking.plates.alphabet import ALPHABET
from parking.plates.likeness import pattern_hint
from parking.plates.networks import Networks
from parking.plates.ranking import plausibility

LINE_WIDTH = 256  # pixels to which a line is enlarged before it is placed anew
GLANCE_HEIGHT = 0.85
# Share of the detector's height kept (it leaves a margin), widening (letters are condensed), and whether colors fade.
STRIPS = ((0.85, 1.0, False), (0.7, 1.35, False), (0.85, 1.35, True))
NARROWEST, TALLEST = 0.6, 1.3  # a new placement to the old one: more than that is another line, or a looser one


@dataclass(frozen=True)
class Glance:
    """A line, the grid and the plain text of one quick reading, and how much the line is worth a closer look, 0 to 1."""

    line: np.ndarray
    grid: np.ndarray
    plain: str
    worth: float


@dataclass(frozen=True)
class Study:
    """A line as finally placed, and the grids of all its readings."""

    line: np.ndarray
    grids: list[np.ndarray]


def glance(networks: Networks, pixels: np.ndarray, line: np.ndarray, *, state: str = "") -> Glance:
    """Read a line once, at the picture's own size."""
    grid, plain = networks.read(locate.straightened(pixels, locate.resized(line, across=GLANCE_HEIGHT)))
    text, sureness = _first_choice(grid)
    worth = sureness * plausibility(text, line=line, plain=plain) * pattern_hint(text, state) if text else 0.0
    return Glance(line, grid, plain, worth)


def _first_choice(grid: np.ndarray) -> tuple[str, float]:
    best = grid.argmax(axis=1)
    starts = [at for at, code in enumerate(best) if code and (at == 0 or best[at - 1] != code)]
    text = "".join(ALPHABET[best[at] - 1] for at in starts)
    return text, float(grid[starts, best[starts]].mean()) if starts else 0.0


def study(networks: Networks, pixels: np.ndarray, seen: Glance) -> Study:
    """Enlarge the line's surroundings, place it anew there, and read it in several ways."""
    crop, back = locate.enlarged(pixels, seen.line, line_width=LINE_WIDTH)
    inside = _placed_anew(networks, crop, locate.moved_in(seen.line, back))
    grids = [
        networks.read(_strip(crop, locate.resized(inside, across=across), faded), stretch=stretch)[0]
        for across, stretch, faded in STRIPS
    ]
    return Study(locate.moved_back(inside, back), [seen.grid, *grids])


def _placed_anew(networks: Networks, crop: np.ndarray, line: np.ndarray) -> np.ndarray:
    """The line as found on the enlarged crop, its pieces joined; the line itself where nothing better is found."""
    width, height = locate.sides(line)
    pieces = [
        quad
        for quad in networks.find(crop)
        if locate.covers(line, quad.mean(axis=0)) and locate.sides(quad)[1] > 0.5 * height
    ]
    if not pieces:
        return line
    joined = pieces[0] if len(pieces) == 1 else locate.joined(pieces)
    new_width, new_height = locate.sides(joined)
    better = new_width > NARROWEST * width and new_height < TALLEST * height
    return joined if better and locate.could_hold_a_plate(joined) else line


def _strip(crop: np.ndarray, quad: np.ndarray, faded: bool) -> np.ndarray:
    """The line straightened; `faded` takes the brightest channel: stickers and pictures pale, dark ink stays."""
    strip = locate.straightened(crop, quad)
    return cv2.merge([strip.max(axis=2)] * 3) if faded else strip
