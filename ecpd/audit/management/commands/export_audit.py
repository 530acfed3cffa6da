"""`manage.py export_audit --to FILE`: the audit chain in one file, for somebody who verifies it without ECPD."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecpd.audit import labels
from ecpd.audit.bundle import may_export_everything, write_bundle
from ecpd.audit.matters import case_exists
from ecpd.audit.sealer import until_sealed
from ecpd.audit.services import record
from ecpd.audit.stamping import anchoring
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied

BUNDLE = "audit bundle"
LONGEST_WAIT = 10.0  # seconds
VERIFIER = settings.BASE_DIR / "contrib" / "verify_bundle.py"


class Command(BaseCommand):
    """For an auditor (--by) or the database's owner; the export is on the record."""

    help = "Write the audit chain and the rows it seals to one file that contrib/verify_bundle.py verifies."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, of what, for whom."""
        parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="A new file.")
        parser.add_argument("--case", default="", metavar="NUMBER", help="Rows of one case, and no text of others.")
        parser.add_argument("--by", default="", metavar="USER", help="The auditor who exports; else it is the owner.")

    def handle(self, *args: Any, to: Path, case: str, by: str, **options: Any) -> None:
        """Ask, note it, write, and say how it is verified. Raises CommandError."""
        if to.exists():
            raise CommandError(f"{to} is there already. Name a new file.")
        if not to.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {to.absolute().parent}. Make it, or name another.")
        if case and not case_exists(case):
            raise CommandError(f"There is no case {case}.")
        _on_the_record(by=by, case=case)
        until_sealed(seconds=LONGEST_WAIT)  # the export's own entry first of all
        try:
            counts = write_bundle(to, case=case, progress=self._progress)
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error}.") from error
        self._say(to, counts)

    def _say(self, to: Path, counts: Any) -> None:
        self.stdout.write(
            f"{to}: {counts['link']:,} entries, {counts['row']:,} rows, {counts['anchor']:,} time stamps\n"
            f"SHA-256 of the file: {_sha256(to)}\n"
            f"SHA-256 of contrib/verify_bundle.py as released with this version: {_sha256(VERIFIER)}\n"
            f"Verify it anywhere with Python 3.8 or newer: python3 verify_bundle.py {to.name}\n"
        )
        found = anchoring()
        if found.newest is None or found.is_local:
            self.stdout.write("The chain is not anchored outside: nobody but this database holds its head.")
        self.stdout.write("The file names people and what they did. Hand it over as you would the case file.")

    def _progress(self, what: str, done: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} {what} ", ending="")


def _on_the_record(*, by: str, case: str) -> None:
    """Ask the door for the auditor, or see that it is the owner; note the export. Raises CommandError."""
    if not by:
        if not may_export_everything():
            raise CommandError("Name the auditor who exports with --by, or set DATABASE_OWNER_URL.")
        record(actor=None, actor_label=labels.OWNER, action="audit.exported", case_number=case,
               what=BUNDLE)  # fmt: skip
        return
    user = get_user_model().objects.filter(username__iexact=by).first()
    if user is None:
        raise CommandError(f"There is no account named {by}.")
    try:
        policy.authorize(user, "audit.export", what=BUNDLE)
    except PolicyDenied as error:
        raise CommandError(str(error)) from error
    record(actor=user, action="audit.exported", case_number=case, what=BUNDLE)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
