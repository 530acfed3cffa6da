"""`manage.py verify_audit`: is the record untouched?"""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from ecpd.audit.findings import Finding
from ecpd.audit.services import ask_for_check
from ecpd.audit.verification import Verification, keep, known_heads, verify


class Command(BaseCommand):
    """Exit code 1 when an entry or a sealed row was changed, removed or inserted, or the end was cut; 2 when entries wait and
    none was ever sealed, so that nothing is proven. That result is not kept."""

    help = "Verify the audit chain and every sealed row, name every break; exit code 1 when there is one, 2 without a chain."

    def add_arguments(self, parser: CommandParser) -> None:
        """A head kept outside, and machine-readable output."""
        parser.add_argument("--head", action="append", default=[], metavar="NUMBER:HASH", help="A head kept outside.")
        parser.add_argument("--head-file", help="A file that audit_head --to wrote.")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--no-record", action="store_true", help="Do not keep the result.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the chain and the rows, and say what was found."""
        heads = [_head(text) for text in [*options["head"], *_lines(options["head_file"])]]
        every: list[Finding] = []
        tell = every.append if options["json"] else self._tell
        result = verify([*known_heads(), *heads], self._progress, tell=tell)
        if not options["no_record"] and (result.breaks or not result.nothing_sealed):
            self._keep(result)
        if options["json"]:
            told = {"entries": result.entries, "rows": result.rows, "intact": result.intact, "breaks": result.breaks,
                    "waiting": result.waiting.events, "oldest_waits_seconds": round(result.waiting.oldest_seconds),
                    "erased": result.erased, "late": result.late,
                    "anew": [[*which, count] for which, count in sorted(result.anew.items())],
                    "hands": [[*which, count] for which, count in sorted(result.hands.items())],
                    "foreign_stamps": result.foreign}  # fmt: skip
            self.stdout.write(json.dumps(told | {"findings": [asdict(finding) for finding in every]}))
        else:
            for opt_out, count in sorted(result.erased.items()):
                self.stdout.write(f"{count:,} templates: erased under opt-out {opt_out}")
            for txid, count in sorted(result.late.items()):
                self.stdout.write(
                    f"{count:,} entries: written in transaction {txid}, which lasted for more than an hour"
                )
            for (table, day), count in sorted(result.anew.items()):
                self.stdout.write(f"{count:,} rows of {table}: sealed anew on {day} over other columns")
            for (role, table), count in sorted(result.hands.items()):
                self.stdout.write(
                    f"{count:,} rows of {table}: changed or removed in sessions of the database role {role}"
                )
            if result.foreign:
                numbers = ", ".join(f"{number:,}" for number in result.foreign[:20])
                self.stdout.write(
                    f"{len(result.foreign):,} time stamps of another authority than yours, of entries {numbers}"
                )
            if result.waiting.events:
                self.stdout.write(f"{result.waiting}")
            self.stdout.write(
                f"{result.entries:,} entries, {result.rows:,} rows, {_verdict(result)}, {result.seconds:.2f} s"
            )
        if not result.intact:
            sys.exit(1 if result.breaks else 2)

    def _tell(self, finding: Finding) -> None:
        self.stdout.write(f"{finding.kind}: {finding.sentence}")

    def _progress(self, what: str, done: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} {what} ", ending="")

    def _keep(self, result) -> None:
        """As the sealer the result is kept; any other role asks the sealer's process for a check of its own."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            if cursor.fetchone()[0] == settings.DATABASE_SEALER_ROLE:
                keep(result)
            else:
                ask_for_check()


def _verdict(result: Verification) -> str:
    if result.breaks:
        return f"{result.breaks:,} breaks"
    if result.nothing_sealed:
        return "nothing is proven: no entry was ever sealed (start `manage.py seal_audit`)"
    return "what is sealed is intact" if result.waiting.events else "the record is intact"


def _lines(path: str | None) -> list[str]:
    if not path:
        return []
    try:
        with open(path) as lines:
            return [line.split()[0] for line in lines if line.strip()]
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def _head(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not number.isdigit() or len(seal) != 64:
        raise CommandError(f"“{text}” is no head; write it as NUMBER:HASH.")
    return int(number), seal
