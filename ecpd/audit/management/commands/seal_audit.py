"""`manage.py seal_audit`: the sealer's process. It chains what is committed, makes the checks and has the stamps made that
are asked for."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from ecpd.audit.checking import carry_out_requests
from ecpd.audit.sealer import seal_everything
from ecpd.audit.stamping import carry_out_stamps

log = logging.getLogger("ecpd.audit.sealer")


class Command(BaseCommand):
    """Runs until it is told to stop. A second one beside it does no harm: only one seals at a time."""

    help = "Seal the audit chain, every second, and make the verifications that are asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        """How often, or once."""
        parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS", help="Pause between two looks.")
        parser.add_argument("--once", action="store_true", help="Seal what waits, do what was asked for, and end.")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        """Seal. Raises CommandError when signed in as another role."""
        _require_role()
        if once:
            self.stdout.write(f"{seal_everything():,} entries sealed, {carry_out_requests():,} checks made")
            carry_out_stamps()
            return
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        for beside in (carry_out_requests, carry_out_stamps):  # neither keeps the sealing waiting
            threading.Thread(target=_repeat, args=(beside, stopping, every), daemon=True).start()
        _repeat(seal_everything, stopping, every)


def _repeat(work: Any, stopping: threading.Event, every: float) -> None:
    """Do it again and again; a database that is away is waited for."""
    while not stopping.is_set():
        try:
            work()
        except DatabaseError as error:
            log.warning("%s: %s", work.__name__, str(error).splitlines()[0] if str(error) else type(error).__name__)
            connection.close()
        stopping.wait(every)
    connection.close()


def _require_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if (role := cursor.fetchone()[0]) != settings.DATABASE_SEALER_ROLE:
            raise CommandError(
                f"The chain is sealed as {settings.DATABASE_SEALER_ROLE}, not as {role}: set DATABASE_SEALER_URL."
            )
