"""A time-stamp authority of the test's own, by `openssl ts`, and answers that are none."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ecpd.embedded.authority import Authority, prepare

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")


@contextmanager
def serving(server: HTTPServer) -> Iterator[HTTPServer]:
    """Answer until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def authority_keys(tmp_path_factory) -> Path:
    """The folder of an authority's keys and certificates."""
    folder = tmp_path_factory.mktemp("authority")
    assert prepare(folder) == folder / "chain.pem"
    return folder


@pytest.fixture
def authority(authority_keys, settings) -> Iterator[Authority]:
    """An authority that answers, and the settings that name it."""
    with serving(Authority(authority_keys)) as server:
        settings.TIMESTAMP_URL, settings.TIMESTAMP_CHAIN = server.url, str(authority_keys / "chain.pem")
        yield server


class Says(BaseHTTPRequestHandler):
    """Answers every query with the same bytes."""

    content = b""

    def do_POST(self) -> None:
        """The bytes, whatever was asked."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *arguments) -> None:
        """Not on the test's screen."""


def saying(content: bytes) -> HTTPServer:
    """An authority that answers with these bytes."""
    return HTTPServer(("127.0.0.1", 0), type("Saying", (Says,), {"content": content}))
