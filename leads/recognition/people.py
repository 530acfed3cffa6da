"""Reading a folder of people: one sub-folder a person, in it their photos."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from leads.recognition.engine import load
from leads.recognition.errors import NoFaceFound, RecognitionError
from leads.recognition.intake import read_image


@dataclass(frozen=True)
class Photo:
    """One photo of one person, and its template or the reason there is none."""

    person: str
    path: Path
    template: np.ndarray | None
    problem: str = ""


def read_people(folder: Path, model_dir: Path, *, most: int = 2, quiet: bool = False) -> list[Photo]:
    """Templates of up to `most` photos a person, in parallel over all cores. Raises FileNotFoundError."""
    tasks = [(person, path, model_dir) for person, path in _files(folder, most)]
    if not tasks:
        raise FileNotFoundError(f"{folder} has no folders of people with photos in them.")
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = pool.map(_read, tasks, chunksize=4)
        return list(tqdm(found, total=len(tasks), unit="photo", disable=quiet))


def _files(folder: Path, most: int) -> Iterator[tuple[str, Path]]:
    for person in sorted(path for path in folder.iterdir() if path.is_dir()):
        for path in sorted(file for file in person.iterdir() if file.is_file())[:most]:
            yield person.name, path


def _read(task: tuple[str, Path, Path]) -> Photo:
    person, path, model_dir = task
    engine = load(model_dir, 1)
    try:
        image = read_image(path)
        faces = engine.detect(image)
        if not faces:
            raise NoFaceFound
        centre = np.array([image.width / 2, image.height / 2])
        face = max(faces, key=lambda f: f.box[2] * f.box[3] / (1 + _distance(f, centre) / image.width) ** 2)
        return Photo(person, path, engine.embed(image, face))
    except RecognitionError as error:
        return Photo(person, path, None, error.message)


def _distance(face, centre: np.ndarray) -> float:
    x, y, width, height = face.box
    return float(np.hypot(*(np.array([x + width / 2, y + height / 2]) - centre)))
