"""Supervised programs: started again with growing pauses, given up in a sentence, found when orphaned."""

import subprocess
import sys

import pytest

from ecpd.embedded import ServiceError, processes
from ecpd.embedded.programs import MARK, MOST_FALLS, Program, all_programs, end_orphans, environment_for
from tests.embedded.conftest import gone, living

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('up', flush=True); time.sleep(600)",
]


@pytest.fixture
def program(place):
    """A program that stays up, and is stopped with the test."""
    made = Program("sleeper", SLEEPER, place / "sleeper.log")
    yield made
    made.stop()


def wait_for_line(path, line="up") -> None:
    """Until the program has written this line; it writes it once it runs."""
    follow = ["sh", "-c", f'until grep -q "{line}" "{path}"; do :; done']
    subprocess.run(follow, timeout=20, check=True, stderr=subprocess.DEVNULL)


def test_pauses_grow_and_then_it_is_given_up(program, place):
    environment = environment_for(place, {})
    pauses = []
    for _ in range(MOST_FALLS):
        program.start(environment)
        program.process.kill()
        program.process.wait(10)
        assert program.has_ended
        pauses.append(program.note_fall())
    assert pauses == [1, 2, 4, 8, 16]
    program.start(environment)
    with pytest.raises(ServiceError, match=r"The sleeper fell 6 times in a row; .*sleeper\.log says why\."):
        program.note_fall()


def test_a_fall_after_steady_work_starts_the_count_anew(program, place):
    program.falls = MOST_FALLS
    program.start(environment_for(place, {}))
    program.started -= 3600
    assert program.note_fall() == 1


def test_stopping_a_program_ends_its_children_too(place):
    made = Program("parent", PARENT, place / "parent.log")
    made.start(environment_for(place, {}))
    wait_for_line(made.log)
    family = living(place)
    assert len(family) == 2
    made.process.kill()
    made.stop()
    assert gone(family)


def test_orphans_are_known_by_their_mark_and_strangers_are_left_alone(program, place):
    stranger = Program("stranger", SLEEPER, place / "stranger.log")
    stranger.start(environment_for(place, {}) | {MARK: str(place / "elsewhere")})
    program.start(environment_for(place, {}))
    wait_for_line(program.log)
    wait_for_line(stranger.log)
    end_orphans(place)
    assert program.process.wait(10) is not None
    assert not stranger.has_ended
    stranger.stop()


def test_a_process_that_ignores_being_asked_is_killed(place):
    deaf = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"
            "while True: time.sleep(600)"]  # fmt: skip
    process = processes.start(deaf, log=place / "deaf.log")
    wait_for_line(place / "deaf.log")
    processes.stop(process, seconds=0.2)
    assert process.returncode == -9


def test_connections_are_kept_longer_than_a_proxy_keeps_them(place):
    """nginx keeps them for 60 or 75 seconds; whoever closes first must not be the one that is sent to."""
    web = all_programs(place, 8000)[-1].command
    assert int(web[web.index("--keep-alive") + 1]) > 75
