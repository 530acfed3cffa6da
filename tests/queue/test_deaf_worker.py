"""A worker whose broker stalled in the middle of a task goes on fetching once the broker is back."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ecpd.broker import Hearing
from ecpd.embedded import processes
from ecpd.embedded.valkey import Valkey
from ecpd.queue import Sender
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
ANSWERS_WITHIN = 0.5  # seconds


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A broker of our own, that may be stopped."""
    with tempfile.TemporaryDirectory(prefix="ecpd-deaf-") as folder:
        made = Valkey(data_dir=Path(folder) / "valkey", log=Path(folder) / "valkey.log")
        made.start()
        yield made
        made.process.send_signal(signal.SIGCONT)
        made.stop()


@pytest.fixture
def start_worker(valkey, tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts a real worker of that broker, with tasks of ours; its log is worker.log."""
    started = []

    def start(**more: str) -> subprocess.Popen:
        environment = os.environ | {
            "CELERY_BROKER_URL": valkey.url, "ECPD_BROKER_ANSWERS_WITHIN": str(ANSWERS_WITHIN), "PYTHONPATH": str(ROOT)
        }  # fmt: skip
        command = [sys.executable, "-m", "celery", "-A", "tests.queue.worker_app", "worker", "--concurrency", "1",
                   "--loglevel", "INFO", "--without-gossip", "--without-mingle"]  # fmt: skip
        started.append(processes.start(command, log=tmp_path / "worker.log", env=environment | more, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        processes.stop(process, seconds=10)


def stall(valkey: Valkey, send: Sender, folder: Path) -> Path:
    """The broker stalls while a task runs, until the worker has failed to acknowledge it; then it is back.

    Returns the file that a second task makes, which waited all the time.
    """
    begun, go_on, waited = (folder / name for name in ("begun", "go_on", "waited"))
    send(("tests.hold", (str(begun), str(go_on))))
    send(("tests.note", (str(waited),)))
    until(begun.exists)
    valkey.process.send_signal(signal.SIGSTOP)
    go_on.touch()
    until(lambda: "Couldn't ack" in (folder / "worker.log").read_text())
    valkey.process.send_signal(signal.SIGCONT)
    return waited


def test_a_worker_whose_broker_stalled_at_the_end_of_a_task_goes_on_fetching(valkey, start_worker, tmp_path):
    start_worker()
    send = Sender(valkey.url)
    until(stall(valkey, send, tmp_path).exists, 30)
    later = tmp_path / "later"
    send(("tests.note", (str(later),)))
    until(later.exists, 30)


def test_a_worker_that_is_deaf_ends_and_the_next_one_does_its_work(valkey, start_worker, tmp_path):
    """As the library brings it, the worker stays up and fetches nothing: seen without our mend."""
    deaf = start_worker(TESTS_DEAFENED="1", ECPD_WORKER_DEAF_AFTER="3")
    waited = stall(valkey, Sender(valkey.url), tmp_path)
    deaf.wait(60)
    assert not waited.exists()
    assert "though messages wait for it. It ends, to be started anew." in (tmp_path / "worker.log").read_text()
    start_worker()
    until(waited.exists)


@pytest.fixture
def hearing() -> Hearing:
    """A worker's hearing without patience."""
    return Hearing(waiting=lambda: 1, busy=lambda: False, patience=0)


def test_idle_while_messages_wait_is_deaf(hearing):
    assert hearing.look()


@pytest.mark.parametrize("innocent", [{"busy": lambda: True}, {"waiting": lambda: 0}, {"waiting": lambda: 1 / 0}])
def test_busy_or_without_messages_or_without_a_broker_is_not(hearing, innocent, monkeypatch):
    hearing.heard = 0.0  # long ago
    hearing._patience = 60
    for name, answer in innocent.items():
        monkeypatch.setattr(hearing, f"_{name}", answer)
    assert not hearing.look()


def test_a_message_that_arrives_is_heard(hearing):
    hearing._patience = 60
    hearing.heard = 0.0
    hearing.hear(request=None)
    assert not hearing.look()
