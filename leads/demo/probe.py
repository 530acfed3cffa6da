"""Demo probes: packaged faces cropped, blurred and relit until they look like a camera's."""

import cv2
import numpy as np

from leads.demo.gallery import picture
from leads.recognition.engine import crop
from leads.recognition.intake import as_jpeg, read_image
from leads.services.engine import engine


def like_a_camera(
    package: str, path: str, ordinal: int, *, side: int = 240, blur: float = 0.8, light: float = 0.75, seed: int = 0
) -> bytes:
    """A still of one packaged face as a store camera might give it: smaller, softer, darker, noisy. JPEG."""
    image = read_image(picture(package, path))
    face = engine().detect(image)[ordinal]
    pixels = crop(image, face.box, margin=0.7).astype(np.float32)
    scale = side / max(pixels.shape[:2])
    pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    pixels = cv2.GaussianBlur(pixels, (0, 0), blur)
    rows = np.linspace(1.15, 0.85, pixels.shape[1], dtype=np.float32)[None, :, None]
    noise = np.random.default_rng(seed).normal(0, 4, pixels.shape)
    return as_jpeg(np.clip(pixels * light * rows + noise, 0, 255).astype(np.uint8), quality=82)
