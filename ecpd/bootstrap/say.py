"""Where things are, what is being done, and the one clear sentence when it cannot be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("ECPD_DATA_DIR") or ROOT / ".data").resolve()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED_BYTES = 3 * 2**30


class Stop(Exception):
    """Set-up cannot go on; the message says why and what to do."""


def say(sentence: str) -> None:
    """Announce a step."""
    print(f"ecpd: {sentence}", flush=True)


def run(command: list[str], *, otherwise: str, cwd: Path = ROOT, quiet: bool = False, env: dict | None = None) -> str:
    """Run a command; its output is shown unless `quiet`. Raises Stop(`otherwise`) when it fails."""
    try:
        result = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            check=False,
            text=True,
            env=env,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.PIPE if quiet else None,
        )
    except OSError as error:
        raise Stop(f"{otherwise} ({error})") from None
    if result.returncode != 0:
        detail = (result.stderr or "").strip().splitlines()
        raise Stop(otherwise + (f" ({detail[-1]})" if detail else ""))
    return result.stdout or ""


def check_disk() -> None:
    """Raises Stop when the disk has no room for the set-up."""
    for place in {ROOT, _existing(DATA)}:
        free = shutil.disk_usage(place).free
        if free < NEEDED_BYTES:
            raise Stop(f"{place} has {free / 2**30:.1f} GiB free; set-up needs {NEEDED_BYTES / 2**30:.0f} GiB.")


def become(command: list[str]) -> int:
    """Replace this process, so that Ctrl-C and signals reach the command itself."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(str(command[0]), [str(part) for part in command])
    return 1


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
