"""What the supervisor starts anew when it falls: the two services, and the application's own processes."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from ecpd.embedded import accounts, processes
from ecpd.embedded.errors import ServiceError
from ecpd.embedded.postgres import Postgres
from ecpd.embedded.services import RESERVED
from ecpd.embedded.site import work_folder
from ecpd.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
MARK = "ECPD_SUPERVISED"
STEADY_SECONDS = 30
MOST_FALLS = 5
KEEP_ALIVE_SECONDS = (
    "90"  # longer than a proxy keeps a connection (60 or 75 s), so that it never sends into a closed one
)


class Falling:
    """Something that is started, may fall, and is started again: with growing pauses, and not for ever."""

    name: str
    log: Path
    process: subprocess.Popen | None
    started: float = 0.0
    falls: int = 0

    def start(self, environment: dict[str, str]) -> None:
        """Start it (again). Raises ServiceError."""
        raise NotImplementedError

    def stop(self) -> None:
        """Ask it to end; nothing of it is left afterwards."""
        raise NotImplementedError

    @property
    def has_ended(self) -> bool:
        """It was started, and is gone."""
        return self.process is not None and self.process.poll() is not None

    def note_fall(self) -> float:
        """Clear up after a fall; returns the seconds to wait before the next start.

        Raises ServiceError when it keeps falling.
        """
        self.stop()
        steady = time.monotonic() - self.started > STEADY_SECONDS
        self.falls = 1 if steady else self.falls + 1
        if self.falls > MOST_FALLS:
            raise ServiceError(f"{self.subject} fell {self.falls} times in a row; {self.log} says why.")
        return min(2.0 ** (self.falls - 1), 16)

    @property
    def subject(self) -> str:
        """What a sentence calls it."""
        return self.name


class Service(Falling):
    """PostgreSQL or Valkey under the supervisor: started again where it was, so that every address stays true."""

    def __init__(self, server: Postgres | Valkey) -> None:
        self.server, self.name, self.log = server, server.name, server.log
        self.started = time.monotonic()

    @property
    def process(self) -> subprocess.Popen | None:  # type: ignore[override]
        """The server's own process."""
        return self.server.process

    def start(self, environment: dict[str, str]) -> None:
        """Start the server again. One that ends while starting has fallen once more."""
        self.started = time.monotonic()
        try:
            self.server.start()
        except (ServiceError, psycopg.Error):
            self.server.stop()

    def stop(self) -> None:
        """Nothing of it is left afterwards."""
        self.server.stop()


@dataclass
class Program(Falling):
    """One supervised process: how it is started, where it logs, and how often it fell in a row."""

    name: str
    command: list[str]
    log: Path
    part: str = accounts.SITE  # whose account runs it
    reserved: tuple[str, ...] = ()  # the reserved addresses that it is given, by the variable's name
    awaited: int = 0  # the port that answers before the next program is started
    process: subprocess.Popen | None = None
    started: float = 0.0
    falls: int = 0

    def start(self, environment: dict[str, str]) -> None:
        """Start it (again), as its own account, without what is not for it."""
        user = accounts.account_of(self.part)
        withheld = {*RESERVED, "ECPD_AS_OWNER"} - set(self.reserved)
        own = {name: value for name, value in environment.items() if name not in withheld}
        if user is not None:
            own |= {"HOME": str(work_folder(Path(own["ECPD_DATA_DIR"]), self.part)), "USER": user, "LOGNAME": user}
        self.process = processes.start(self.command, log=self.log, env=own, user=user, cwd=ROOT)
        self.started = time.monotonic()

    def stop(self) -> None:
        """Ask it to end; nothing of it is left afterwards."""
        if self.process is not None:
            processes.stop(self.process, seconds=25)

    @property
    def subject(self) -> str:
        """What a sentence calls it."""
        return f"The {self.name}"


def environment_for(data_dir: Path, services: dict[str, str]) -> dict[str, str]:
    """What every process of the demo agency is started with; the mark lets a later run find its orphans."""
    return os.environ | services | {"ECPD_DEMO": "1", "ECPD_DATA_DIR": str(data_dir), MARK: str(data_dir)}


def end_orphans(data_dir: Path) -> None:
    """End what a killed run left behind. A task that was running is delivered again (docs/architecture.md)."""
    processes.end(processes.carrying(MARK, str(data_dir)), seconds=5)


def all_programs(data_dir: Path, port: int) -> list[Program]:
    """Sealer, workers, beat and web server, in the order in which they are started."""
    logs, celery = data_dir / "logs", [sys.executable, "-m", "celery", "-A", "ecpd.celery"]
    worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO"]
    return [
        Program(
            "sealer",
            [sys.executable, "manage.py", "seal_audit", "--every", "1"],
            logs / "sealer.log",
            part=accounts.SEALER,
            reserved=("DATABASE_SEALER_URL",),
        ),
        Program("worker", [*worker, "--queues", "celery"], logs / "worker.log"),
        Program(
            "worker for pictures",
            [*_behind_others(), *worker, "--queues", "pictures,opinions", "--hostname", "pictures@%h"],
            logs / "pictures.log",
        ),
        Program("worker for plate reads", [*worker, "--queues", "reads", "--hostname", "reads@%h"], logs / "reads.log"),
        Program("worker for alerts", [*worker, "--queues", "alerts", "--hostname", "alerts@%h"], logs / "alerts.log"),
        Program(
            "beat", [*celery, "beat", "--schedule", str(schedule_file(data_dir)), "--pidfile", ""], logs / "beat.log"
        ),
        Program("web server", _gunicorn(data_dir, port), logs / "web.log"),
    ]


def _behind_others() -> list[str]:
    """What a command begins with that leaves the processor to the others: a search does not share it with pictures."""
    return ["nice", "-n", "10"] if shutil.which("nice") else []


def local_authority(data_dir: Path, beside: dict[str, str]) -> list[Program]:
    """The demo's own time-stamp authority, where there is one (ecpd.embedded.authority)."""
    if "ECPD_TIMESTAMP_URL" not in beside:
        return []
    folder, port = data_dir / "timestamp", str(urlsplit(beside["ECPD_TIMESTAMP_URL"]).port)
    accounts.hand_over(folder, accounts.account_of(accounts.SEALER))
    command = [sys.executable, "-m", "ecpd.embedded.authority", str(folder), port]
    log = data_dir / "logs" / "authority.log"
    return [Program("local time-stamp authority", command, log, part=accounts.SEALER, awaited=int(port))]


def schedule_file(data_dir: Path) -> Path:
    """Where beat notes what it has sent."""
    return data_dir / "run" / accounts.SITE / "beat-schedule"


def _gunicorn(data_dir: Path, port: int) -> list[str]:
    options = {
        "--bind": f"127.0.0.1:{port}",
        "--workers": "2",
        "--threads": "4",
        "--keep-alive": KEEP_ALIVE_SECONDS,
        "--worker-tmp-dir": str(work_folder(data_dir, accounts.SITE)),
        "--graceful-timeout": "10",
    }
    return [sys.executable, "-m", "gunicorn", "ecpd.wsgi", *(part for option in options.items() for part in option)]
