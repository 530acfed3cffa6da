"""`manage.py anchor`: have the newest entry's seal stamped by the time-stamp authority, now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from ecpd.audit.models import Stamp
from ecpd.audit.sealer import seal_everything
from ecpd.audit.services import ask_for_stamp
from ecpd.audit.stamping import anchoring, stamp_head

NO_AUTHORITY = (
    "Not anchored: there is no time-stamp authority. Set ECPD_TIMESTAMP_URL to the address of one, and "
    "ECPD_TIMESTAMP_CHAIN to a file with its certificates (docs/verify.md)."
)
LOCAL = "This authority runs on this machine: its stamp proves nothing to anybody outside."


class Command(BaseCommand):
    """Run as the sealer it stamps; as anybody else it asks the sealer's process to."""

    help = "Have the head of the audit chain stamped by the RFC 3161 authority."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal what waits, stamp, and say what came of it. Raises CommandError when the head was not stamped."""
        if not settings.TIMESTAMP_URL:
            raise CommandError(NO_AUTHORITY)
        if not _is_sealer():
            ask_for_stamp()
            self.stdout.write("Asked: the sealer's process has the chain stamped within seconds.")
            return
        seal_everything()
        made = stamp_head()
        if made is not None and made.result == Stamp.Result.FAILED:
            raise CommandError(f"Not stamped. {made.problem}")
        self._say(made, made or anchoring().newest)

    def _say(self, made: Stamp | None, newest: Stamp | None) -> None:
        if newest is None:
            self.stdout.write("The chain is empty.")
            return
        words = "Stamped" if made else "Stamped already"
        self.stdout.write(f"{words}: entry {newest.number:,}, {newest.stamped_at:%Y-%m-%d %H:%M:%S} UTC, "
                          f"by {newest.authority}\n{newest.hash}")  # fmt: skip
        if newest.local:
            self.stdout.write(LOCAL)


def _is_sealer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0] == settings.DATABASE_SEALER_ROLE
