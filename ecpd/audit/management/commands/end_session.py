"""`manage.py end_session PID --reason …`: the owner ends a session of the database that others wait for."""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from ecpd.audit import labels
from ecpd.audit.services import record

# A role without pg_read_all_stats sees neither what kind of session it is nor what it does.
READ = """
SELECT usename, application_name, state, extract(epoch FROM clock_timestamp() - xact_start)::float, pid = pg_backend_pid()
FROM pg_stat_activity WHERE pid = %s AND datname = current_database()
  AND COALESCE(backend_type, 'client backend') = 'client backend'
"""
WAITS_MILLISECONDS = 10_000
LET_HIM = "GRANT pg_signal_backend, pg_read_all_stats TO {}."


class Command(BaseCommand):
    """What it was doing is rolled back. Who ended it and why enters the audit chain."""

    help = "End a session of the database that doctor named; its transaction is rolled back, the end is recorded."

    def add_arguments(self, parser) -> None:
        """Which, and why."""
        parser.add_argument("pid", type=int)
        parser.add_argument("--reason", required=True)

    def handle(self, *args, pid: int, reason: str, **options) -> None:
        """End, wait until it has ended, record."""
        if not reason.strip():
            raise CommandError("Say why: --reason “…”.")
        found = self._end(pid)
        record(actor=None, action="session.ended", actor_label=labels.owner_at_shell(getpass.getuser()),
               pid=pid, reason=reason, **found)  # fmt: skip
        self.stdout.write(f"Session {pid} has ended; what it had not committed is undone.")

    def _end(self, pid: int) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(READ, [pid])
            if (row := cursor.fetchone()) is None:
                raise CommandError(
                    f"There is no session {pid} in this database; `manage.py doctor` names those there are."
                )
            if row[4]:
                raise CommandError("That is this command's own session.")
            try:
                cursor.execute("SELECT pg_terminate_backend(%s, %s)", [pid, WAITS_MILLISECONDS])
            except ProgrammingError as error:
                raise CommandError(
                    f"The owner may not end it: {error} A superuser can, or lets him: {LET_HIM.format(_role())}"
                ) from error
            if not cursor.fetchone()[0]:
                raise CommandError(f"Session {pid} did not end within {WAITS_MILLISECONDS // 1000} s; try again.")
        return {"role": row[0], "program": row[1], "state": row[2], "transaction_seconds": row[3]}


def _role() -> str:
    return str(connection.settings_dict["USER"])
