"""From a line reader's columns to texts with probabilities: connectionist temporal classification over one alphabet.

A grid holds probabilities, columns x 37: no character first, then 0 to 9 and A to Z. Method: Graves et al. 2006
(the forward sum) and prefix search with a beam. Several grids of one line, taken at several scales, are one mixture:
a text's probability is the mean of what the grids give it, so a reading on which they disagree is a doubtful one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from parking.plates.alphabet import ALPHABET, CODES

BEAM = 8
UNLIKELY = 1e-3  # a character less probable than this in a column is not followed
LONGEST, SHORTEST = 8, 2


@dataclass(frozen=True)
class WeighedText:
    """A text with its probability 0 to 1, and of each of its characters the same."""

    text: str
    probability: float
    characters: tuple[float, ...]


def weigh(grids: Sequence[np.ndarray]) -> list[WeighedText]:
    """The texts that the grids may say, likeliest first, at most about BEAM a grid."""
    texts = sorted({text for grid in grids for text in likely_texts(grid) if SHORTEST <= len(text) <= LONGEST})
    if not texts:
        return []
    shares = np.mean([likelihoods(grid, texts) for grid in grids], axis=0)
    weighed = [
        WeighedText(text, float(share), _characters(text, zip(texts, shares, strict=True)))
        for text, share in zip(texts, shares, strict=True)
    ]
    return sorted(weighed, key=lambda each: -each.probability)


def _characters(text: str, rivals: Iterable[tuple[str, float]]) -> tuple[float, ...]:
    sure = np.zeros(len(text))
    for rival, share in rivals:
        for block in Levenshtein.editops(rival, text).as_matching_blocks():
            sure[block.b : block.b + block.size] += share
    return tuple(float(value) for value in np.clip(sure, 0.0, 1.0))


def likely_texts(grid: np.ndarray) -> list[str]:
    """The likeliest texts of one grid by prefix search, at most BEAM, likeliest first."""
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for column in grid:
        beam = dict(sorted(_step(beam, column).items(), key=lambda item: -sum(item[1]))[:BEAM])
    return list(beam)


def _step(beam: dict[str, tuple[float, float]], column: np.ndarray) -> dict[str, tuple[float, float]]:
    """One column further. Of each text two sums are kept: alignments that end in no character, and in its last one."""
    grown: dict[str, tuple[float, float]] = {}

    def add(text: str, *, blank: float = 0.0, letter: float = 0.0) -> None:
        was = grown.get(text, (0.0, 0.0))
        grown[text] = (was[0] + blank, was[1] + letter)

    choices = [(int(code), float(column[code])) for code in np.flatnonzero(column > UNLIKELY)]
    for text, (blank, letter) in beam.items():
        for code, share in choices:
            if code == 0:
                add(text, blank=(blank + letter) * share)
            elif text and text[-1] == ALPHABET[code - 1]:
                add(text, letter=letter * share)
                add(text + text[-1], letter=blank * share)
            else:
                add(text + ALPHABET[code - 1], letter=(blank + letter) * share)
    return grown


def likelihoods(grid: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """Of each text the probability that the grid says exactly it: the forward sum over all alignments."""
    states = np.zeros((len(texts), 2 * max(map(len, texts)) + 1), int)
    for row, text in enumerate(texts):
        states[row, 1 : 2 * len(text) : 2] = [CODES[character] for character in text]
    jumps = np.zeros(states.shape, bool)
    jumps[:, 2:] = (states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2])
    sums = np.zeros(states.shape)
    sums[:, :2] = grid[0][states[:, :2]]
    for column in grid[1:]:
        sums = (sums + _moved(sums, 1) + np.where(jumps, _moved(sums, 2), 0.0)) * column[states]
    ends = 2 * np.array([len(text) for text in texts])
    rows = np.arange(len(texts))
    return sums[rows, ends] + sums[rows, ends - 1]


def _moved(sums: np.ndarray, places: int) -> np.ndarray:
    moved = np.zeros(sums.shape)
    moved[:, places:] = sums[:, :-places]
    return moved
