"""The two networks that the installed text reader brings: one finds lines of text, one reads a line.

Both files stand inside the package rapidocr; nothing is downloaded, and their absence is an error with a name. The
line reader is asked directly, because its package gives only its first choice and the second opinion weighs all.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import rapidocr

from parking.plates.alphabet import ALPHABET
from parking.plates.errors import PlateModelsMissing

MODELS = Path(rapidocr.__file__).parent / "models"
LINE_HEIGHT = 48  # pixels, what the line reader was trained on
FEW_COLUMNS = 32
MANY_COLUMNS = 640
DETECTOR_LONGEST_SIDE = 960


class LineFinder:
    """Quadrilaterals round lines of text, by the package's detector.

    The thresholds are below the package's own (0.3 and 0.5): a line too many costs 20 ms, a plate not found all.
    """

    def __init__(self, *, threads: int) -> None:
        self._engine = rapidocr.RapidOCR(
            params={
                "Global.log_level": "error",
                "Det.model_path": str(_require("det")),
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTOR_LONGEST_SIDE,
                "Det.thresh": 0.2,
                "Det.box_thresh": 0.35,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """Lines in BGR pixels as n x 4 x 2 corners, clockwise from the top left, in pixels."""
        found = self._engine(pixels, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return np.zeros((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32).reshape(-1, 4, 2)


class LineReader:
    """What a strip of one line may say: for each column a probability of every plate character."""

    def __init__(self, *, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(str(_require("rec")), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        # The network's first output is "no character"; the characters of its own list follow.
        self._words = ["", *self._session.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]
        self._columns = [self._columns_of(character) for character in ALPHABET]

    def _columns_of(self, character: str) -> list[int]:
        return [place for place, word in enumerate(self._words) if word in {character, character.lower()}]

    def __call__(self, strip: np.ndarray, *, stretch: float = 1.0) -> tuple[np.ndarray, str]:
        """Probabilities, columns x (1 + 36), the first for "none of them"; and the plain text with all its marks.

        `strip` is BGR, one line; `stretch` widens it first (plates have condensed letters).
        """
        probabilities = self._session.run(None, {self._input: _as_input(strip, stretch)})[0][0]
        letters = np.stack([probabilities[:, columns].sum(axis=1) for columns in self._columns], axis=1)
        nothing = 1.0 - letters.sum(axis=1, keepdims=True)
        return np.clip(np.hstack([nothing, letters]), 1e-6, 1.0), self._plain(probabilities.argmax(axis=1))

    def _plain(self, best: np.ndarray) -> str:
        kept = [place for at, place in enumerate(best) if place and (at == 0 or best[at - 1] != place)]
        return "".join(self._words[place] for place in kept)


@dataclass(frozen=True)
class Networks:
    """Both networks, loaded; safe to ask from several threads."""

    find: LineFinder
    read: LineReader

    @classmethod
    def load(cls, *, threads: int) -> "Networks":
        """Load both from the installed package; `threads` processor threads each. Raises PlateModelsMissing."""
        return cls(LineFinder(threads=threads), LineReader(threads=threads))


def _as_input(strip: np.ndarray, stretch: float) -> np.ndarray:
    height, width = strip.shape[:2]
    columns = int(np.clip(round(LINE_HEIGHT * width / height * stretch), FEW_COLUMNS, MANY_COLUMNS))
    shrinking = cv2.INTER_AREA if height > LINE_HEIGHT else cv2.INTER_CUBIC
    sized = cv2.resize(strip, (columns, LINE_HEIGHT), interpolation=shrinking)
    return sized.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1.0


def _require(kind: str) -> Path:
    models = sorted(MODELS.glob(f"*_{kind}_*.onnx"))
    if not models:
        raise PlateModelsMissing("models_missing", "The package rapidocr came without its models: install it again.")
    return models[0]
