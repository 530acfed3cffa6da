"""`manage.py mend_value`: one value that a CHECK would not take any more, mended on the record by the owner."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from ecpd.checks.letters import says_something
from ecpd.checks.mending import mend_value


class Command(BaseCommand):
    """`manage.py doctor` names the rows; only those can be mended here."""

    help = "Mend one value of a row that breaks a CHECK which came after it; the audit log keeps the old one."

    def add_arguments(self, parser) -> None:
        """Which value, what it becomes, why."""
        for name in ("table", "key", "column", "value"):
            parser.add_argument(name)
        parser.add_argument("--reason", required=True, help="Why, and where the new value comes from.")

    def handle(self, *args, table: str, key: str, column: str, value: str, reason: str, **options) -> None:
        """Mend and say so."""
        if not says_something(reason):
            raise CommandError("Say why, in words.")
        try:
            mend_value(table=table, key=key, column=column, value=value, reason=reason)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{table} {key}: {column} is mended, and the log says so.")
