"""`manage.py rescue_account USER --why "..."`: for who has lost every second factor."""

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from ecpd.accounts.models import User
from ecpd.accounts.rescue import rescue


class Command(BaseCommand):
    """Runs as the database's owner; there is no such way in the application itself (AC-01)."""

    help = "Take an account's second factors away and print the code that lets its person set up a new one."

    def add_arguments(self, parser) -> None:
        """Who, and why."""
        parser.add_argument("username")
        parser.add_argument("--why", required=True, help="What happened and how you know who asks; it is recorded.")

    def handle(self, *args, username: str, why: str, **options) -> None:
        """Rescue, or say in one sentence why not."""
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"There is no account named {username}.")
        if sum(word.isalpha() for word in why.split()) < 3:
            raise CommandError("Say in a few words what happened and how you know who asks.")
        try:
            code = rescue(user=user, why=why)
        except ProgrammingError as error:
            raise CommandError("This needs the database's owner: set DATABASE_OWNER_URL.") from error
        self.stdout.write(
            f"{user.display_name} is signed out everywhere and has no second factor now. This is on the record.\n"
            f"After the password the sign-in asks for this code, once, within 24 hours:\n\n  {code}\n\n"
            "Give it to the person face to face, or call back on a number you know."
        )
