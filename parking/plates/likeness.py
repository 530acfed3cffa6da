"""How alike two readings of a license plate are. Knows no Django.

Likeness may link two reads, find a permit or prevent a citation; it never creates a citation by itself (PK-01).

Sources. Measured: a plate reader's own results for 751 photographed US plates: 646 exact, 47 with one character
swapped, 54 of the wrong length; swapped pairs 8/B 7, 0/Q 4, 0/D 4, O/Q 3, D/O 3, 5/S 3, 2/Z 2, 0/1 2, H/W 2, E/L 2.
Published: the equivalences 0=O=D=Q, 1=I, 2=Z, 5=S, 8=B, 6=G of one vendor of patrol systems, and the wider table of
another (3/8/B, E/F, F/P, H/K/M/R, V/Y, T/Y). The costs are three steps of this evidence, not a fitted model.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import Levenshtein

PLATE_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

OFTEN, SOMETIMES, SELDOM, ANY_OTHER = 0.2, 0.3, 0.5, 1.0

_STEPS: tuple[tuple[float, tuple[str, ...]], ...] = (
    # Each word is a class: every two of its characters are confused at this cost, the first cost found holds.
    (OFTEN, ("8B", "0ODQ", "5S", "2Z")),  # measured, and in the published equivalences
    (SOMETIMES, ("1I", "6G", "01", "HW", "EL")),  # published equivalences not met, or pairs measured twice
    (SELDOM, ("1IL", "38B", "EFL", "FP", "HKMR", "HMW", "VYT")),  # only in the wider table or by shape
)


def _confusion_costs() -> dict[tuple[str, str], float]:
    costs: dict[tuple[str, str], float] = {}
    for cost, classes in _STEPS:
        for members in classes:
            for one, other in combinations(members, 2):
                costs.setdefault((one, other), cost)
                costs.setdefault((other, one), cost)
    return costs


CONFUSION_COSTS = _confusion_costs()


@dataclass(frozen=True)
class Likeness:
    """How two plates compare.

    `edits`: fewest characters swapped, added or dropped. `weight`: the same with a swap of look-alike characters
    costing less than 1. `reasons`: the differences in words, empty when exact.
    """

    exact: bool
    edits: int
    weight: float
    reasons: tuple[str, ...] = ()


def normalise(plate: str) -> str:
    """The plate as upper case letters A to Z and digits; everything else (spaces, dashes, accents) falls away."""
    if plate.isascii() and plate.isalnum():
        return plate.upper()
    folded = unicodedata.normalize("NFKD", plate).upper()
    return "".join(character for character in folded if character in PLATE_CHARACTERS)


def swap_cost(one: str, other: str) -> float:
    """What it costs to read one character as the other: 0 for the same, 1 for two that do not look alike."""
    return 0.0 if one == other else CONFUSION_COSTS.get((one, other), ANY_OTHER)


def weighted_distance(a: str, b: str) -> float:
    """The cheapest way from one normalised plate to the other; a dropped or added character costs 1."""
    row = [float(place) for place in range(len(b) + 1)]
    for length, character in enumerate(a, start=1):
        diagonal, row[0] = row[0], float(length)
        for place, other in enumerate(b, start=1):
            cheapest = min(row[place] + 1, row[place - 1] + 1, diagonal + swap_cost(character, other))
            diagonal, row[place] = row[place], cheapest
    return row[-1]


def alike(a: str, b: str) -> Likeness:
    """Compare two readings, in whatever spelling they come."""
    one, other = normalise(a), normalise(b)
    if one == other:
        return Likeness(exact=True, edits=0, weight=0.0)
    operations = list(Levenshtein.editops(one, other))
    reasons = tuple(_in_words(each.tag, one[each.src_pos :][:1], other[each.dest_pos :][:1]) for each in operations)
    return Likeness(exact=False, edits=len(operations), weight=weighted_distance(one, other), reasons=reasons)


def _in_words(kind: str, was: str, now: str) -> str:
    if kind == "replace":
        return f"{was}/{now}"
    return f"one character more: {now}" if kind == "insert" else f"one character fewer: {was}"


def within_one_edit(a: str, b: str) -> bool:
    """Whether two normalised plates differ in at most one character swapped, added or dropped."""
    return Levenshtein.distance(a, b, score_cutoff=1) <= 1


@lru_cache(maxsize=65_536)
def deletion_keys(plate: str) -> tuple[str, ...]:
    """The plate and all it becomes when one character is dropped, sorted: keys for an index.

    Two plates within one edit share a key (symmetric deletion); two that share a key may still be two edits apart, so
    compare what the index finds.
    """
    text = normalise(plate)
    return tuple(sorted({text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}))


CALIFORNIA_SHAPES: tuple[tuple[float, re.Pattern[str]], ...] = (
    # I, O and Q stand only in the middle of the three letters.
    (1.0, re.compile(r"[1-9][A-HJ-NPR-Z][A-Z][A-HJ-NPR-Z][0-9]{3}")),  # passenger cars until 2026, up to 9ZZZ999
    (1.0, re.compile(r"[0-9]{3}[A-HJ-NPR-Z][A-Z][A-HJ-NPR-Z][0-9]")),  # passenger cars since 2026
    (0.9, re.compile(r"[0-9][A-HJ-NPR-Z][0-9]{5}|[0-9]{5}[A-HJ-NPR-Z][0-9]")),  # commercial
    (0.7, re.compile(r"[0-9]{3}[A-HJ-NPR-Z][A-Z][A-HJ-NPR-Z]")),  # older cars; many states share the shape
)
OTHER_SHAPES = re.compile(
    r"[A-Z]{3}[0-9]{3,4}|[0-9]{3,4}[A-Z]{3}|[A-Z][0-9]{2}[A-Z]{3}|[A-Z]{2}[0-9]{5}|[A-Z]{3}[0-9]{2}[A-Z]"
)
UNKNOWN_SHAPE = 0.2


def pattern_hint(plate: str, state: str = "") -> float:
    """How much the shape of a reading speaks for it, 0.2 to 1; a hint for ranking, never a filter.

    `state` is "US-CA" like, "" when unknown. Vanity, exempt, temporary and foreign plates have any shape, so none is
    ruled out. Shapes: the state's own list of series and a published table of patterns of the United States.
    """
    text = normalise(plate)
    californian = max((hint for hint, shape in CALIFORNIA_SHAPES if shape.fullmatch(text)), default=UNKNOWN_SHAPE)
    if state in {"", "US-CA"}:
        return californian if californian > UNKNOWN_SHAPE or state else _elsewhere(text)
    return max(_elsewhere(text), californian / 2)


def _elsewhere(text: str) -> float:
    return 0.6 if OTHER_SHAPES.fullmatch(text) else UNKNOWN_SHAPE


@dataclass(frozen=True)
class RankedReading:
    """One reading of a plate with the confidence the reader gave it and what its shape speaks for, both 0 to 1."""

    plate: str
    confidence: float
    hint: float


def rank_readings(readings: Sequence[tuple[str, float | None]], state: str = "") -> tuple[RankedReading, ...]:
    """Order readings of one picture, likeliest first.

    The reader's confidence decides. Among readings that differ from its best one only by look-alike characters the
    shape of the state's plates decides first: a digit's place in "#@@@###" holds no O, I, B, S or Z. Nothing is
    dropped; keep the raw reading beside the one chosen.
    """
    ranked = [
        RankedReading(plate, confidence or 0.0, pattern_hint(plate, state))
        for plate, confidence in ((normalise(text), confidence) for text, confidence in readings)
    ]
    ranked.sort(key=lambda each: -each.confidence)
    best = ranked[0].plate if ranked else ""
    confusable = [each for each in ranked if _only_look_alikes(best, each.plate)]
    others = [each for each in ranked if not _only_look_alikes(best, each.plate)]
    return tuple(sorted(confusable, key=lambda each: (-each.hint, -each.confidence)) + others)


def _only_look_alikes(a: str, b: str) -> bool:
    return len(a) == len(b) and all(swap_cost(one, other) < ANY_OTHER for one, other in zip(a, b, strict=True))
