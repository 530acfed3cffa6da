"""Nothing is lost on the way, whatever the server does; what it will never take is said."""

import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from parking.simulate.sender import Parcel, Sender
from parking.simulate.tally import Tally


class Server(ThreadingHTTPServer):
    """Answers batches by a script of troubles, then rightly; keeps what it took."""

    daemon_threads = True

    def __init__(self, troubles=(), port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.troubles, self.lock = list(troubles), threading.Lock()
        self.taken, self.pictures, self.bodies, self.peers = [], {}, [], set()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def close(self):
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.body())
        with self.server.lock:
            self.server.bodies.append(body)
            self.server.peers.add(self.client_address)
            trouble = self.server.troubles.pop(0) if self.server.troubles else None
        if trouble == "hang up":
            self.close_connection = True
            return None
        if trouble == "take and hang up":
            self.take(body)
            self.close_connection = True
            return None
        if trouble:
            return self.answer(trouble, {"detail": "not now"})
        return self.answer(200, {"items": self.take(body)})

    def do_PUT(self):
        self.server.pictures[self.path.rpartition("/")[2]] = self.body()
        self.answer(200, {})

    def take(self, body):
        with self.server.lock:
            items = []
            for index, read in enumerate(body["reads"]):
                known = read["device_seq"] in self.server.taken
                self.server.taken += [] if known else [read["device_seq"]]
                status = "duplicate" if known else "accepted"
                items.append({"index": index, "device_seq": read["device_seq"], "status": status, "code": ""})
            return items

    def body(self):
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Nothing on the screen."""


@pytest.fixture
def server():
    servers = []

    def start(*troubles, port=0):
        servers.append(Server(troubles, port))
        return servers[-1]

    yield start
    for one in servers:
        if one.thread.is_alive():
            one.close()


def parcel(numbers, pictures=None, announced=()):
    images = [{"kind": "scene", "sha256": sha256} for sha256 in announced]
    reads = [{"device_seq": f"s{n}", "plate": "8ABC123", "images": images} for n in numbers]
    return Parcel("secret", {"reads": reads}, pictures or {})


def send(url, *parcels, threads=1):
    sender = Sender(url, threads=threads, first_wait=0.01)
    for one in parcels:
        sender.put(one)
    sender.finish(every=0.01)
    return sender


def test_every_read_arrives_once_over_a_kept_connection(server):
    there = server()
    sender = send(there.url, *(parcel(range(n, n + 5)) for n in range(0, 100, 5)), threads=2)
    assert sorted(there.taken) == sorted(f"s{n}" for n in range(100))
    assert sender.tally.counts["sent"] == sender.tally.counts["accepted"] == 100
    assert len(there.peers) <= 2
    assert len(sender.tally.took) == 20


@pytest.mark.parametrize("trouble", ["hang up", 500, 502, 503, 429, 408])
def test_a_batch_is_sent_again_until_the_server_takes_it(server, trouble):
    there = server(trouble, trouble, trouble)
    sender = send(there.url, parcel(range(3)))
    assert there.taken == ["s0", "s1", "s2"]
    assert sender.tally.counts == {"sent": 3, "accepted": 3, "retries": 3}


def test_an_answer_that_got_lost_counts_as_duplicates_and_no_read_twice(server):
    there = server("take and hang up")
    sender = send(there.url, parcel(range(3)))
    assert there.taken == ["s0", "s1", "s2"]
    assert sender.tally.counts["duplicate"] == 3


def test_a_server_that_is_not_there_yet_is_waited_for(server):
    first = server()
    port = first.server_port
    first.close()
    sender = Sender(f"http://127.0.0.1:{port}", threads=1, first_wait=0.01)
    refused = threading.Event()
    add = sender.tally.add

    def noticed(name, number=1):
        add(name, number)
        if name == "retries":
            refused.set()

    sender.tally.add = noticed
    sender.put(parcel(range(3)))
    assert refused.wait(10)
    there = server(port=port)
    sender.finish(every=0.01)
    assert there.taken == ["s0", "s1", "s2"]


def test_a_batch_the_server_will_never_take_is_reported_and_the_next_ones_are_sent(server):
    there = server(400)
    sender = send(there.url, parcel(range(3)), parcel(range(3, 5)))
    assert there.taken == ["s3", "s4"]
    assert sender.tally.counts["refused"] == 3
    assert sender.tally.reasons == {"HTTP 400: not now": 1}
    assert sender.shut == ""


@pytest.mark.parametrize("status", [401, 403, 404])
def test_an_address_that_is_no_readers_stops_everything(server, status):
    there = server(*[status] * 3)
    sender = send(there.url, parcel(range(3)), parcel(range(3, 5)))
    assert len(there.bodies) == 1
    assert "not now" in sender.shut


def test_pictures_follow_the_reads_that_announced_them_each_once(server):
    there = server()
    sender = send(there.url, parcel(range(4), {"a" * 64: b"one", "b" * 64: b"two"}, announced=["a" * 64, "b" * 64]))
    assert there.pictures == {"a" * 64: b"one", "b" * 64: b"two"}
    assert sender.tally.counts["pictures"] == 2


def test_every_attempt_says_anew_when_it_was_sent(server):
    there = server(503)
    send(there.url, parcel(range(1)))
    first, second = (datetime.fromisoformat(body["sent_at"]) for body in there.bodies)
    assert first < second


def test_answer_times_are_told_by_rank():
    tally = Tally(took=[n / 100 for n in range(100)])
    assert (tally.percentile(0.5), tally.percentile(0.99)) == (0.5, 0.99)
    assert Tally().percentile(0.5) == 0.0


def command(**options):
    out = StringIO()
    call_command(
        "simulate_patrol", token=["secret"], stdout=out, **{"grid": 12, "seconds": 0.5, "rate": 400, **options}
    )
    return out.getvalue()


def test_the_command_sends_as_many_reads_as_rate_and_time_make(server):
    there = server()
    out = command(url=there.url)
    assert len(there.taken) == 200
    assert "200 sent, 200 accepted" in out
    assert all(len(body["reads"]) <= 50 for body in there.bodies)


def test_the_command_sends_the_same_reads_again_for_the_same_seed(server):
    there = server()
    start = "2026-11-24T08:00:00-08:00"
    command(url=there.url, start=start, seed=4)
    assert "200 duplicate" in command(url=there.url, start=start, seed=4)
    assert "200 accepted" in command(url=there.url, start=start, seed=5)


def test_the_command_draws_pictures_when_asked(server):
    there = server()
    command(url=there.url, rate=20, images=True)
    assert there.pictures
    assert all(content.startswith(b"\xff\xd8\xff") for content in there.pictures.values())
    assert all(len(read["images"]) == 2 for body in there.bodies for read in body["reads"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"start": "yesterday"}, "must be a time"),
        ({"start": "2026-11-24T08:00:00"}, "offset"),
        ({"start": "2999-11-24T08:00:00-08:00"}, "must be over"),
        ({"rate": 0.0}, "above 0"),
    ],
)
def test_the_command_says_what_is_wrong_with_its_options(options, words):
    with pytest.raises(CommandError, match=words):
        command(url="http://127.0.0.1:9", **options)


def test_the_command_ends_in_an_error_when_the_server_takes_nothing(server):
    with pytest.raises(CommandError, match="takes nothing"):
        command(url=server(*[401] * 99).url)
