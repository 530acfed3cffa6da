"""`manage.py verify_audit`: is the chain untouched?"""

import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from ecpd.audit.verification import verify, verify_and_record


class Command(BaseCommand):
    """Exit code 1 when an entry was changed, removed, inserted or reordered, or the end was cut."""

    help = "Verify the audit chain and name every break; exit code 1 when there is one."

    def add_arguments(self, parser) -> None:
        """A head kept outside, and machine-readable output."""
        parser.add_argument("--head", action="append", default=[], metavar="NUMBER:HASH", help="A head kept outside.")
        parser.add_argument("--head-file", help="A file that audit_head --to wrote.")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--no-record", action="store_true", help="Do not keep the result.")

    def handle(self, *args, **options) -> None:
        """Walk the chain and say what was found."""
        heads = [_head(text) for text in [*options["head"], *_lines(options["head_file"])]]
        if options["no_record"]:
            from ecpd.audit.models import ChainHead

            result = verify([*ChainHead.objects.values_list("number", "hash"), *heads])
            findings, entries, seconds = [asdict(f) for f in result.findings], result.entries, result.seconds
        else:
            check = verify_and_record(extra_heads=heads)
            findings, entries, seconds = check.findings, check.entries, check.seconds
        if options["json"]:
            self.stdout.write(json.dumps({"entries": entries, "intact": not findings, "findings": findings}))
        else:
            for finding in findings:
                self.stdout.write(f"{finding['kind']}: {finding['sentence']}")
            words = "the chain is intact" if not findings else f"{len(findings)} breaks"
            self.stdout.write(f"{entries:,} entries, {words}, {seconds:.2f} s")
        if findings:
            sys.exit(1)


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
