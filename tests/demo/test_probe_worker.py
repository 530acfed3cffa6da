"""The same search of the demo's gallery in a worker's process."""

import threading
import time

from leads.demo.probe import like_a_camera
from tests.demo.test_probe import FACES, asking, is_of, load


def test_a_worker_in_its_own_process_finds_it_too(celery_worker_process, demo_place):
    """The message goes over the broker, the worker reads picture and gallery, and writes the result."""
    asked = asking(load())(like_a_camera(*FACES[3][:3]))
    deadline, pause = time.monotonic() + 60, threading.Event()
    while not asked.is_over:
        assert time.monotonic() < deadline, asked.state
        pause.wait(0.05)
        asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("done", 1)
    assert is_of(asked.candidates.get(rank=1), *FACES[3][:3])
