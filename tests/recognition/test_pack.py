"""The face model package an operator puts in place is checked by its manifest before anything is loaded."""

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from leads.recognition import pack
from leads.recognition.engine import Engine
from leads.recognition.errors import ModelPackInvalid, ModelPackMissing


@pytest.fixture
def package(tmp_path) -> Path:
    """A copy of the default package under an agency's own name and id."""
    folder = tmp_path / "agency-pack"
    shutil.copytree(settings.MODEL_DIR, folder)
    change(folder, model_id="agency-1")
    return folder


def change(folder: Path, **fields) -> None:
    """Change fields of the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | fields))


def change_task(folder: Path, **fields) -> None:
    """Change fields of the recogniser in the manifest."""
    task = json.loads((folder / "manifest.json").read_text())["tasks"]["recognition"]
    change(folder, tasks={"recognition": task | fields})


def test_a_whole_package_is_verified(package):
    info = pack.verify(package)
    assert (info.model_id, info.is_default, info.directory) == ("agency-1", False, package)
    assert info.sha256 == pack.verify(settings.MODEL_DIR).sha256


def test_the_default_package_is_known_as_such():
    info = pack.verify(settings.MODEL_DIR)
    assert info.is_default and info.model_id == pack.DEFAULT_ID


def test_a_directory_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelPackMissing, match="make setup") as error:
        pack.verify(tmp_path / "nowhere")
    assert error.value.code == "missing"


def test_a_model_with_one_changed_byte_is_refused(package):
    model = package / "recognition.onnx"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)
    with pytest.raises(ModelPackInvalid, match="not valid"):
        pack.verify(package)


def test_a_manifest_with_another_hash_is_refused(package):
    change_task(package, sha256="0" * 64)
    with pytest.raises(ModelPackInvalid):
        pack.verify(package)


def test_a_missing_file_is_refused(package):
    (package / "recognition.onnx").unlink()
    with pytest.raises(ModelPackInvalid, match="not valid"):
        pack.verify(package)


def test_a_file_outside_the_package_is_refused(package):
    shutil.move(package / "recognition.onnx", package.parent / "recognition.onnx")
    change_task(package, file="../recognition.onnx")
    with pytest.raises(ModelPackInvalid):
        pack.verify(package)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"manifest_version": 1}', '{"manifest_version": 2}'])
def test_a_broken_manifest_is_refused(package, content):
    (package / "manifest.json").write_text(content)
    with pytest.raises(ModelPackInvalid):
        pack.verify(package)


def test_a_package_without_a_recogniser_is_refused(package):
    task = json.loads((package / "manifest.json").read_text())["tasks"]["recognition"]
    change(package, tasks={"detection": task})
    with pytest.raises(ModelPackInvalid):
        pack.verify(package)


def test_a_folder_without_manifest_or_models_is_refused(tmp_path):
    with pytest.raises(ModelPackInvalid, match="holds no face models"):
        pack.verify(tmp_path)


def test_without_a_manifest_the_id_is_the_content(package):
    (package / "manifest.json").unlink()
    before = pack.verify(package)
    assert before.model_id.startswith("agency-pack-") and not before.is_default
    with (package / "recognition.onnx").open("ab") as model:
        model.write(b"\0")
    assert pack.verify(package).model_id != before.model_id


def test_the_default_package_without_its_manifest_does_not_load_as_another(package):
    (package / "manifest.json").unlink()
    with pytest.raises(ModelPackInvalid):
        Engine(package)


def test_a_wrong_raw_model_builds_nothing(tmp_path):
    raw = tmp_path / "raw.onnx"
    raw.write_bytes(b"something else")
    with pytest.raises(ModelPackInvalid, match="SHA-256 differs") as error:
        pack.build(raw, tmp_path / "pack")
    assert error.value.code == "wrong_hash" and not (tmp_path / "pack").exists()


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    (tmp_path / "raw.onnx").write_bytes(b"something else")
    assert pack.main(["build", str(tmp_path / "raw.onnx"), str(tmp_path / "pack")]) == 1
    assert "SHA-256 differs" in capsys.readouterr().err
    assert pack.main([]) == 2
