"""How a reader errs.

The mix is that measured on a plate reader's own results for 751 photographed US plates: of 105 wrong ones 54 had the
wrong length, 47 one character swapped, 3 no text at all. Swapped pairs: 8/B 7, 0/Q 4, 0/D 4, O/Q 3, D/O 3, 5/S 3,
2/Z 2, 0/1 2, H/W 2, E/L 2; the other 15 are spread over a published wider table and any character.
"""

from dataclasses import dataclass
from random import Random

LENGTH, SWAP, NOTHING = "length", "swap", "nothing"
KINDS, SHARES = (LENGTH, SWAP, NOTHING), (54, 47, 3)
PAIRS = (
    ("8B", 7.0), ("0Q", 4.0), ("0D", 4.0), ("OQ", 3.0), ("DO", 3.0), ("5S", 3.0), ("2Z", 2.0), ("01", 2.0), ("HW", 2.0),
    ("EL", 2.0), ("1I", 0.8), ("6G", 0.8), ("3B", 0.8), ("38", 0.8), ("EF", 0.8), ("FP", 0.8), ("HK", 0.8), ("MR", 0.8),
    ("HM", 0.8), ("VY", 0.8), ("TY", 0.8),
)  # fmt: skip
ANY_OTHER = 0.35  # weight of swapping a character for any other, per character
ANYTHING = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class Misreading:
    """What was read instead of the plate, and in which way it is wrong: length, swap or nothing."""

    plate: str
    kind: str


def misread(plate: str, rng: Random) -> Misreading:
    """A wrong reading of a plate of at least two characters, never the plate itself."""
    kind = rng.choices(KINDS, SHARES)[0]
    if kind == NOTHING:
        return Misreading("", kind)
    text = _wrong_length(plate, rng) if kind == LENGTH else _swapped(plate, rng)
    return Misreading(text, kind)


def _wrong_length(plate: str, rng: Random) -> str:
    """A character dropped (at the ends more often), or one added: a bolt or frame read as I or 1, one read twice."""
    if rng.random() < 0.6:
        place = rng.choice((0, len(plate) - 1)) if rng.random() < 0.5 else rng.randrange(len(plate))
        return plate[:place] + plate[place + 1 :]
    if rng.random() < 0.5:
        return rng.choice(("1" + plate, "I" + plate, plate + "1", plate + "I"))
    place = rng.randrange(len(plate))
    return plate[:place] + plate[place] + plate[place:]


def _swapped(plate: str, rng: Random) -> str:
    choices, weights = [], []
    for place, character in enumerate(plate):
        for pair, weight in PAIRS:
            if character in pair:
                choices.append((place, pair.replace(character, "")))
                weights.append(weight)
        choices.append((place, rng.choice(ANYTHING.replace(character, ""))))
        weights.append(ANY_OTHER)
    place, instead = rng.choices(choices, weights)[0]
    return plate[:place] + instead + plate[place + 1 :]
