"""`manage.py doctor`: is this installation well, and if not, what to do."""

import sys

from django.core.management.base import BaseCommand

from ecpd.doctor import CHECKS, State, examine

COLORS = {State.OK: "SUCCESS", State.WARN: "WARNING", State.FAIL: "ERROR"}


class Command(BaseCommand):
    """One line per check; exit code 1 when something does not work."""

    help = "Check processor, disk, key, face models, database, clock, broker, worker; say each fix in words."
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        """Print each finding as it is made."""
        failed = 0
        for finding in examine(CHECKS):
            failed += finding.state is State.FAIL
            state = getattr(self.style, COLORS[finding.state])(f"{finding.state:<4}")
            self.stdout.write(f"{state}  {finding.topic:<12}  {finding.sentence}")
            if finding.fix:
                self.stdout.write(f"{'':<20}→ {finding.fix}")
        self.stdout.flush()
        if failed:
            self.stderr.write(f"{failed} thing{'s' if failed != 1 else ''} to mend.")
            sys.exit(1)
