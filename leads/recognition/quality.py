"""The quality gate: named measures of a face, each with what is needed (FR-04).

Landmark geometry gives approximate angles; sharpness and light are measured on the aligned 112 x 112 face, so that
they do not depend on the picture's size. The limits come from the policy manual; its defaults were set by degrading
pictures step by step until recognition fell (docs/recognition.md).
"""

import math
from dataclasses import asdict, dataclass

import cv2
import numpy as np

from leads.recognition.engine import DetectedFace, aligned
from leads.recognition.intake import DecodedImage

ENOUGH, JUST, NOT = "enough", "just_enough", "not_enough"
NEAR = 0.15  # within 15 % of its limit a measure is "just enough"
FRONTAL_NOSE = 0.56  # where the nose stands between eyes (0) and mouth (1) in a level face
SHARPNESS_HALF = 120.0  # Laplacian variance that counts as 0.5


@dataclass(frozen=True)
class QualityLimits:
    """What the manual asks for. Distances in pixels of the original, angles in degrees, the others 0 to 1."""

    eye_distance_min_px: float = 20.0
    sharpness_min: float = 0.10
    yaw_max_deg: float = 40.0
    pitch_max_deg: float = 40.0
    exposure_min: float = 0.12


@dataclass(frozen=True)
class Measure:
    """One measure: its value, what is needed, in words for a page, and the verdict."""

    name: str
    words: str
    value: float
    limit: float
    shown: str
    needed: str
    verdict: str


@dataclass(frozen=True)
class QualityReport:
    """All measures of one face."""

    measures: tuple[Measure, ...]

    @property
    def passed(self) -> bool:
        """Whether the gate opens."""
        return all(measure.verdict != NOT for measure in self.measures)

    @property
    def failures(self) -> list[Measure]:
        """The measures that are not enough."""
        return [measure for measure in self.measures if measure.verdict == NOT]

    def as_json(self) -> dict:
        """The report as it is kept in a row."""
        return {"passed": self.passed, "measures": [asdict(measure) for measure in self.measures]}


def measure(image: DecodedImage, face: DetectedFace, limits: QualityLimits | None = None) -> QualityReport:
    """Measure one face against the limits."""
    eyes, yaw, pitch = geometry(face)
    crop = cv2.cvtColor(aligned(image, face), cv2.COLOR_BGR2GRAY)
    values = {"eye_distance": eyes, "sharpness": sharpness(crop), "yaw": abs(yaw), "pitch": abs(pitch),
              "exposure": exposure(crop)}  # fmt: skip
    return _judged(values, limits or QualityLimits())


def judged_anew(kept: dict, limits: QualityLimits) -> dict:
    """A report as it is kept in a row, its values judged against these limits: the manual may have changed since.

    One that lacks a measure opens no gate.
    """
    values = {measure["name"]: measure["value"] for measure in kept.get("measures", []) if "value" in measure}
    return _judged(values, limits).as_json() if set(values) == set(MEASURED) else kept | {"passed": False}


def _judged(values: dict[str, float], limits: QualityLimits) -> QualityReport:
    return QualityReport(
        tuple(
            judge(name, words, values[name], getattr(limits, limit), form)
            for name, (judge, words, limit, form) in MEASURED.items()
        )
    )


def geometry(face: DetectedFace) -> tuple[float, float, float]:
    """(distance between the eyes in pixels, yaw, pitch in degrees, both approximate and signed)."""
    left, right, nose, mouth_left, mouth_right = (np.array(point, dtype=float) for point in face.landmarks)
    across = right - left
    distance = float(np.hypot(*across)) or 1.0
    unit = across / distance
    down = np.array([-unit[1], unit[0]])
    middle, mouth = (left + right) / 2, (mouth_left + mouth_right) / 2
    sideways = float(np.dot(nose - (middle + mouth) / 2, unit)) / distance
    height = float(np.dot(mouth - middle, down)) or 1.0
    between = float(np.dot(nose - middle, down)) / height
    yaw = math.degrees(math.asin(max(-1.0, min(1.0, sideways * 1.6))))
    pitch = max(-90.0, min(90.0, (between - FRONTAL_NOSE) * 150.0))
    return distance, yaw, pitch


def sharpness(grey: np.ndarray) -> float:
    """0 (blurred) to 1, from the variance of the Laplacian after evening out contrast."""
    even = grey.astype(np.float32)
    even = (even - even.mean()) / (even.std() + 1e-6) * 48.0
    variance = float(cv2.Laplacian(even, cv2.CV_32F)[8:-8, 8:-8].var())
    return variance / (variance + SHARPNESS_HALF)


def exposure(grey: np.ndarray) -> float:
    """0 to 1: the range between dark and bright parts of the face, less what is burnt out or black."""
    face = grey[16:-8, 20:-20]
    low, high = np.percentile(face, [5, 95])
    lost = float(((face < 6) | (face > 249)).mean())
    return float((high - low) / 255.0) * (1.0 - lost)


def _at_least(name: str, words: str, value: float, limit: float, form: str) -> Measure:
    verdict = NOT if value < limit else JUST if value < limit * (1 + NEAR) else ENOUGH
    return Measure(name, words, round(value, 3), limit, form.format(value), form.format(limit) + " or more", verdict)


def _at_most(name: str, words: str, value: float, limit: float, form: str) -> Measure:
    verdict = NOT if value > limit else JUST if value > limit * (1 - NEAR) else ENOUGH
    return Measure(name, words, round(value, 3), limit, form.format(value), form.format(limit) + " or less", verdict)


MEASURED = {
    "eye_distance": (_at_least, "Distance between eyes", "eye_distance_min_px", "{:.0f} px"),
    "sharpness": (_at_least, "Sharpness", "sharpness_min", "{:.2f}"),
    "yaw": (_at_most, "Turned to the side", "yaw_max_deg", "{:.0f}°"),
    "pitch": (_at_most, "Tilted up or down", "pitch_max_deg", "{:.0f}°"),
    "exposure": (_at_least, "Light", "exposure_min", "{:.2f}"),
}
