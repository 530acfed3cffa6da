"""Services of their own for tests that start, stop and kill them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from ecpd.embedded import processes, site

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "ECPD_TEST_OWNER_URL",
    "CELERY_BROKER_URL",
    "SECRET_KEY",
    "ECPD_MEDIA_ROOT",
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A data directory that PostgreSQL's own account can reach; whatever still runs in it at the end is killed."""
    folder = Path(tempfile.mkdtemp(prefix="ecpd-embedded-")).resolve()
    folder.chmod(0o711)
    for installed in ("models", "assets"):
        if (settings.DATA_DIR / installed).is_dir():
            (folder / installed).symlink_to(settings.DATA_DIR / installed)
    site.prepare(folder)
    yield folder
    kill_all(folder)
    shutil.rmtree(folder, ignore_errors=True)


def living(place: Path) -> list[psutil.Process]:
    """Every process of this data directory: the two servers, and what the supervisor started."""
    servers = processes.living_in(place / "pg") + processes.living_in(place / "valkey")
    return servers + processes.carrying("ECPD_SUPERVISED", str(place))


def command(process: psutil.Process) -> list[str]:
    """Its command line; empty when it ended meanwhile."""
    with suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []


def kill_all(place: Path) -> None:
    """SIGKILL to all of them, those that end meanwhile included."""
    for process in living(place):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def kill_server(place: Path, server: str) -> None:
    """SIGKILL to the main process of one of the servers, `pg` or `valkey`."""
    parents = {}
    for process in processes.living_in(place / server):
        with suppress(psutil.NoSuchProcess):  # a connection's own process may end at any time
            parents[process] = process.ppid()
    [main] = [process for process, parent in parents.items() if parent not in {other.pid for other in parents}]
    main.kill()


def environment(place: Path, **extra: str) -> dict[str, str]:
    """A developer's environment: nothing points at services, except the data directory."""
    own = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("PYTEST")}
    return own | {"ECPD_DATA_DIR": str(place)} | extra


def embedded(place: Path, *arguments: str, **extra: str) -> subprocess.Popen:
    """`python -m ecpd.embedded …` on this data directory, its output readable line by line."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "ecpd.embedded", *arguments],
        cwd=ROOT,
        env=environment(place, **extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen, words: str) -> str:
    """What it printed up to and including the line with these words; fails when it ends first."""
    printed = ""
    for line in process.stdout:
        printed += line
        if words in line:
            return printed
    raise AssertionError(f"It ended without saying {words!r}:\n{printed}")


def gone(processes_: list[psutil.Process], seconds: float = 30) -> bool:
    """Whether all of them end within this time."""
    return not processes._left_after(seconds, processes_)
