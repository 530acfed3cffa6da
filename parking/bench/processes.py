"""Web server and workers for plate reads and alerts, as `make run` starts them, to be killed and started again."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PATIENCE_S = 60


class Running:
    """The processes of the ingest."""

    def __init__(self, port: int, logs: Path) -> None:
        self.port, self.logs = port, logs
        self.web = self._start("web", ["gunicorn", "ecpd.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
                                       "--threads", "4"])  # fmt: skip
        self.worker = self.start_worker()
        self.raiser = self._start("alerts", self._celery("alerts"))

    def start_worker(self) -> subprocess.Popen:
        """The worker that looks at reads."""
        self.worker = self._start("reads", self._celery("reads"))
        return self.worker

    def kill_worker(self) -> None:
        """SIGKILL to the worker and its child at once."""
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def stop(self) -> None:
        """End them."""
        for process in (self.web, self.worker, self.raiser):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Until a page is served. Raises RuntimeError."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/accounts/login/")
                if connection.getresponse().status < 500:
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"The web server did not answer; {self.logs}/web.log says why.")

    def _celery(self, queue: str) -> list[str]:
        return ["celery", "-A", "ecpd.celery", "worker", "--queues", queue, "--concurrency", "1", "--loglevel", "WARNING",
                "--hostname", f"bench-{os.getpid()}@{queue}", "--without-gossip", "--without-mingle"]  # fmt: skip

    def _start(self, name: str, command: list[str]) -> subprocess.Popen:
        log = (self.logs / f"{name}.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
        )


@contextmanager
def running(port: int, logs: Path) -> Iterator[Running]:
    """All of them, ready; ended afterwards."""
    logs.mkdir(parents=True, exist_ok=True)
    started = Running(port, logs)
    try:
        started.wait()
        yield started
    finally:
        started.stop()
