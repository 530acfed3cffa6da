"""Three ways to find lines on a picture, the quickest first; each is tried only while nothing convincing was read."""

from collections.abc import Callable

import cv2
import numpy as np

from parking.plates.edges import stroke_lines
from parking.plates.networks import DETECTOR_LONGEST_SIDE, Networks

TILE_SHARE = 0.58  # of a side that is longer than the detector sees at once: two tiles that overlap


def by_text(networks: Networks, pixels: np.ndarray) -> list[np.ndarray]:
    """Lines that the text detector finds on the picture as it is."""
    return list(networks.find(pixels))


def by_edges(networks: Networks, pixels: np.ndarray) -> list[np.ndarray]:
    """Places full of upright strokes."""
    return list(stroke_lines(pixels))


def by_a_closer_look(networks: Networks, pixels: np.ndarray) -> list[np.ndarray]:
    """Lines that the text detector finds on tiles at full size, their contrast evened out."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)
    lab[:, :, 0] = cv2.createCLAHE(2.0, (8, 8)).apply(lab[:, :, 0])
    even = cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)
    return [
        quad + np.array([left, top], np.float32)
        for top, bottom in _spans(pixels.shape[0])
        for left, right in _spans(pixels.shape[1])
        for quad in networks.find(even[top:bottom, left:right])
    ]


def _spans(length: int) -> list[tuple[int, int]]:
    if length <= DETECTOR_LONGEST_SIDE:
        return [(0, length)]
    tile = round(length * TILE_SHARE)
    return [(0, tile), (length - tile, length)]


SEARCHES: tuple[tuple[str, Callable[[Networks, np.ndarray], list[np.ndarray]]], ...] = (
    ("text", by_text),
    ("edges", by_edges),
    ("closer", by_a_closer_look),
)
