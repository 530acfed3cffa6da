"""The face model package: building the default one, and loading it or an agency's licensed one.

The default recogniser wants BGR; insightface feeds RGB. `build` permutes the input channels of the first convolution
once, and writes a manifest V2 package that insightface verifies before loading.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from leads.recognition.errors import ModelPackInvalid, ModelPackMissing

RAW_SHA256 = "87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581"
DEFAULT_ID = "ecpd-default-1"
LICENSE_TEXT = (
    "fr_feature.onnx of the npm package faceplugin-face-recognition-js 0.0.1, MIT by its licence file; training data\n"
    "not stated. Input channels permuted (BGR to RGB). A development default, not of evidential grade.\n"
)


@dataclass(frozen=True)
class PackInfo:
    """What a package is: its id, where it stands, whether it is the development default, its files' hashes."""

    model_id: str
    directory: Path
    is_default: bool
    sha256: dict[str, str]


def build(raw: Path, directory: Path) -> str:
    """Build the default package from the raw model (idempotent, atomic). Raises ModelPackInvalid on a wrong file."""
    if _sha256(raw) != RAW_SHA256:
        raise ModelPackInvalid("wrong_hash", f"{raw} is not the model that was expected: its SHA-256 differs.")
    if _is_built(directory):
        return DEFAULT_ID
    shutil.rmtree(directory, ignore_errors=True)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent) as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        _permute_channels(raw, fresh / "recognition.onnx")
        (fresh / "MODEL.LICENSE").write_text(LICENSE_TEXT)
        (fresh / "manifest.json").write_text(json.dumps(_manifest(fresh), indent=1))
        os.chmod(fresh, 0o755)
        fresh.rename(directory)
    return DEFAULT_ID


def _is_built(directory: Path) -> bool:
    try:
        return verify(directory).is_default
    except (ModelPackMissing, ModelPackInvalid):
        return False


def _manifest(directory: Path) -> dict:
    return {
        "manifest_version": 2,
        "model_id": DEFAULT_ID,
        "display_name": "ECPD development default",
        "license": "MODEL.LICENSE",
        "tasks": {
            "recognition": {
                "file": "recognition.onnx",
                "sha256": _sha256(directory / "recognition.onnx"),
                "preprocessing": {"mean": 127.5, "std": 127.5},
                "input_size": [112, 112],
                "embedding_dimension": 512,
            }
        },
    }


def _permute_channels(source: Path, target: Path) -> None:
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    first = next(node for node in graph.node if node.op_type == "Conv")
    weights = next(tensor for tensor in graph.initializer if tensor.name == first.input[1])
    permuted = numpy_helper.to_array(weights)[:, ::-1].copy()
    weights.CopyFrom(numpy_helper.from_array(permuted, weights.name))
    onnx.save(model, str(target))


def verify(directory: Path) -> PackInfo:
    """Check a package's manifest and every file's hash. Raises ModelPackMissing or ModelPackInvalid."""
    directory = directory.resolve()
    if not directory.is_dir():
        raise ModelPackMissing("missing", f"The face models are not at {directory}; run `make setup`.")
    if not (directory / "manifest.json").exists():
        return _licensed_without_manifest(directory)
    from insightface.model_zoo.package_manifest import load_model_package, verify_model_artifact

    try:
        package = load_model_package(directory)
        hashes = {name: _sha256(verify_model_artifact(task)) for name, task in package.tasks.items()}
    except (ValueError, TypeError, OSError, RuntimeError) as error:
        raise ModelPackInvalid("invalid", f"The face model package at {directory} is not valid: {error}") from error
    if "recognition" not in hashes:
        raise ModelPackInvalid("no_recogniser", f"The face model package at {directory} has no recogniser.")
    return PackInfo(package.model_id, directory, package.model_id == DEFAULT_ID, hashes)


def _licensed_without_manifest(directory: Path) -> PackInfo:
    """An older insightface package: its id is its name and the hash over its files."""
    files = sorted(directory.glob("*.onnx"))
    if not files:
        raise ModelPackInvalid("invalid", f"{directory} holds no face models.")
    hashes = {file.name: _sha256(file) for file in files}
    digest = hashlib.sha256("".join(hashes.values()).encode()).hexdigest()[:12]
    return PackInfo(f"{directory.name}-{digest}", directory, False, hashes)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def main(arguments: list[str]) -> int:
    """`python -m leads.recognition.pack build ONNX DIRECTORY`."""
    if len(arguments) != 3 or arguments[0] != "build":
        print(main.__doc__, file=sys.stderr)
        return 2
    try:
        build(Path(arguments[1]), Path(arguments[2]))
    except (ModelPackInvalid, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
