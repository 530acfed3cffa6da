"""Sessions of the database that others wait for, or that keep a transaction or a lock and do nothing."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from ecpd.doctor.finding import Finding, fail, ok

BLOCKS_SECONDS, IDLE_SECONDS, LOCK_SECONDS = 10, 60, 900  # a search of a large gallery keeps its own lock for minutes

# `state` and `xact_start` of other roles' sessions are hidden from who is no superuser; who waits for whom is not.
READ = """
WITH waits AS (
    SELECT unnest(pg_blocking_pids(w.pid)) AS blocker, extract(epoch FROM clock_timestamp() - w.state_change) AS seconds
    FROM pg_stat_activity w WHERE w.wait_event_type = 'Lock' AND w.datname = current_database())
SELECT a.pid, COALESCE(a.usename, '?'), COALESCE(a.application_name, ''), COALESCE(host(a.client_addr), 'this machine'),
    COALESCE(a.state, ''), COALESCE(extract(epoch FROM clock_timestamp() - a.state_change), 0)::float,
    COALESCE(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float,
    (SELECT count(*) FROM waits WHERE blocker = a.pid),
    COALESCE((SELECT max(seconds) FROM waits WHERE blocker = a.pid), 0)::float,
    EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted)
FROM pg_stat_activity a
WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid() ORDER BY a.pid
"""


@dataclass(frozen=True)
class Session:
    """One session as the server sees it; times in seconds."""

    pid: int
    role: str
    program: str
    where: str
    state: str
    in_state: float
    in_transaction: float
    waiting: int
    waited: float
    keeps_a_lock: bool

    @property
    def trouble(self) -> str:
        """What is wrong with it, in words; empty when nothing is."""
        if self.waiting and self.waited > BLOCKS_SECONDS:
            return f"{self.waiting} wait for it, for {self.waited:.0f} s"
        if self.state.startswith("idle in transaction") and self.in_state > IDLE_SECONDS:
            return f"its transaction has been idle for {self.in_state:.0f} s"
        if self.state == "idle" and self.keeps_a_lock and self.in_state > LOCK_SECONDS:
            return f"it does nothing and has kept a lock for {self.in_state:.0f} s"
        return ""

    def __str__(self) -> str:
        return f"{self.pid} ({self.role}, {self.program or 'no name'}, {self.where})"


def read() -> list[Session]:
    """All sessions of this database but our own."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [Session(*row) for row in rows]


def held_up() -> Finding:
    """Does somebody keep the others waiting?"""
    troubled = [session for session in read() if session.trouble]
    if troubled:
        return fail(
            "sessions",
            " ".join(f"Session {session}: {session.trouble}." for session in troubled),
            f"If it is no work of yours: `manage.py end_session {troubled[0].pid} --reason …` as the owner.",
        )
    return ok("sessions", "None keeps others waiting.")
