"""`manage.py load_agencies FILE --reason "..."`: public agencies of California that may receive plate data, by the owner."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from ecpd.checks.letters import says_something
from parking.services.agency_list import load_agencies


class Command(BaseCommand):
    """Runs as the database's owner: the application only reads the list (PK-08)."""

    help = "Add agencies from a CSV with the columns key, name, kind (city, county, state, district), law; what stands stays."

    def add_arguments(self, parser) -> None:
        """Which file, and why."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--reason", required=True, help="Who looked up that each is a public agency; it is recorded."
        )

    def handle(self, *args, file: Path, reason: str, **options) -> None:
        """Add them, or say in one sentence why not."""
        if not says_something(reason):
            raise CommandError("Say who looked it up, in words.")
        try:
            with file.open(newline="", encoding="utf-8-sig") as lines:
                added = load_agencies(lines=lines, reason=reason)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ProgrammingError as error:
            raise CommandError("This needs the database's owner: set DATABASE_OWNER_URL.") from error
        self.stdout.write(
            f"{added} agencies were added, and the log says so." if added else "Every one stands already."
        )
