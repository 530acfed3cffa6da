"""Waiting for what another process does."""

import threading
import time
from collections.abc import Callable


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition, or fail."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        assert time.monotonic() < deadline, "It did not happen in time."
        pause.wait(0.05)
