"""What the picture says to a device's read: in a sentence, for a person to look, never in place of the read (PK-01)."""

from collections.abc import Sequence
from dataclasses import dataclass

from parking.plates.likeness import alike, normalise
from parking.plates.reading import PlateReading

USABLE = 0.2  # below this 8 of 21 readings of test pictures were right: not spoken of
CLEAR = 0.8  # from here on 131 of 136 were right
SURE_DEVICE = 0.8
ANOTHER_PLATE = 3  # edits from which on two texts are hardly two readings of one plate


@dataclass(frozen=True)
class Opinion:
    """`agrees`: whether the picture reads as the device did, None where it cannot say. `text`: the picture's reading.

    `words`: one or two sentences for the officer.
    """

    agrees: bool | None
    text: str
    words: str


def second_opinion(read_text: str, read_confidence: float | None, readings: Sequence[PlateReading]) -> Opinion:
    """Compare a device's read with the readings of its picture, best first.

    `read_text` "" when the device sent none; `read_confidence` 0 to 1, None when unknown. Changes nothing: the read
    stays what it is until a person has looked.
    """
    read = normalise(read_text)
    usable = [reading for reading in readings if reading.confidence >= USABLE]
    if not usable:
        return _silent(read)
    best = usable[0]
    if not read:
        return Opinion(None, best.text, f"The device read no text. The picture {_verb(best)} {best.text}. Look at it.")
    same = next((reading for reading in usable if reading.text == read), None)
    if same is None:
        return _disagreement(read, best)
    if same is not best and same.box == best.box:
        return _undecided(read, best)
    return _agreement(read, read_confidence, same, best)


def _silent(read: str) -> Opinion:
    if not read:
        return Opinion(None, "", "Neither the device nor the picture gives a plate. Look at the picture.")
    return Opinion(None, "", f"No plate can be read on the picture; the device read {read}. Look at the picture.")


def _disagreement(read: str, best: PlateReading) -> Opinion:
    likeness = alike(read, best.text)
    words = f"The picture {_verb(best)} {best.text}; the device read {read}. Look again."
    if likeness.edits >= ANOTHER_PLATE:
        words += " These may be two plates: see which vehicle is meant."
    elif likeness.weight < likeness.edits:
        words += f" The characters in question look alike ({', '.join(likeness.reasons)})."
    return Opinion(False, best.text, words)


def _undecided(read: str, best: PlateReading) -> Opinion:
    reasons = ", ".join(alike(read, best.text).reasons)
    words = f"The picture may read {best.text} or {read}, as the device did ({reasons}). Look again."
    return Opinion(None, best.text, words)


def _agreement(read: str, confidence: float | None, same: PlateReading, best: PlateReading) -> Opinion:
    words = f"The picture {_verb(same)} {read}, as the device did."
    if confidence is not None and confidence < SURE_DEVICE:
        words += f" The device was not sure ({confidence:.0%})."
    if same is not best:
        words += f" Another plate on it reads {best.text}: see which vehicle is meant."
    return Opinion(True, read, words)


def _verb(reading: PlateReading) -> str:
    return "reads" if reading.confidence >= CLEAR else "may read"
