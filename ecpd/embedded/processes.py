"""Starting and stopping child processes so that none is ever left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import psutil

PR_SET_PDEATHSIG = 1
PARTED = (ProcessLookupError, PermissionError)


def start(
    command: Sequence[str],
    *,
    log: Path,
    env: dict[str, str] | None = None,
    user: str | None = None,
    death_signal: int = signal.SIGTERM,
    cwd: Path | None = None,
) -> subprocess.Popen:
    """Start a process in a session of its own, output appended to `log`.

    On Linux the kernel sends it `death_signal` when we die, however we die. `user` only when we are root.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open_log(log) as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(death_signal),
            **as_user(user),
        )


def open_log(path: Path) -> BinaryIO:
    """A log to append to, that nobody else reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "ab")


def as_user(user: str | None) -> dict[str, Any]:
    """What makes a process another account's; nothing for our own. Raises KeyError for an unknown one."""
    if user is None:
        return {}
    import pwd

    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _die_with_parent(death_signal: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def stop(process: subprocess.Popen, *, with_signal: int = signal.SIGTERM, seconds: float = 20) -> None:
    """Ask a process to end and wait; then kill whatever is left of its session."""
    if process.poll() is None:
        process.send_signal(with_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with suppress(*PARTED):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def living_in(directory: Path) -> list[psutil.Process]:
    """The processes whose working directory this is: a database server sits in its own data, and nobody else does."""
    return [process for process in psutil.process_iter() if _asks(lambda p: p.cwd() == str(directory), process)]


def carrying(variable: str, value: str) -> list[psutil.Process]:
    """The processes, ourselves excepted, that were started with this environment variable."""
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _asks(lambda p: p.environ().get(variable) == value, process)
    ]


def _asks(question: Callable[[psutil.Process], bool], process: psutil.Process) -> bool:
    try:
        return question(process)
    except (psutil.Error, OSError):
        return False


def end(orphans: list[psutil.Process], *, with_signal: int = signal.SIGTERM, seconds: float = 20) -> None:
    """End processes that a killed run left behind: the parents are asked, their children follow, the rest is killed."""
    known = {process.pid for process in orphans}
    for process in orphans:
        with suppress(psutil.Error):
            if process.ppid() not in known:
                process.send_signal(with_signal)
    for process in _left_after(seconds, orphans):
        with suppress(psutil.Error):
            process.kill()
    _left_after(10, orphans)


def _left_after(seconds: float, orphans: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run when the time is up. They are not our children: nobody tells us, so we look."""
    deadline = time.monotonic() + seconds
    while left := [process for process in orphans if _asks(_runs, process)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
