"""A worker that never goes deaf, whatever its broker went through.

Two things stand behind that. `Acknowledging` mends the one way it was seen to happen: a broker that stalls when a task
ends leaves the worker's only place for a message taken for ever. `Hearing` watches for any other: a worker that has
nothing in hand and fetches nothing though its queues hold messages ends, and whoever looks after it starts it anew.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from kombu.transport import redis, virtual

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds
ENDS_WITHIN = 20.0  # seconds that a deaf worker has to end by itself


class Acknowledging(redis.QoS):
    """Acknowledgements that free the worker's place even when the broker cannot be told.

    kombu keeps the place taken when telling fails. The message is delivered again after the visibility timeout, or when
    the connection is renewed, which is harmless: every task asks its row first.
    """

    def ack(self, delivery_tag: str) -> None:
        """Say that a message is done with. Raises the broker's error, once the place is free."""
        self._freeing(delivery_tag, super().ack, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Give a message back or throw it away. Raises the broker's error, once the place is free."""
        self._freeing(delivery_tag, super().reject, delivery_tag, requeue)

    def _freeing(self, delivery_tag: str, tell: Callable[..., None], *arguments) -> None:
        try:
            tell(*arguments)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


def mend_acknowledging() -> None:
    """Have every channel of this process acknowledge like that."""
    redis.Channel.QoS = Acknowledging


class Hearing:
    """Ends this worker once it was idle for `patience` seconds though messages waited for it all the time."""

    def __init__(self, *, waiting: Callable[[], int], busy: Callable[[], bool], patience: float) -> None:
        self._waiting, self._busy, self._patience = waiting, busy, patience
        self.heard = time.monotonic()

    def hear(self, **kwargs) -> None:
        """A message arrived, there is one in hand, or none waits."""
        self.heard = time.monotonic()

    def look(self) -> bool:
        """Whether it is deaf. A broker that does not answer says nothing about the worker."""
        try:
            if self._busy() or not self._waiting():
                self.hear()
        except Exception:
            self.hear()
        return time.monotonic() - self.heard > self._patience

    def watch(self) -> None:
        """Look until it is deaf, then end the process."""
        while not self.look():
            threading.Event().wait(min(LOOK_EVERY, self._patience / 2))
        log.critical("This worker has fetched nothing for %.0f s though messages wait for it. It ends, to be started "
                     "anew.", time.monotonic() - self.heard)  # fmt: skip
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(ENDS_WITHIN)
        os._exit(1)


def watch_hearing(consumer) -> Hearing:
    """Watch this worker's hearing, in a thread of its own: its event loop may be what stands still."""
    from celery.worker import state

    names = list(consumer.app.amqp.queues.consume_from)
    limits = {"socket_timeout": 5, "socket_connect_timeout": 5}

    def waiting() -> int:
        with consumer.app.connection_for_read(transport_options=limits) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=5)
            return sum(_length(connection.default_channel, name) for name in names)

    hearing = Hearing(waiting=waiting, busy=lambda: bool(state.reserved_requests),
                      patience=settings.WORKER_DEAF_AFTER)  # fmt: skip
    threading.Thread(target=hearing.watch, name="hearing", daemon=True).start()
    return hearing


def _length(channel: redis.Channel, queue: str) -> int:
    with suppress(channel.connection.channel_errors):  # nothing was ever sent there
        return channel.queue_declare(queue=queue, passive=True).message_count
    return 0
