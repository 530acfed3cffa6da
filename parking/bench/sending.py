"""Sends prepared deliveries at a steady rate over keep-alive connections, again and again until each is answered."""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, Queue

RETRY_S = 0.25
TIMEOUT_S = 30


@dataclass
class Sent:
    """What the senders saw. Seconds since the run began; `answers` are (when, how long)."""

    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    retries: int = 0
    answers: list[tuple[float, float]] = field(default_factory=list)
    behind_s: float = 0.0


def send_all(
    bodies: Sequence[bytes], *, port: int, token: str, per_second: float, threads: int = 6, every=None
) -> Sent:
    """Send each body when its time has come, `per_second` bodies a second; returns when all are answered.

    `every`: called about ten times a second with the seconds since the beginning (kills, progress).
    """
    sent, lock, waiting = Sent(), threading.Lock(), Queue()
    begun = time.monotonic()
    for number, body in enumerate(bodies):
        waiting.put((number / per_second, body))
    senders = [threading.Thread(target=_sender, args=(waiting, begun, port, token, sent, lock)) for _ in range(threads)]
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        time.sleep(0.1)
        if every:
            every(time.monotonic() - begun)
    return sent


def _sender(waiting: Queue, begun: float, port: int, token: str, sent: Sent, lock: threading.Lock) -> None:
    connection: http.client.HTTPConnection | None = None
    while True:
        try:
            due, body = waiting.get_nowait()
        except Empty:
            return
        early = begun + due - time.monotonic()
        if early > 0:
            time.sleep(early)
        while True:
            asked = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
                answer = _post(connection, token, body)
            except (OSError, http.client.HTTPException, ValueError):
                answer, connection = None, None
            if answer is not None:
                break
            with lock:
                sent.retries += 1
            time.sleep(RETRY_S)
        with lock:
            now = time.monotonic()
            sent.answers.append((now - begun, now - asked))
            sent.behind_s = max(sent.behind_s, asked - begun - due)
            for status in ("accepted", "duplicate", "rejected"):
                setattr(sent, status, getattr(sent, status) + answer[status])


def _post(connection: http.client.HTTPConnection, token: str, body: bytes) -> dict | None:
    connection.request("POST", f"/api/parking/reads/{token}", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        return None
    return json.loads(content)
