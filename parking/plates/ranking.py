"""How much speaks for a line being a plate's, beside what its letters look like. Orders readings, drops none.

Reasons, not a fitted model: what cameras write into their pictures, how long plates are, how condensed their letters
are, that nothing on a plate is taller than its number, and that serials avoid letters that look like digits.
"""

import re
from collections.abc import Sequence

import numpy as np

from parking.plates.likeness import pattern_hint
from parking.plates.locate import condensed, cut_off, near, sides

CAMERA_CLOCK = re.compile(r"\d{4}[-/.]\d{2}|\d{2}:\d{2}|(19|20)\d{2}[01]\d[0-3]\d")
CLOCK_WORTH = 0.05
LENGTH_WORTH = {2: 0.1, 3: 0.2, 4: 0.4, 5: 0.8, 6: 1.0, 7: 1.0, 8: 0.4}  # personal plates may be short
OTHER_LENGTH_WORTH = 0.02
LETTERS_ONLY_WORTH = 0.3  # personal plates too, but more often the make of the car or a dealer's frame
CUT_OFF_WORTH = 0.3  # a part of something
OVERSHADOWED_WORTH = 0.3  # states, slogans and stickers stand beside a taller line
OVERSHADOWS = 1.4  # times as tall
LOOKS_LIKE_A_DIGIT = "IOQ"  # left out of serials nearly everywhere; in California but for the middle of three letters
DIGIT_LIKE_WORTH = 0.1
SERIES_CERTAIN = 1.0  # the hint of a series whose places for these letters are known


def plausibility(text: str, *, line: np.ndarray, plain: str) -> float:
    """How likely the line is a plate's by what it says, 0 to 1; `plain` is its text with all marks, as first read."""
    worth = LENGTH_WORTH.get(len(text), OTHER_LENGTH_WORTH) * condensed(line, len(text))
    if CAMERA_CLOCK.search(plain):
        worth *= CLOCK_WORTH
    return worth if any(character.isdigit() for character in text) else worth * LETTERS_ONLY_WORTH


def standing(line: np.ndarray, *, lines: Sequence[np.ndarray], picture_width: int) -> float:
    """How likely the line is a plate's by where it stands among all `lines` of a picture, 0 to 1."""
    worth = CUT_OFF_WORTH if cut_off(line, picture_width) else 1.0
    height = sides(line)[1]
    taller = (other for other in lines if sides(other)[1] >= OVERSHADOWS * height)
    return worth * OVERSHADOWED_WORTH if any(near(line, other) for other in taller) else worth


def shape_worth(text: str, *, state: str = "") -> float:
    """What a text's shape speaks for it, above 0 and at most 1: the states' series, and letters that serials avoid."""
    hint = pattern_hint(text, state)
    if hint >= SERIES_CERTAIN:
        return hint
    return hint * DIGIT_LIKE_WORTH ** sum(text.count(letter) for letter in LOOKS_LIKE_A_DIGIT)
