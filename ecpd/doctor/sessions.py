"""Sessions of the database that others wait for, or that keep a transaction or a lock and do nothing."""

import os
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

from ecpd.doctor.finding import Finding, fail, ok, warn

MOST_NAMED = 5  # locks of one session
BLOCKS_SECONDS, IDLE_SECONDS, LOCK_SECONDS = 10, 60, 900  # a search of a large gallery keeps its own lock for minutes

# `state`, `xact_start` and `backend_type` of other roles' sessions are hidden from who may not read all statistics; who waits
# for whom, and who keeps which lock, is not. So the owner's connection looks where there is one.
READ = """
WITH waits AS (
    SELECT unnest(pg_blocking_pids(w.pid)) AS blocker, extract(epoch FROM clock_timestamp() - w.state_change) AS seconds
    FROM pg_stat_activity w WHERE w.wait_event_type = 'Lock' AND w.datname = current_database())
SELECT a.pid, COALESCE(a.usename, '?'), COALESCE(a.application_name, ''), COALESCE(host(a.client_addr),
    CASE WHEN a.query = '<insufficient privilege>' THEN 'from where is not shown' ELSE 'this machine' END),
    COALESCE(a.state, ''), COALESCE(extract(epoch FROM clock_timestamp() - a.state_change), 0)::float,
    COALESCE(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float,
    (SELECT count(*) FROM waits WHERE blocker = a.pid),
    COALESCE((SELECT max(seconds) FROM waits WHERE blocker = a.pid), 0)::float,
    ARRAY(SELECT format('%s/%s', l.classid, l.objid) FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory'
        AND l.granted ORDER BY 1), COALESCE(a.query = '<insufficient privilege>', false)
FROM pg_stat_activity a
WHERE a.datname = current_database() AND a.usesysid IS NOT NULL
    AND COALESCE(a.backend_type, 'client backend') = 'client backend' AND a.pid <> pg_backend_pid() ORDER BY a.pid
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
    advisory: list[str]  # the locks it keeps that are on no row and no table, by their keys
    hidden: bool  # whether what it does is not shown to who looks

    @property
    def trouble(self) -> str:
        """What is wrong with it, in words; empty when nothing is."""
        if self.waiting and self.waited > BLOCKS_SECONDS:
            return f"{self.waiting} wait for it, for {self.waited:.0f} s"
        if self.state.startswith("idle in transaction") and self.in_state > IDLE_SECONDS:
            return f"its transaction has been idle for {self.in_state:.0f} s"
        if self.advisory and not self.hidden and (kept := max(self.in_state, self.in_transaction)) > LOCK_SECONDS:
            idle = "it does nothing and" if self.state == "idle" else "it"
            return f"{idle} has kept {self.locks} for {kept:.0f} s"
        return ""

    @property
    def locks(self) -> str:
        """Its advisory locks, in words."""
        return f"the advisory lock{'s' * (len(self.advisory) > 1)} {', '.join(self.advisory[:MOST_NAMED])}"

    def __str__(self) -> str:
        return f"{self.pid} ({self.role}, {self.program or 'no name'}, {self.where})"


def read() -> list[Session]:
    """All sessions of this database but our own; as the owner where its address is known, who sees what they do."""
    rows: list[tuple[Any, ...]]
    if owner := os.environ.get("DATABASE_OWNER_URL"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            own = cursor.fetchone()[0]
        with psycopg.connect(owner, autocommit=True, dbname=connection.settings_dict["NAME"]) as looking:
            rows = [row for row in looking.execute(READ).fetchall() if row[0] != own]
    else:
        with connection.cursor() as cursor:
            cursor.execute(READ)
            rows = cursor.fetchall()
    return [Session(*row) for row in rows]


def held_up() -> Finding:
    """Does somebody keep the others waiting?"""
    sessions = read()
    troubled = [session for session in sessions if session.trouble]
    if troubled:
        return fail(
            "sessions",
            " ".join(f"Session {session}: {session.trouble}." for session in troubled),
            f"If it is no work of yours: `manage.py end_session {troubled[0].pid} --reason …` as the owner.",
        )
    keep = [f"Session {session} keeps {session.locks}." for session in sessions if session.advisory]
    said = " ".join(["None keeps others waiting.", *keep])
    if hidden := sorted({session.role for session in sessions if session.hidden}):
        return warn(
            "sessions",
            f"{said} What those of {', '.join(hidden)} do is not shown to this role.",
            "Run it with DATABASE_OWNER_URL; an owner who is no superuser needs `GRANT pg_read_all_stats`.",
        )
    return ok("sessions", said)
