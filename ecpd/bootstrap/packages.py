"""The virtual environment: made once, brought up to date when a lock file changes.

A lock names versions and the SHA-256 of each of their files: what the index hands out instead is not installed.
"""

import hashlib
import importlib.util
import json
import re
import sys

from say import PYTHON, ROOT, VENV, Stop, check_disk, run, say

STAMP = VENV / "ecpd-installed.json"
LOCKS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}


def install(kind: str) -> None:
    """Install a lock (`run` or `dev`) into .venv; nothing when it is there already."""
    wanted = _digest(kind)
    if _stamp().get(kind) == wanted and PYTHON.exists():
        return
    check_disk()
    if not PYTHON.exists() or not STAMP.exists():
        _make_environment()
    say(f"installing {'development ' if kind == 'dev' else ''}packages from {LOCKS[kind].name}")
    uv = [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--no-deps", "--require-hashes"]
    run(
        # Compiled once here, not at each start of each process: where Python may not write its own, a start took twice.
        [*uv, "--compile-bytecode", "-r", LOCKS[kind]],
        otherwise="The Python packages could not be installed; check the connection to the package index.",
    )
    kinds = {"run", "dev"} if kind == "dev" else {kind}
    _write_stamp({name: _digest(name) for name in kinds})


def _make_environment() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Stop("This Python has no venv module; install it (on Debian: apt install python3-venv).")
    say("making the virtual environment .venv")
    run([sys.executable, "-m", "venv", "--clear", VENV], otherwise="The virtual environment could not be made.")
    first = VENV / "uv.txt"
    first.write_text(_pinned_uv())
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, "--no-deps", "--require-hashes", "-r", first],
        otherwise="uv could not be installed; check the connection to the package index.",
    )
    _write_stamp({})


def _pinned_uv() -> str:
    """The lock's lines about uv: its version and hashes."""
    found = re.search(r"^uv==\S+(?:\s*\\\n\s+--hash=\S+)+", LOCKS["run"].read_text(), re.MULTILINE)
    if found is None:
        raise Stop(f"{LOCKS['run'].name} does not name uv; fetch the project anew.")
    return f"{found[0]}\n"


def _digest(kind: str) -> str:
    content = LOCKS[kind].read_bytes() + f"{sys.version_info[:2]}".encode()
    return hashlib.sha256(content).hexdigest()


def _stamp() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def _write_stamp(stamp: dict[str, str]) -> None:
    temporary = STAMP.with_suffix(".new")
    temporary.write_text(json.dumps(stamp))
    temporary.replace(STAMP)
