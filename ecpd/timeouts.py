"""How long the database bears with one of our processes, by kind: against accidents, so that nobody waits for ever.

A statement, a wait for a lock and a transaction in which nothing happens each have an end. Whoever means harm sets his
own; `manage.py doctor` names the sessions that others wait for, `manage.py end_session` ends one.
"""

from dataclasses import dataclass

from django.db import DatabaseError

from ecpd.problem import Busy

CANCELED, LOCK_WAITED, DEADLOCK = "57014", "55P03", "40P01"


@dataclass(frozen=True)
class Timeouts:
    """Seconds; 0 is without end."""

    statement: int
    lock: int
    idle_in_transaction: int

    def options(self, kind: str) -> str:
        """What libpq passes to the server when the session begins."""
        values = {
            "application_name": f"ecpd-{kind}",
            "statement_timeout": f"{self.statement}s",
            "lock_timeout": f"{self.lock}s",
            "idle_in_transaction_session_timeout": f"{self.idle_in_transaction}s",
        }
        return " ".join(f"-c {name}={value}" for name, value in values.items())


# A page answers within seconds. A worker reads a whole gallery or a day of reads; a command loads files and checks the
# log from its first entry. The sealer verifies a whole log in one transaction. The owner migrates: an index on a large
# table takes the time it takes.
DEFAULTS = {
    "web": Timeouts(statement=15, lock=10, idle_in_transaction=60),
    "worker": Timeouts(statement=300, lock=60, idle_in_transaction=300),
    "command": Timeouts(statement=3600, lock=300, idle_in_transaction=3600),
    "sealer": Timeouts(statement=0, lock=60, idle_in_transaction=0),
    "owner": Timeouts(statement=0, lock=0, idle_in_transaction=0),
}


def busy(error: DatabaseError) -> Busy | None:
    """The page's error for a statement that took too long or waited in vain, or None for any other."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state in (LOCK_WAITED, DEADLOCK):
        return Busy("Somebody else is changing the same thing. Nothing was changed by you; try again in a minute.")
    if state == CANCELED:
        return Busy(
            "That took too long and was stopped; nothing was changed. Ask for less at once, or try again later."
        )
    return None
