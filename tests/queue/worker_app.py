"""The application's own Celery app with two tasks that a test can steer by files."""

import os
import time
from pathlib import Path

from kombu.transport import redis

from ecpd.celery import app

__all__ = ["app"]

if os.environ.get("TESTS_DEAFENED"):
    redis.Channel.QoS = redis.QoS  # as the library brings it: a failed acknowledgement makes the worker deaf


@app.task(name="tests.hold")
def hold(begun: str, go_on: str) -> None:
    """Say that it began, and end when told."""
    Path(begun).touch()
    while not Path(go_on).exists():
        time.sleep(0.02)


@app.task(name="tests.note")
def note(path: str) -> None:
    """Say that it ran."""
    Path(path).touch()
