"""Sends batches to a server and does not let go of one before the server has answered for it.

What a real patrol car's uploader should do: a batch is sent again when nobody listens, the connection breaks, or the
server is at fault (5xx) or busy (408, 425, 429), for as long as it takes. The server knows a read that it had already
by its sequence, so nothing is lost and nothing counts twice. Standard library only; one connection a thread, kept open.
"""

import json
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from urllib.parse import quote, urlsplit

from parking.simulate.tally import Tally

FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
TIMEOUT_S = 30.0
BUSY = frozenset({408, 425, 429})
SHUT = frozenset({401, 403, 404})  # no later batch can fare better


@dataclass(frozen=True)
class Parcel:
    """One batch on its way: the reader's token, the body, and the pictures it announces, by hash.

    The moment of sending is written into the body at every attempt, so that the server measures the clock rightly.
    """

    token: str
    body: dict
    pictures: dict[str, bytes]


class Line:
    """One kept connection to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.secure, self.host, self.port = parts.scheme == "https", parts.hostname or "", parts.port
        self.base = parts.path.rstrip("/")
        self.connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """Status and body of the answer. Raises OSError or HTTPException; the connection is new after that."""
        if self.connection is None:
            self.connection = self._open()
        try:
            self.connection.request(method, self.base + path, body, {"Content-Type": kind})
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _open(self) -> HTTPConnection:
        if self.secure:
            return HTTPSConnection(self.host, self.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        return HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)


class Sender:
    """Threads that send parcels. `stop` set: whoever waits gives up; `shut`: why the server takes nothing at all."""

    def __init__(self, url: str, *, threads: int = 4, first_wait: float = FIRST_WAIT_S) -> None:
        self.url, self.first_wait = url, first_wait
        self.tally, self.stop, self.shut = Tally(), Event(), ""
        self._queue: SimpleQueue[Parcel | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def put(self, parcel: Parcel) -> None:
        """Have a parcel sent as soon as a thread is free."""
        self._queue.put(parcel)

    @property
    def waiting(self) -> int:
        """How many parcels no thread has taken yet."""
        return self._queue.qsize()

    def finish(self, meanwhile: Callable[[], object] = lambda: None, every: float = 1.0) -> None:
        """Wait until every parcel was answered (or `stop`), calling `meanwhile` now and then."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            while thread.is_alive():
                thread.join(every)
                meanwhile()

    def _work(self) -> None:
        line = Line(self.url)
        for parcel in iter(self._queue.get, None):
            if not self.stop.is_set():
                self._send(line, parcel)
        line.close()

    def _send(self, line: Line, parcel: Parcel) -> None:
        reads = len(parcel.body["reads"])
        self.tally.add("sent", reads)
        path = f"/api/parking/reads/{quote(parcel.token, safe='')}"
        status, answer, took = self._until_answered(line, "POST", path, lambda: _stamped(parcel), "application/json")
        if status == 200:
            items = json.loads(answer)["items"]
            self.tally.answer(items, took)
            self._send_pictures(line, parcel, _announced(parcel, items))
        elif status:
            self.tally.refusal(f"HTTP {status}: {_words(answer)}", reads)
            if status in SHUT:
                self.shut = f"The server takes nothing from this reader (HTTP {status}): {_words(answer)}"
                self.stop.set()

    def _send_pictures(self, line: Line, parcel: Parcel, wanted: Iterable[str]) -> None:
        for sha256 in wanted:
            path, picture = f"/api/parking/images/{quote(parcel.token, safe='')}/{sha256}", parcel.pictures[sha256]
            status, _, _ = self._until_answered(line, "PUT", path, partial(bytes, picture), "image/jpeg")
            self.tally.add("pictures" if status == 200 else "pictures refused")

    def _until_answered(
        self, line: Line, method: str, path: str, body: Callable[[], bytes], kind: str
    ) -> tuple[int, bytes, float]:
        """The answer and the seconds it took, once there is one that counts; status 0 when stopped before."""
        wait = self.first_wait
        while not self.stop.is_set():
            begun = monotonic()
            try:
                status, answer = line.ask(method, path, body(), kind)
            except (OSError, HTTPException):
                status, answer = 0, b""
            if status and status < 500 and status not in BUSY:
                return status, answer, monotonic() - begun
            self.tally.add("retries")
            self.stop.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)
        return 0, b"", 0.0


def _stamped(parcel: Parcel) -> bytes:
    return json.dumps(parcel.body | {"sent_at": datetime.now(UTC).isoformat()}).encode()


def _announced(parcel: Parcel, items: Iterable[dict]) -> list[str]:
    """The pictures of the reads that the server has, each once."""
    have = {item["device_seq"] for item in items if item["status"] != "rejected"}
    reads = (read for read in parcel.body["reads"] if str(read["device_seq"]) in have)
    hashes = (image["sha256"] for read in reads for image in read.get("images", ()))
    return [sha256 for sha256 in dict.fromkeys(hashes) if sha256 in parcel.pictures]


def _words(answer: bytes) -> str:
    """What a problem document says, in short."""
    try:
        problem = json.loads(answer)
        return str(problem.get("detail") or problem.get("title") or "")[:200]
    except (ValueError, AttributeError):
        return answer[:120].decode("utf-8", "replace")
