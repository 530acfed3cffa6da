"""Where on a picture a plate's characters may stand: quadrilaterals round one line, and how plate-like each is.

Every measure here comes from what a US plate is: 12 by 6 inches, characters about 2.5 inches tall on a pitch of 1.25
or less. So its characters are condensed where ordinary lettering is not, and the line is two to five times as wide as
tall. None of it rules a line out by itself; it orders them.
"""

import math

import cv2
import numpy as np

SMALLEST_HEIGHT = 7  # pixels; below that no character can be told from another
STEEPEST = 40  # degrees from level
ASPECTS = (1.2, 7.0)  # width to height of a line with the detector's margin
CONDENSED = 0.40  # width of a character to the line's height, with the detector's margin: 1.25 / (2.5 x 1.25)
SPREAD = 0.35  # of its logarithm: plates seen from the side, wide gaps for pictures and stickers


def sides(quad: np.ndarray) -> tuple[float, float]:
    """Width and height of a quadrilateral, means of its opposite sides, in pixels."""
    top_left, top_right, bottom_right, bottom_left = quad
    width = (np.linalg.norm(top_right - top_left) + np.linalg.norm(bottom_right - bottom_left)) / 2
    height = (np.linalg.norm(bottom_left - top_left) + np.linalg.norm(bottom_right - top_right)) / 2
    return float(width), float(height)


def could_hold_a_plate(quad: np.ndarray) -> bool:
    """Whether the line has a size, a proportion and a tilt with which a plate could be read at all."""
    width, height = sides(quad)
    tilt = abs(math.degrees(math.atan2(*(quad[1] - quad[0])[::-1])))
    return height >= SMALLEST_HEIGHT and ASPECTS[0] <= width / height <= ASPECTS[1] and tilt <= STEEPEST


def condensed(quad: np.ndarray, characters: int) -> float:
    """How well the proportion of the characters fits a plate's, 0 to 1; 1 for anything as narrow as a plate's."""
    width, height = sides(quad)
    excess = max(0.0, math.log(width / (height * max(characters, 1)) / CONDENSED))
    return math.exp(-0.5 * (excess / SPREAD) ** 2)


def cut_off(quad: np.ndarray, picture_width: int) -> bool:
    """Whether the picture's left or right edge cuts a line in two; a line that fills a crop is not cut."""
    return sides(quad)[0] < picture_width / 3 and bool(quad[:, 0].min() <= 1 or quad[:, 0].max() >= picture_width - 2)


def near(line: np.ndarray, other: np.ndarray) -> bool:
    """Whether a line stands close enough to another to be on one plate with it: within its width, over or under it."""
    across, down = np.abs(line.mean(axis=0) - other.mean(axis=0))
    width, height = sides(other)
    return bool(across <= 0.6 * width and down <= 2 * height)


def resized(quad: np.ndarray, *, along: float = 1.0, across: float = 1.0) -> np.ndarray:
    """The quadrilateral scaled about its middle, along its line and across it."""
    middle = quad.mean(axis=0)
    right = (quad[1] - quad[0] + quad[2] - quad[3]) / 4 * along
    down = (quad[3] - quad[0] + quad[2] - quad[1]) / 4 * across
    corners = [middle - right - down, middle + right - down, middle + right + down, middle - right + down]
    return np.asarray(corners, np.float32)


def straightened(pixels: np.ndarray, quad: np.ndarray) -> np.ndarray:
    """What stands inside the quadrilateral, as an upright rectangle of the same size."""
    width, height = (max(8, round(side)) for side in sides(quad))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    return cv2.warpPerspective(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def enclosing(quad: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, width and height of the upright box round a quadrilateral, in whole pixels."""
    left, top = np.floor(quad.min(axis=0)).astype(int)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int)
    return int(left), int(top), int(right - left), int(bottom - top)


def enlarged(pixels: np.ndarray, quad: np.ndarray, *, line_width: int) -> tuple[np.ndarray, np.ndarray]:
    """The surroundings of a line, enlarged so that it is `line_width` pixels wide; and the 2 x 3 way back.

    A third of the line's width is kept to each side, its height above and below: the whole plate and some car.
    """
    left, top, width, height = enclosing(quad)
    x, y = max(0, left - width // 3), max(0, top - height)
    right, bottom = min(pixels.shape[1], left + width + width // 3), min(pixels.shape[0], top + 2 * height)
    scale = line_width / max(sides(quad)[0], 1.0)
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    crop = cv2.resize(pixels[y:bottom, x:right], None, fx=scale, fy=scale, interpolation=how)
    return crop, np.array([[1 / scale, 0, x], [0, 1 / scale, y]], np.float32)


def covers(quad: np.ndarray, point: np.ndarray) -> bool:
    """Whether a point lies inside a quadrilateral."""
    return cv2.pointPolygonTest(quad.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


def same_place(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two lines stand for one: each covers the other's middle and they are about equally wide."""
    wider = sides(one)[0] / max(sides(other)[0], 1.0)
    return covers(one, other.mean(axis=0)) and covers(other, one.mean(axis=0)) and 0.6 < wider < 1.7


def joined(quads: list[np.ndarray]) -> np.ndarray:
    """The smallest turned rectangle round several pieces of one line, clockwise from the top left."""
    corners = cv2.boxPoints(cv2.minAreaRect(np.concatenate(quads).astype(np.float32)))
    by_side = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_side[:2], by_side[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def moved_in(quad: np.ndarray, back: np.ndarray) -> np.ndarray:
    """A quadrilateral of the picture, in pixels of its enlarged crop."""
    return ((quad - back[:, 2]) / back[0, 0]).astype(np.float32)


def moved_back(quad: np.ndarray, back: np.ndarray) -> np.ndarray:
    """A quadrilateral found on an enlarged crop, in pixels of the picture it was taken from."""
    return (quad @ back[:, :2].T + back[:, 2]).astype(np.float32)
