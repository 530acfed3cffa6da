"""Whether a read fits an entry of a hotlist. Pure functions.

Exactly, or with one character that is often confused with another; never with a character more or less. A state that
was read and is another one than the entry's is another vehicle: the same letters are issued by many states.
"""

from dataclasses import dataclass

from parking.plates.likeness import ANY_OTHER, alike


@dataclass(frozen=True)
class Fit:
    """How a read fits an entry: `look_alike` is "8/B" (read as 8, listed as B), "" when the letters are the same."""

    look_alike: str = ""

    @property
    def exact(self) -> bool:
        """Whether every letter is the same."""
        return not self.look_alike


def fits(plate: str, state: str, listed_plate: str, listed_state: str) -> Fit | None:
    """How a plate as read fits a listed one; None when it does not."""
    if state and listed_state and state != listed_state:
        return None
    likeness = alike(plate, listed_plate)
    if likeness.exact:
        return Fit()
    if likeness.edits == 1 and likeness.weight < ANY_OTHER:
        return Fit(likeness.reasons[0])
    return None
