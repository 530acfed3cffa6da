"""Waking a worker: by the task's name, after commit, and never at a page's cost.

Rows are the truth and a message only says that there is something to do, so messages go out by a thread of their own:
a broker that is away or stalled is a line in the log. What could not be sent waits here until it can, and each task
has a sweep that sends it again (CELERY_BEAT_SCHEDULE) should this process end before that.
"""

import atexit
import logging
import os
import threading
from collections.abc import Callable

from django.db import transaction
from kombu import Connection

log = logging.getLogger(__name__)

Message = tuple[str, tuple[int | str, ...]]
MOST_WAITING = 1000  # messages; the same one twice counts once, and the sweep knows the rest from the rows
PAUSE_SECONDS = 5.0  # between two tries while the broker is away
ANSWER_SECONDS = 5.0  # a broker that says nothing for so long is away; only our own thread waits for it
LAST_SECONDS = 2.0  # that a process which ends gives to what it has not sent yet


def enqueue(task: str, *arguments: int | str) -> None:
    """Have a worker run this task once the transaction is committed, at once where there is none. Never raises."""
    transaction.on_commit(lambda: outbox.put((task, arguments)), robust=True)


class Outbox:
    """Messages on their way, and the thread that sends them one by one. Safe to use from any thread, and after fork."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self.forget()

    def forget(self) -> None:
        """Begin anew: after a fork the thread, its lock and what it was at belong to the parent."""
        self._waiting: dict[Message, None] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._sending = self._away = self._full = False

    def put(self, message: Message) -> None:
        """Leave a message to be sent; one that already waits is sent once."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self._note_full()
                return
            self._waiting[message] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float = LAST_SECONDS) -> bool:
        """Wait until everything is sent; False when the time was up or the broker is away."""
        with self._changed:
            self._changed.wait_for(lambda: self._away or self._idle, seconds)
            return self._idle

    @property
    def _idle(self) -> bool:
        return not self._waiting and not self._sending

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                message = next(iter(self._waiting))
                del self._waiting[message]  # whoever asks from now on asks anew: this message may be read before
                self._sending = True
            trouble = self._try(message)
            with self._changed:
                self._sending = False
                self._note(trouble)
                if trouble:
                    self._waiting.setdefault(message)
                self._changed.notify_all()
            if trouble:
                threading.Event().wait(PAUSE_SECONDS)

    def _try(self, message: Message) -> Exception | None:
        try:
            self._send(message)
        except Exception as error:  # whatever it is, the row is committed and the sweep finds it
            return error
        return None

    def _note(self, trouble: Exception | None) -> None:
        if trouble and not self._away:
            log.warning("The broker is away (%r). Messages wait, and the sweep sends them too.", trouble)
        if self._away and not trouble:
            log.warning("The broker answers again; %d messages follow.", len(self._waiting))
        self._away, self._full = trouble is not None, self._full and trouble is not None

    def _note_full(self) -> None:
        if not self._full:
            log.warning("%d messages wait for the broker; more are left to the sweep.", MOST_WAITING)
        self._full = True


class Sender:
    """One connection to the broker, opened when needed and thrown away when it failed or belongs to another process."""

    def __init__(self, address: str | None = None) -> None:
        self._address = address
        self._connection: Connection | None = None
        self._process = 0

    def __call__(self, message: Message) -> None:
        """Send one message. Raises whatever a broker that is away makes of it, after seconds and not minutes."""
        from ecpd.celery import app

        task, arguments = message
        if self._process != os.getpid():
            self._connection, self._process = None, os.getpid()
        if self._connection is None:
            limits = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS, "max_retries": 0}
            self._connection = app.connection_for_write(self._address, transport_options=limits)
        try:
            self._connection.ensure_connection(max_retries=1, interval_start=0, timeout=ANSWER_SECONDS)
            app.send_task(task, args=arguments, connection=self._connection, retry=False)
        except Exception:
            self._connection = None
            raise


def broker_answers(within: float = 1.0, address: str | None = None) -> bool:
    """Whether the broker answers a call within so many seconds."""
    from ecpd.celery import app

    limits = {"socket_timeout": within, "socket_connect_timeout": within, "max_retries": 0}
    try:
        with app.connection_for_read(address, transport_options=limits) as connection:
            connection.ensure_connection(max_retries=0, timeout=within)
    except Exception:
        return False
    return True


outbox = Outbox(Sender())
os.register_at_fork(after_in_child=outbox.forget)
atexit.register(lambda: outbox.flush())
