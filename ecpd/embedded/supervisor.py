"""`make run`: services, migrations, demo, worker, beat and web server, each its own process, all stopped together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from ecpd.embedded import processes
from ecpd.embedded.errors import ServiceError
from ecpd.embedded.services import Services

NEEDED_BYTES = 500 * 2**20
STEADY_SECONDS = 30
MOST_RESTARTS = 5


@dataclass
class Program:
    """One supervised process: how it is started, and how often it fell in a row."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started: float = 0.0
    falls: int = 0
    log: Path = field(default_factory=Path)


def serve(data_dir: Path, *, port: int) -> int:
    """Serve the demo agency until Ctrl-C or SIGTERM. Raises ServiceError, in one sentence, when it cannot start."""
    started = time.monotonic()
    _check_disk(data_dir)
    _check_port(port)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    _say("starting PostgreSQL and Valkey")
    with Services(data_dir) as services:
        environment = os.environ | services.environment | {"ECPD_DEMO": "1"}
        _manage(environment, "migrate", "--verbosity", "0", saying="bringing the database up to date")
        accounts = _manage(environment, "load_demo", saying="loading the demo agency (a minute or two the first time)")
        programs = _programs(data_dir, port)
        try:
            for program in programs:
                _start(program, environment)
            _wait_for_web(port, programs, stopping)
            if not stopping.is_set():
                _announce(port, accounts, time.monotonic() - started)
            _watch(programs, services, environment, stopping)
        finally:
            _say("stopping")
            for program in reversed(programs):
                if program.process is not None:
                    processes.stop(program.process, seconds=25)
    _say("stopped")
    return 0


def _programs(data_dir: Path, port: int) -> list[Program]:
    python, logs = sys.executable, data_dir / "logs"
    celery = [python, "-m", "celery", "-A", "ecpd.celery"]
    web = [
        python,
        "-m",
        "gunicorn",
        "ecpd.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
        "--worker-tmp-dir",
        str(data_dir / "run"),
        "--graceful-timeout",
        "10",
    ]
    schedule = str(data_dir / "run" / "beat-schedule")
    return [
        Program("worker", [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO"], log=logs / "worker.log"),
        Program("beat", [*celery, "beat", "--schedule", schedule, "--pidfile", ""], log=logs / "beat.log"),
        Program("web", web, log=logs / "web.log"),
    ]


def _start(program: Program, environment: dict[str, str]) -> None:
    program.process = processes.start(program.command, log=program.log, env=environment)
    program.started = time.monotonic()


def _watch(programs: list[Program], services: Services, environment: dict[str, str], stopping) -> None:
    """Until told to stop: start again what fell, with a growing pause; give up when a service itself is gone."""
    while not stopping.wait(0.5):
        for service in (services.postgres, services.valkey):
            if service.process.poll() is not None:
                raise ServiceError(f"{type(service).__name__} ended by itself; {service.log} says why. Start again.")
        for program in programs:
            if program.process.poll() is not None:
                _start_again(program, environment, stopping)


def _start_again(program: Program, environment: dict[str, str], stopping) -> None:
    steady = time.monotonic() - program.started > STEADY_SECONDS
    program.falls = 1 if steady else program.falls + 1
    if program.falls > MOST_RESTARTS:
        raise ServiceError(f"The {program.name} fell {program.falls} times in a row; {program.log} says why.")
    _say(f"the {program.name} ended (code {program.process.returncode}); starting it again")
    if not stopping.wait(min(2 ** (program.falls - 1), 16)):
        _start(program, environment)


def _wait_for_web(port: int, programs: list[Program], stopping) -> None:
    web = programs[-1]
    for _ in range(300):
        if web.process.poll() is not None:
            raise ServiceError(f"The web server ended while starting; {web.log} says why.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0 or stopping.is_set():
                return
        stopping.wait(0.1)
    raise ServiceError(f"The web server did not answer within 30 seconds; {web.log} says why.")


def _manage(environment: dict[str, str], *arguments: str, saying: str) -> str:
    _say(saying)
    command = [sys.executable, "manage.py", *arguments]
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        raise ServiceError(f"`manage.py {arguments[0]}` failed; what it printed is above.")
    return result.stdout


def _announce(port: int, accounts: str, seconds: float) -> None:
    print(
        f"\n{accounts.strip()}\n\nReady in {seconds:.0f} s: http://127.0.0.1:{port}   (Ctrl-C stops everything)\n",
        flush=True,
    )


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ServiceError(f"Port {port} is taken. Stop what uses it, or set ECPD_PORT to another.") from None


def _check_disk(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(data_dir).free
    if free < NEEDED_BYTES:
        raise ServiceError(f"{data_dir} has {free / 2**20:.0f} MiB free; {NEEDED_BYTES / 2**20:.0f} MiB are needed.")


def _say(sentence: str) -> None:
    print(f"ecpd: {sentence}", flush=True)
