"""`make run` as a developer meets it: one sentence for what is missing, everything up, everything down."""

import os
import signal
import socket
import urllib.error
import urllib.request
from contextlib import suppress

import psutil
import pytest

from tests.embedded.conftest import command, embedded, gone, kill_server, living, read_until
from tests.waiting import until


@pytest.fixture
def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_one_sentence_that_names_it_and_the_way_out(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = embedded(place, "run", ECPD_PORT=str(port))
        printed, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    assert printed.splitlines()[-1] == f"Stopped: Port {port} is taken. Stop what uses it, or set ECPD_PORT to another."
    assert "Traceback" not in printed
    assert living(place) == []


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none_is_refused(place, port):
    run = embedded(place, "run", ECPD_PORT=port)
    printed, _ = run.communicate(timeout=60)
    assert (run.returncode, printed.strip()) == (
        1,
        f"Stopped: ECPD_PORT is {port!r}; it must be a number from 1 to 65535.",
    )


def test_a_full_disk_is_one_sentence(place, monkeypatch):
    from ecpd.embedded import ServiceError, supervisor

    monkeypatch.setattr(supervisor, "NEEDED_BYTES", 2**60)
    with pytest.raises(ServiceError, match=r"MiB free; \d+ MiB are needed\."):
        supervisor._check_disk(place)


def test_a_failing_command_gives_its_exit_code(place):
    assert embedded(place, "exec", "--", "sh", "-c", "exit 7").wait(60) == 7


def status_of(url: str) -> int:
    """The status of an answer; 0 when there was none."""
    try:
        return urllib.request.urlopen(url, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_the_demo_agency_comes_up_survives_and_goes_down(place, free_port):
    """From nothing to a page; a killed worker is replaced; Ctrl-C leaves nothing; the second start keeps the data."""
    run = embedded(place, "run", ECPD_PORT=str(free_port))
    printed = read_until(run, "Ready in")
    assert "okafor" in printed
    assert urllib.request.urlopen(f"http://127.0.0.1:{free_port}/accounts/login/", timeout=20).status == 200
    workers = [p for p in living(place) if "worker" in command(p) and p.ppid() == run.pid]
    assert len(workers) == 4  # one for searches, pictures, plate reads, their alerts
    for process in living(place):
        with suppress(psutil.NoSuchProcess):
            assert process.uids().real != 0 or os.geteuid() != 0, command(process)
            assert not [value for value in process.environ().values() if "ecpd_owner" in value], command(process)
    worker = next(p for p in workers if "celery" in command(p)[command(p).index("--queues") :])
    worker.kill()
    read_until(run, "The worker ended (code -9); starting it again")
    page = f"http://127.0.0.1:{free_port}/healthz/ready"
    for server, name in (("valkey", "Valkey"), ("pg", "PostgreSQL")):
        kill_server(place, server)
        read_until(run, f"{name} ended (code -9); starting it again")
        until(lambda: status_of(page) == 200)
    everything = living(place)
    run.send_signal(signal.SIGINT)
    read_until(run, "ecpd: stopped")
    assert run.wait(30) == 0
    assert gone(everything, seconds=1)
    run = embedded(place, "run", ECPD_PORT=str(free_port))
    read_until(run, "Ready in")
    everything = living(place)
    run.kill()
    assert gone(everything)
    run.wait(10)
