"""`manage.py demo_code USER`: what the app on an invented person's invented phone shows now."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ecpd.accounts import phone


class Command(BaseCommand):
    """Only in the demo: anywhere else a code is on the phone of its person and nowhere else."""

    help = "Print a code of a demo account's second factor that can be used now."

    def add_arguments(self, parser) -> None:
        """Whose."""
        parser.add_argument("username")

    def handle(self, *args, username: str, **options) -> None:
        """Print the code of these 30 seconds; of the next, once that is used."""
        if not settings.DEMO:
            raise CommandError("Codes are printed for the demo's invented people only (ECPD_DEMO=1).")
        try:
            self.stdout.write(phone.code_now(username))
        except phone.NoCode as reason:
            raise CommandError(str(reason)) from None
