"""The engine of this installation, and the quality limits of the manual in force."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cases import vault
from cases.models import Evidence
from ecpd.policy import engine as policy
from leads.recognition.engine import Engine, load
from leads.recognition.intake import DecodedImage, read_image
from leads.recognition.pack import verify
from leads.recognition.quality import QualityLimits


def engine() -> Engine:
    """The engine, loaded once a process. Raises ModelPackMissing or ModelPackInvalid."""
    return load(settings.MODEL_DIR)


@lru_cache(maxsize=4)
def _verified_id(directory: Path) -> str:
    return verify(directory).model_id


def model_id() -> str:
    """The id of the model in use, without loading it. Raises ModelPackMissing or ModelPackInvalid."""
    return _verified_id(settings.MODEL_DIR)


def quality_limits() -> QualityLimits:
    """FR-04's limits as the manual has them now."""
    return QualityLimits(
        eye_distance_min_px=policy.parameter("quality_eye_distance_min_px"),
        sharpness_min=policy.parameter("quality_sharpness_min"),
        yaw_max_deg=policy.parameter("quality_yaw_max_deg"),
        pitch_max_deg=policy.parameter("quality_pitch_max_deg"),
        exposure_min=policy.parameter("quality_exposure_min"),
    )


def image_of(evidence: Evidence) -> DecodedImage:
    """An exhibit's original, decoded. Raises UnreadableImage."""
    return read_image(vault.read(evidence.file))  # type: ignore[arg-type]  # a picture has its file
