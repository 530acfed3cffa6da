"""Pictures, faces and answers as they are measured or written, without a row of a case."""

import io
from functools import cache

import numpy as np
from PIL import Image

from leads.models import ModelCard
from leads.models.examination import COMPONENTS
from leads.recognition.card import ModelCard as Card
from leads.recognition.matchscore import TailFit
from leads.services import card

PROBES = 128  # of 512 numbers: the first 128 say whose probe it is, 128 more how similar exactly, the others whose face
MEASURED = {"eye_distance": 60.0, "sharpness": 0.6, "yaw": 5.0, "pitch": 5.0, "exposure": 0.6}


def quality(**values: float) -> dict:
    """A face that was measured whole and passes the gate; `values` say otherwise of a measure."""
    each = [{"name": name, "words": name, "value": value, "limit": 0, "shown": f"{value:g}", "needed": "", "verdict": "enough"}
            for name, value in (MEASURED | values).items()]  # fmt: skip
    return {"passed": True, "measures": each}


def picture(shade: int = 120) -> bytes:
    """A small plain picture, another one for each shade."""
    out = io.BytesIO()
    Image.new("RGB", (80, 80), (shade % 256, 90, 60)).save(out, "PNG")
    return out.getvalue()


def pattern(number: int) -> bytes:
    """A picture that is no near copy of another number's."""
    out = io.BytesIO()
    noise = np.random.default_rng(number).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((80, 80), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def place(number: int) -> list[int]:
    """A box of its own on the picture: two searches for one face of one picture have one template."""
    return [number % 16 * 5, number // 16 % 16 * 5, 5, 5]


def answers(**changes: tuple[str, str]) -> dict[str, dict[str, str]]:
    """A complete form; `changes`: component=(value, note)."""
    form = {key: {"value": "similar", "note": ""} for key in COMPONENTS}
    return form | {key: {"value": value, "note": note} for key, (value, note) in changes.items()}


def card_of() -> Card:
    """The card that counts while the manual names none."""
    card.seed()
    return card.read(ModelCard.objects.earliest("id"))


def probe(number: int) -> np.ndarray:
    """The template of a search's probe; those of different searches have nothing in common."""
    return np.eye(1, 512, number % PROBES)[0] + np.eye(1, 512, PROBES + number % PROBES)[0] / 64


def template_near(cosine: float, number: int) -> np.ndarray:
    """The part of a face's template that is as similar to a probe, to more digits than one half-precision number has."""
    rough = float(np.float16(cosine))
    return (
        rough * np.eye(1, 512, number % PROBES)[0] + 64 * (cosine - rough) * np.eye(1, 512, PROBES + number % PROBES)[0]
    )


@cache
def cosine_of(fits: tuple[TailFit, ...], people: int, wanted: float) -> float:
    """The similarity that has this score in a gallery of so many people."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if min(fit.score(middle, people) for fit in fits) < wanted else (low, middle)
    return high
