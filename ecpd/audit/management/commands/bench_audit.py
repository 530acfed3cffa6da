"""`manage.py bench_audit`: events a second with a sealer beside them, the lag to the seal, the time of a verification."""

import os
import threading
import time
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from ecpd.audit.bench import FILL, LAG, write
from ecpd.audit.models import AuditEvent, Unsealed
from ecpd.audit.verification import verify

PATIENCE_SECONDS = 600


class Command(BaseCommand):
    """Run it as the sealer or any reader, beside a running `manage.py seal_audit`, in a scratch database."""

    help = "Measure the audit chain. Entries stay: use a scratch database."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, by how many, and how large the chain is made before the verification."""
        parser.add_argument("--events", type=int, default=10_000)
        parser.add_argument("--writers", type=int, default=8)
        parser.add_argument("--fill", type=int, default=0, metavar="ENTRIES", help="Add so many in one transaction.")
        parser.add_argument("--verify", action="store_true")

    def handle(self, *args: Any, events: int, writers: int, fill: int, **options: Any) -> None:
        """Measure. Raises CommandError without the application's address or when nobody seals."""
        address = os.environ.get("DATABASE_URL", "")
        if not address:
            raise CommandError("Set DATABASE_URL: the application's role writes the events.")
        newest = AuditEvent.objects.values_list("pk", flat=True).first() or 0
        if events:
            written = write(address, events=events, writers=writers)
            self.stdout.write(
                f"{written.events:,} events by {writers} writers in {written.seconds:.1f} s: {written.rate:,.0f}/s"
            )
            self._until_sealed()
            with connection.cursor() as cursor:
                cursor.execute(LAG, [newest])
                sealed, half, worst = cursor.fetchone()
            self.stdout.write(
                f"{sealed:,} sealed; from entry to seal half within {half:.2f} s, all within {worst:.2f} s"
            )
        if fill:
            self._fill(address, fill)
        if options["verify"]:
            result = verify()
            self.stdout.write(f"{result.entries:,} entries and {result.rows:,} rows verified in {result.seconds:.1f} s, "
                              f"{result.breaks} breaks")  # fmt: skip

    def _fill(self, address: str, entries: int) -> None:
        begun = time.monotonic()
        with psycopg.connect(address, autocommit=True) as session:
            session.execute(FILL, [entries])
        seconds = time.monotonic() - begun
        self._until_sealed()
        self.stdout.write(
            f"{entries:,} in one transaction in {seconds:.1f} s; sealed after {time.monotonic() - begun:.1f} s"
        )

    def _until_sealed(self) -> None:
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
        while Unsealed.objects.exists():
            if time.monotonic() > deadline:
                raise CommandError("Nobody seals: start `manage.py seal_audit` beside this.")
            pause.wait(0.1)
