"""From a folder, a CSV or an archive to photos with faces; pure, so that it can run in many processes."""

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image

from cases.likeness import perceptual_hash
from ecpd.checks.letters import says_something
from ecpd.checks.plain import printable
from leads.recognition import quality
from leads.recognition.engine import DetectedFace, load
from leads.recognition.errors import NoFaceFound, RecognitionError
from leads.recognition.intake import read_image

CSV_COLUMNS = ("file", "source_url", "name", "captured_on", "caption", "external_id")
MAX_FILE_BYTES = 100 * 2**20
UNREADABLE = (OSError, KeyError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error)
NO_LIST = (ValueError, csv.Error, *UNREADABLE)  # what a list or an archive that is none ends in


class OutsideError(OSError):
    """A file that a list names and that lies elsewhere."""


@dataclass(frozen=True)
class Item:
    """One photo to import: where its bytes are, and what the source says of it. `root`: its file must lie below it."""

    name: str
    path: Path
    root: Path | None = None
    member: str = ""
    source_url: str = ""
    subject: str = ""
    external_id: str = ""
    caption: str = ""
    captured_on: str = ""


@dataclass(frozen=True)
class Reading:
    """What was read of an item: hashes and faces with templates, or the code and reason of its rejection."""

    item: Item
    sha256: str = ""
    phash: int = 0
    width: int = 0
    height: int = 0
    faces: list[tuple[DetectedFace, dict, np.ndarray]] = field(default_factory=list)
    code: str = ""
    reason: str = ""
    data: bytes = b""


def items_of(path: Path) -> Iterator[Item]:
    """The photos of a folder (with all below it), a CSV or a zip archive, in a stable order.

    A sub-folder's name is taken as the name the source gives. Raises FileNotFoundError, ValueError.
    """
    if path.is_dir():
        yield from _of_folder(path)
    elif zipfile.is_zipfile(path):
        yield from _of_archive(path)
    elif path.is_file():
        yield from _of_csv(path)
    else:
        raise FileNotFoundError(f"There is no folder or file {path}.")


def _of_folder(folder: Path) -> Iterator[Item]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            inside = path.relative_to(folder)
            subject = inside.parts[0].replace("_", " ") if len(inside.parts) > 1 else ""
            yield Item(_sayable(_plain(str(inside))), path, folder, subject=_plain(subject))


def _of_archive(archive: Path) -> Iterator[Item]:
    with zipfile.ZipFile(archive) as opened:
        for info in sorted(opened.infolist(), key=lambda info: info.filename):
            parts = [part for part in info.filename.split("/") if part]
            if not parts or info.is_dir() or parts[-1].startswith(".") or "__MACOSX" in parts:
                continue
            subject = parts[-2].replace("_", " ") if len(parts) > 1 else ""
            yield Item(_sayable(info.filename), archive, member=info.filename, subject=subject)


def _of_csv(path: Path) -> Iterator[Item]:
    with path.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        if "file" not in (reader.fieldnames or ()):
            raise ValueError(f"{path.name} has no column named file. Columns: {', '.join(CSV_COLUMNS)}.")
        for row in reader:
            cells = {column: _plain(row.get(column) or "").strip() for column in CSV_COLUMNS}
            name, subject = cells.pop("file"), cells.pop("name")
            said = name if says_something(name) else f"Line {reader.line_num}"
            yield Item(said, path.parent / name, path.parent, subject=subject, **cells)


def _sayable(name: str) -> str:
    """A name that is kept with a reject: one without a letter or digit says at least that it is a file's."""
    return name if says_something(name) else f"File named {name}"


def _plain(text: str) -> str:
    """Text that a database keeps: bytes of a name that are no character become question marks, control ones blanks."""
    return printable(text.replace("\x00", "").encode(errors="replace").decode())


def digest_of(item: Item) -> str:
    """SHA-256 of an item's file, hex; empty when it cannot be read."""
    try:
        return hashlib.sha256(_bytes(item)).hexdigest()
    except UNREADABLE:
        return ""


def read_item(task: tuple[Item, Path, quality.QualityLimits]) -> Reading:
    """Read one photo: hashes, faces, quality, templates. Never raises for a bad file: the reason is in the reading."""
    item, model_dir, limits = task
    try:
        data = _bytes(item)
        digest = hashlib.sha256(data).hexdigest()
        if item.captured_on:
            date.fromisoformat(item.captured_on)
        image = read_image(data)
        engine = load(model_dir, 1)
        faces = engine.detect(image)
        if not faces:
            raise NoFaceFound
        found = [(face, quality.measure(image, face, limits).as_json(), engine.embed(image, face)) for face in faces]
        upright = Image.fromarray(np.ascontiguousarray(image.pixels[:, :, ::-1]))
        return Reading(item, digest, perceptual_hash(upright), image.width, image.height, found, data=data)
    except RecognitionError as error:
        return Reading(item, code=error.code, reason=error.message)
    except OutsideError:
        return Reading(item, code="outside", reason="This file lies outside the folder that is imported.")
    except UNREADABLE as error:
        return Reading(item, code="unreadable", reason=f"The file cannot be read: {error}")
    except ValueError:
        return Reading(item, code="bad_date", reason=f"“{item.captured_on}” is no date; write it as 2024-05-31.")


def _bytes(item: Item) -> bytes:
    if not item.member:
        path = _inside(item)
        if path.stat().st_size > MAX_FILE_BYTES:
            raise OSError(f"larger than {MAX_FILE_BYTES // 2**20} MB")
        return path.read_bytes()
    with zipfile.ZipFile(item.path) as archive:
        if archive.getinfo(item.member).file_size > MAX_FILE_BYTES:
            raise OSError(f"larger than {MAX_FILE_BYTES // 2**20} MB")
        with archive.open(item.member) as member:
            return io.BytesIO(member.read(MAX_FILE_BYTES + 1)).getvalue()


def _inside(item: Item) -> Path:
    """Where the file really is, links followed. Raises OutsideError when that is not below the item's root.

    A list comes from a vendor: it could name any picture of this machine's disk, evidence and bookings included.
    """
    real = item.path.resolve(strict=True)
    if item.root is not None and not real.is_relative_to(item.root.resolve()):
        raise OutsideError
    if not real.is_file():
        raise OSError("no file")
    return real
