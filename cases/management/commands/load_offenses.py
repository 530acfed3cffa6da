"""`manage.py load_offenses FILE --reason "..."`: another city's offense classes, by the owner."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from cases.services.offenses import load_offenses
from ecpd.checks.letters import says_something


class Command(BaseCommand):
    """Runs as the database's owner: the application only reads the list (FR-02)."""

    help = "Add offense classes from a CSV with the columns code, name, group, crime_against; what stands stays."

    def add_arguments(self, parser) -> None:
        """Which file, and why."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--reason", required=True, help="Whose list it is and why it comes in; it is recorded.")

    def handle(self, *args, file: Path, reason: str, **options) -> None:
        """Add them, or say in one sentence why not."""
        if not says_something(reason):
            raise CommandError("Say whose list it is, in words.")
        try:
            with file.open(newline="", encoding="utf-8-sig") as lines:
                added = load_offenses(lines=lines, reason=reason)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ProgrammingError as error:
            raise CommandError("This needs the database's owner: set DATABASE_OWNER_URL.") from error
        self.stdout.write(f"{added} offenses were added, and the log says so.")
