"""`manage.py demo_code USER`: what the app on an invented person's invented phone shows now."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ecpd.accounts import codes
from ecpd.accounts.models import FactorState

PERIOD = 30  # seconds, RFC 6238


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
        app = Authenticator.objects.filter(user__username=username, type=Authenticator.Type.TOTP).first()
        if app is None:
            raise CommandError(f"{username} has no authenticator app. The names stand in the list of `make run`.")
        used = FactorState.objects.filter(user_id=app.user_id).values_list("last_step", flat=True).first() or 0
        now = int(time.time()) // PERIOD
        if used > now:
            seconds = (used + 1) * PERIOD - PERIOD - int(time.time())
            raise CommandError(f"Two codes were used within the minute. Ask again in {seconds} seconds.")
        self.stdout.write(codes.code_at(decrypt(app.data["secret"]), max(now, used + 1)))
