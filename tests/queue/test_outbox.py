"""Messages leave by a thread of their own: whoever leaves one never waits, whatever the broker does."""

import logging
import os
import threading
import time

import pytest

from ecpd import queue
from ecpd.queue import Outbox, enqueue
from tests.waiting import until

A, B = ("a.task", (1,)), ("a.task", (2,))
AT_ONCE = 0.2  # seconds that leaving a message may take, a thousand times what it takes


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    """Tries follow each other quickly."""
    monkeypatch.setattr(queue, "PAUSE_SECONDS", 0.01)


class Broker:
    """Takes messages; `stall()` makes it hold each until `answer()`, `fall()` makes it refuse them."""

    def __init__(self) -> None:
        self.got, self.tries, self.away = [], 0, False
        self.answers = threading.Event()
        self.answers.set()

    def __call__(self, message) -> None:
        self.tries += 1
        self.answers.wait(30)
        if self.away:
            raise ConnectionError("nobody there")
        self.got.append(message)


@pytest.fixture
def broker():
    """A broker that is well; it lets go of whatever it holds when the test ends."""
    made = Broker()
    yield made
    made.away = False
    made.answers.set()


def test_a_message_is_sent_by_another_thread(broker):
    seen = []
    outbox = Outbox(lambda message: seen.append(threading.current_thread().name))
    outbox.put(A)
    assert outbox.flush()
    assert seen == ["outbox"]


def test_leaving_a_message_costs_nothing_while_the_broker_stalls(broker):
    broker.answers.clear()
    outbox = Outbox(broker)
    began = time.monotonic()
    for number in range(500):
        outbox.put(("a.task", (number,)))
    assert time.monotonic() - began < AT_ONCE
    broker.answers.set()
    assert outbox.flush(30)
    assert len(broker.got) == 500


def test_what_waits_already_is_sent_once_and_what_is_being_sent_is_sent_again(broker):
    """A worker may have read the first message before the second row was committed."""
    broker.answers.clear()
    outbox = Outbox(broker)
    outbox.put(A)
    until(lambda: broker.tries == 1)
    for message in (A, B, B, A):
        outbox.put(message)
    broker.answers.set()
    assert outbox.flush()
    assert broker.got == [A, A, B]


def test_a_broker_that_is_away_is_one_line_and_what_waited_follows_when_it_is_back(broker, caplog):
    broker.away = True
    outbox = Outbox(broker)
    with caplog.at_level(logging.WARNING, logger="ecpd.queue"):
        outbox.put(A)
        outbox.put(B)
        until(lambda: broker.tries > 3)
        assert not outbox.flush(30), "The broker is away: nobody waits for it."
        broker.away = False
        until(lambda: len(broker.got) == 2)
    assert sorted(broker.got) == [A, B]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert said[0].startswith("The broker is away (ConnectionError('nobody there'))")
    assert said[1].startswith("The broker answers again")


def test_more_than_can_wait_is_left_to_the_sweep_in_one_line(broker, caplog, monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 3)
    broker.answers.clear()
    outbox = Outbox(broker)
    outbox.put(A)
    until(lambda: broker.tries == 1)
    with caplog.at_level(logging.WARNING, logger="ecpd.queue"):
        for number in range(10):
            outbox.put(("b.task", (number,)))
    assert [record.getMessage() for record in caplog.records] == [
        "3 messages wait for the broker; more are left to the sweep."
    ]
    broker.answers.set()
    assert outbox.flush()
    assert broker.got == [A, ("b.task", (0,)), ("b.task", (1,)), ("b.task", (2,))]


def test_a_forked_process_sends_its_own_messages_and_not_its_parents(broker, monkeypatch):
    reading, writing = os.pipe()
    broker.answers.clear()
    outbox = Outbox(broker)
    monkeypatch.setattr(queue, "outbox", outbox)
    outbox.put(A)
    until(lambda: broker.tries == 1)
    child = os.fork()
    if child == 0:
        outbox.forget()  # what register_at_fork has done for the process's own
        outbox._send = lambda message: os.write(writing, repr(message).encode())
        outbox.put(B)
        os._exit(0 if outbox.flush(10) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert os.read(reading, 1000).decode() == repr(B)


def test_the_process_s_own_outbox_is_made_anew_by_a_fork():
    parents = queue.outbox._changed
    child = os.fork()
    if child == 0:
        os._exit(0 if queue.outbox._changed is not parents and queue.outbox._thread is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_worker_never_raises(monkeypatch, caplog):
    class Broken:
        def put(self, message) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(queue, "outbox", Broken())
    enqueue("leads.tasks.run_search", 1)
    assert "can't start new thread" in caplog.text


@pytest.mark.parametrize("away", ["dead_broker", "silent_broker"])
def test_a_real_broker_that_is_away_is_told_within_seconds(away, request, sends_to, monkeypatch, caplog):
    monkeypatch.setattr(queue, "ANSWER_SECONDS", 0.5)
    outbox = sends_to(request.getfixturevalue(away))
    outbox.put(("leads.tasks.run_search", (1,)))
    with caplog.at_level(logging.WARNING, logger="ecpd.queue"):
        assert not outbox.flush(20)
        until(lambda: "The broker is away (OperationalError" in caplog.text, 20)
