"""Set-up: what it refuses and how it says so, what it skips, and that it needs nothing installed."""

import base64
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BOOTSTRAP = ROOT / "ecpd" / "bootstrap"


@pytest.fixture
def modules(monkeypatch):
    """The bootstrap's modules, as they are when it runs."""
    monkeypatch.syspath_prepend(str(BOOTSTRAP))
    import packages
    import say
    import tarballs

    yield packages, say, tarballs
    for name in ("browser", "commands", "packages", "say", "tarballs"):
        sys.modules.pop(name, None)


def archive(path: Path, **files: bytes) -> str:
    """A tarball with these files; returns its integrity as npm writes it."""
    with tarfile.open(path, "w:gz") as made:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


@pytest.fixture
def tarball(modules, tmp_path, monkeypatch):
    """A package of our own in the place of npm's."""
    _, _, tarballs = modules
    source = tmp_path / "source.tgz"
    integrity = archive(source, **{"package/dist/css/uswds.min.css": b"css", "package/secret": b"no"})

    def pack(spec: str, folder: Path) -> Path:
        return Path(shutil.copy(source, folder / "package.tgz"))

    monkeypatch.setattr(tarballs, "_pack", pack)
    return tarballs.Tarball("x@1", integrity, "x", tmp_path / "assets" / "x", tarballs._design_system)


def test_a_fetched_package_is_opened_only_as_far_as_needed(modules, tarball):
    _, _, tarballs = modules
    tarballs._fetch(tarball)
    files = [path.relative_to(tarball.target) for path in tarball.target.rglob("*") if path.is_file()]
    assert files == [Path("css/uswds.min.css")]
    assert tarball.stamp.read_text() == tarball.integrity


def test_a_package_that_is_not_the_pinned_one_is_refused_and_nothing_is_installed(modules, tarball):
    _, say, tarballs = modules
    other = tarballs.Tarball(tarball.spec, "sha512-" + "A" * 86 + "==", "x", tarball.target, tarball.kept)
    with pytest.raises(say.Stop, match=r"x@1 was not what was expected: its SHA-512 differs"):
        tarballs._fetch(other)
    assert not tarball.target.exists()
    assert not tarball.stamp.exists()


def test_a_refused_package_leaves_the_one_that_was_there(modules, tarball):
    _, say, tarballs = modules
    tarballs._fetch(tarball)
    other = tarballs.Tarball(tarball.spec, "sha512-" + "A" * 86 + "==", "x", tarball.target, tarball.kept)
    with pytest.raises(say.Stop):
        tarballs._fetch(other)
    assert (tarball.target / "css" / "uswds.min.css").read_bytes() == b"css"


def test_no_file_is_written_outside_its_place(modules, tmp_path):
    _, _, tarballs = modules
    archive(tmp_path / "evil.tgz", **{"package/dist/img/../../../evil": b"x", "package/dist/img/good.svg": b"x"})
    tarballs.extract(tmp_path / "evil.tgz", tmp_path / "a" / "b", tarballs._design_system)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["evil.tgz", "good.svg"]


def test_the_face_model_that_is_installed_is_the_pinned_one(modules):
    _, _, tarballs = modules
    model = tarballs.DATA / "models" / "raw" / "fr_feature.onnx"
    assert hashlib.sha256(model.read_bytes()).hexdigest() == (
        "87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581"
    )


def test_too_little_disk_is_one_sentence(modules, monkeypatch):
    _, say, _ = modules
    monkeypatch.setattr(say, "NEEDED_BYTES", 2**60)
    with pytest.raises(say.Stop, match=r"GiB free; set-up needs \d+ GiB\."):
        say.check_disk()


def test_a_failing_download_is_one_sentence(modules):
    _, say, _ = modules
    with pytest.raises(say.Stop, match=r"^It could not be fetched\. \(no route\)$"):
        say.run(["sh", "-c", "echo no route >&2; exit 1"], quiet=True, otherwise="It could not be fetched.")
    with pytest.raises(say.Stop, match=r"^It could not be fetched\. \(.*No such file"):
        say.run(["/nonexistent"], otherwise="It could not be fetched.")


def test_an_up_to_date_environment_is_left_alone(modules, monkeypatch, tmp_path):
    packages, _, _ = modules
    monkeypatch.setattr(packages, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(packages, "run", lambda command, **_: pytest.fail(f"ran {command}"))
    packages._write_stamp({"dev": packages._digest("dev")})
    packages.install("dev")


def test_a_changed_lock_is_installed_and_an_interrupted_one_again(modules, monkeypatch, tmp_path):
    packages, say, _ = modules
    monkeypatch.setattr(packages, "STAMP", tmp_path / "stamp.json")
    packages._write_stamp({"dev": "another lock"})
    ran = []

    def interrupted(command, **_):
        ran.append(command)
        raise say.Stop("the connection broke")

    monkeypatch.setattr(packages, "run", interrupted)
    for _ in range(2):
        with pytest.raises(say.Stop):
            packages.install("dev")
    assert len(ran) == 2
    monkeypatch.setattr(packages, "run", lambda command, **_: ran.append(command))
    packages.install("dev")
    packages.install("run")  # the development lock holds everything
    assert len(ran) == 3


def test_it_runs_where_nothing_is_installed():
    bare = [sys.executable, "-I", "-S", str(BOOTSTRAP), "nonsense"]
    result = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr.strip()) == (
        2,
        "Unknown command nonsense. There are: setup, run, test, attacks, bench, check, lock.",
    )


def test_an_old_python_is_one_sentence():
    code = (
        "import runpy, sys; sys.version_info = (3, 10, 9); sys.version = '3.10.9 (main)'; sys.argv = ['x', 'run'];"
        f"runpy.run_path({str(BOOTSTRAP)!r}, run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr.strip()) == (1, "ECPD needs Python 3.11 or newer; this is 3.10.9.")


def test_a_python_without_venv_is_one_sentence(modules, monkeypatch):
    packages, say, _ = modules
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(say.Stop, match=r"^This Python has no venv module; install it"):
        packages._make_environment()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_each_package_of_a_lock_has_its_hashes(lock):
    lines = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    pinned = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert len(pinned) > 50
    assert [line for line in pinned if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_the_installer_of_the_packages_is_held_to_its_hash_too(modules):
    packages, _, _ = modules
    asked = packages._pinned_uv().replace("\\\n", " ").split()
    assert asked[0].startswith("uv==") and len(asked) > 1
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word) for word in asked[1:])
