"""`manage.py validate_checks`: ask every row that was there before a CHECK, and say which break it."""

import sys

from django.core.management.base import BaseCommand

from ecpd.checks import standing


class Command(BaseCommand):
    """Run by the owner. Exit code 1 while rows break a CHECK; they stay as they are, and so does the CHECK for new rows."""

    help = "Validate the CHECKs that arrived for new rows only, where no old row breaks them; name the rows that do."

    def handle(self, *args, **options) -> None:
        """Validate, then name."""
        before = standing.waiting()
        left = standing.validate(before)
        self.stdout.write(f"{len(before) - len(left)} of {len(before)} validated.")
        for breach in standing.breaches(left):
            self.stdout.write(str(breach))
        if left:
            sys.exit(1)
