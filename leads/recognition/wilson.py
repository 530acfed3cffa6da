"""Wilson's interval of a rate that was counted: what the number of tries can show of it, no more."""

from math import sqrt

Z95 = 1.959963984540054


def wilson(hits: int, tries: int, *, z: float = Z95) -> tuple[float, float]:
    """The 95 % interval of a rate seen `hits` times in `tries`, each from 0 to 1. Raises ValueError for no tries."""
    if tries < 1 or not 0 <= hits <= tries:
        raise ValueError(f"{hits} of {tries} is no rate")
    seen = hits / tries
    middle = (seen + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z * sqrt(seen * (1 - seen) / tries + z * z / (4 * tries * tries)) / (1 + z * z / tries)
    return max(0.0, middle - half), min(1.0, middle + half)
