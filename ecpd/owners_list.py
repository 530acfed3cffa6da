"""The command by which the database's owner adds to a list that the application only reads, from a CSV."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from ecpd.checks.letters import says_something


class OwnersListCommand(BaseCommand):
    """Adds what a file has and the list has not; what stands stays. Each subclass says of which list."""

    load: Callable[..., int]  # takes the file's lines and the reason, returns how many were added
    reason_help = ""
    reason_missing = ""

    def add_arguments(self, parser) -> None:
        """Which file, and why."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--reason", required=True, help=self.reason_help)

    def handle(self, *args: Any, file: Path, reason: str, **options: Any) -> None:
        """Add them, or say in one sentence why not."""
        if not says_something(reason):
            raise CommandError(self.reason_missing)
        try:
            with file.open(newline="", encoding="utf-8-sig") as lines:
                added = self.load(lines=lines, reason=reason)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ProgrammingError as error:
            raise CommandError("This needs the database's owner: set DATABASE_OWNER_URL.") from error
        self.stdout.write(self.done(added))

    def done(self, added: int) -> str:
        """What is said of how many were added."""
        raise NotImplementedError
