"""`manage.py withdraw_agency KEY --reason "..."`: an agency that may receive no plate data any more, by the owner."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from ecpd.checks.letters import says_something
from parking.services.agency_list import withdraw_agency


class Command(BaseCommand):
    """Runs as the database's owner: the application only reads the list (PK-08)."""

    help = "Take an agency off the list of those that may receive plate data."

    def add_arguments(self, parser) -> None:
        """Which one, and why."""
        parser.add_argument("key")
        parser.add_argument("--reason", required=True, help="Why; it is recorded.")

    def handle(self, *args, key: str, reason: str, **options) -> None:
        """Withdraw it, or say in one sentence why not."""
        if not says_something(reason):
            raise CommandError("Say why, in words.")
        try:
            agency = withdraw_agency(key=key, reason=reason)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ProgrammingError as error:
            raise CommandError("This needs the database's owner: set DATABASE_OWNER_URL.") from error
        self.stdout.write(f"{agency} receives no plate data any more, and the log says so.")
