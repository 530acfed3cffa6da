"""`make run`: services, migrations, demo, worker, beat and web server, each its own process, all stopped together."""

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ecpd.embedded import authority, processes, site
from ecpd.embedded.errors import ServiceError
from ecpd.embedded.programs import (
    ROOT,
    Falling,
    Program,
    Service,
    all_programs,
    end_orphans,
    environment_for,
    local_authority,
)
from ecpd.embedded.services import Services

NEEDED_BYTES = 500 * 2**20
AWAITED_SECONDS = 20
PATIENCE_SECONDS = 300  # a loaded machine takes long; a server that ended is told of at once


class Told(Exception):
    """Somebody asked us to stop before we were ready."""


def serve(data_dir: Path, *, port: int) -> int:
    """Serve the demo agency until Ctrl-C or SIGTERM. Raises ServiceError, in one sentence, when it cannot start."""
    started, stopping = time.monotonic(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    _check_disk(data_dir)
    _say("starting PostgreSQL and Valkey")
    try:
        beside = authority.beside(data_dir / "timestamp")
        with Services(data_dir, before_start=lambda: _clear_the_way(data_dir, port), beside=beside) as services:
            _serve_with(services, port=port, started=started, stopping=stopping)
    except Told:
        pass
    _say("stopped")
    return 0


def _serve_with(services: Services, *, port: int, started: float, stopping: threading.Event) -> None:
    environment = environment_for(services.data_dir, services.environment)
    _manage("migrate", "--verbosity", "0", env=environment, stopping=stopping)
    _manage("load_agencies", "parking/demo/agencies.csv", "--reason", LISTED, env=environment, stopping=stopping)
    accounts = _manage("load_demo", env=environment, stopping=stopping)
    site.prepare(services.data_dir)
    programs = [*local_authority(services.data_dir, services.beside), *all_programs(services.data_dir, port)]
    try:
        for program in programs:
            program.start(environment)
            _await(program, stopping)
        _wait_for_web(programs[-1], port, stopping)
        _announce(port, accounts, time.monotonic() - started)
        _watch(programs, services, environment, stopping)
    finally:
        _say("stopping")
        with ThreadPoolExecutor(len(programs)) as together:  # each takes some seconds to end what it is at
            list(together.map(Program.stop, programs))


def _watch(programs: list[Program], services: Services, environment: dict[str, str], stopping) -> None:
    """Until told to stop: start again what fell, services first, with a growing pause; give up what keeps falling."""
    watched: list[Falling] = [Service(services.postgres), Service(services.valkey), *programs]
    while not stopping.wait(0.5):
        for each in watched:
            if each.has_ended:
                code = each.process.returncode if each.process else None
                _say(f"{each.subject} ended (code {code}); starting it again")
                if not stopping.wait(each.note_fall()):
                    each.start(environment)


LISTED = "The demo's list: agencies that anybody knows, and some that are invented."
SAYING = {
    "load_agencies": "listing the agencies that may ask for plate data",
    "migrate": "bringing the database up to date",
    "load_demo": "loading the demo agency (a minute or two the first time)",
}


def _manage(*arguments: str, env: dict[str, str], stopping) -> str:
    """Run one management command and return what it printed. Raises ServiceError, or Told when asked to stop."""
    _say(SAYING[arguments[0]])
    command = [sys.executable, "manage.py", *arguments]
    with subprocess.Popen(
        command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        printed: list[str] = []
        reader = threading.Thread(target=lambda: printed.append(process.stdout.read()), daemon=True)
        reader.start()
        while process.poll() is None:
            if stopping.wait(0.1):
                processes.stop(process)
                raise Told
        reader.join()
    if process.returncode != 0:
        raise ServiceError(f"`manage.py {arguments[0]}` failed; what it printed is above.")
    return printed[0]


def _await(program: Program, stopping: threading.Event) -> None:
    """Give it some seconds to answer on its port: who needs it and finds it away asks again only a minute later."""
    deadline = time.monotonic() + AWAITED_SECONDS
    while program.awaited and not program.has_ended and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", program.awaited)) == 0 or stopping.wait(0.1):
                return


def _wait_for_web(web: Program, port: int, stopping) -> None:
    """Ready means that a page was served. Raises ServiceError, or Told when asked to stop."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if web.has_ended:
            raise ServiceError(f"The web server ended while starting; {web.log} says why.")
        if _answers(port):
            return
        if stopping.wait(0.1):
            raise Told
    raise ServiceError(f"The web server did not answer within {PATIENCE_SECONDS} seconds; {web.log} says why.")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announce(port: int, accounts: str, seconds: float) -> None:
    print(
        f"\n{accounts.strip()}\n\nReady in {seconds:.0f} s: http://localhost:{port}   (Ctrl-C stops everything)\n",
        flush=True,
    )


def _clear_the_way(data_dir: Path, port: int) -> None:
    end_orphans(data_dir)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ServiceError(f"Port {port} is taken. Stop what uses it, or set ECPD_PORT to another.") from None


def _check_disk(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    free = shutil.disk_usage(data_dir).free
    if free < NEEDED_BYTES:
        raise ServiceError(f"{data_dir} has {free / 2**20:.0f} MiB free; {NEEDED_BYTES / 2**20:.0f} MiB are needed.")


def _say(sentence: str) -> None:
    print(f"ecpd: {sentence}", flush=True)
