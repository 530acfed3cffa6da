"""Lines that the text detector missed, found by edges: many upright strokes close together on one level.

The classical way (Sobel across, closing along): it finds small, blurred and dark plates too, and much that is none, so
it is asked last and what it finds is still to be read.
"""

import cv2
import numpy as np

WORKING_WIDTH = 960
STROKE_GAPS = ((17, 3), (31, 5))  # closing kernels: characters of small and of larger plates at the working width
MOST = 6


def stroke_lines(pixels: np.ndarray) -> np.ndarray:
    """Quadrilaterals n x 4 x 2 in pixels of the picture, the densest in strokes first, at most MOST."""
    scale = min(1.0, WORKING_WIDTH / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.createCLAHE(2.0, (8, 8)).apply(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))
    strokes = np.abs(cv2.Sobel(cv2.GaussianBlur(grey, (3, 3), 0), cv2.CV_32F, 1, 0))
    strokes = cv2.convertScaleAbs(strokes, alpha=255.0 / max(float(strokes.max()), 1.0))
    _, mask = cv2.threshold(strokes, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    found = [line for gap in STROKE_GAPS for line in _dense_boxes(mask, strokes, gap)]
    found.sort(key=lambda line: -line[0])
    return np.array([quad / scale for _, quad in found[:MOST]], np.float32).reshape(-1, 4, 2)


def _dense_boxes(mask: np.ndarray, strokes: np.ndarray, gap: tuple[int, int]) -> list[tuple[float, np.ndarray]]:
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, gap))
    closed = cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (gap[0], gap[0] // 2)))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [cv2.boundingRect(contour) for contour in contours]
    return [
        (float(strokes[y : y + height, x : x + width].mean()), _corners(x, y, width, height))
        for x, y, width, height in boxes
        if height >= 8 and 1.5 <= width / height <= 7 and width >= 30
    ]


def _corners(x: int, y: int, width: int, height: int) -> np.ndarray:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
