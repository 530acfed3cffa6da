"""Brokers that are away: one that nobody listens for, one that takes a call and says nothing."""

import socket
from collections.abc import Callable, Iterator

import pytest

from ecpd import queue
from ecpd.queue import Outbox, Sender


@pytest.fixture
def silent_broker() -> Iterator[str]:
    """The address of a broker that stalls: the kernel takes its calls, nobody reads them."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


@pytest.fixture
def dead_broker() -> str:
    """The address of a broker that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{probe.getsockname()[1]}/0"


@pytest.fixture
def sends_to(monkeypatch) -> Callable[[str], Outbox]:
    """Have this process send its messages to another broker."""

    def change(address: str) -> Outbox:
        monkeypatch.setattr(queue, "outbox", Outbox(Sender(address)))
        return queue.outbox

    return change
