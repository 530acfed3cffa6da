"""`manage.py release_account USER`: take passwords of an account again, when no administrator can."""

from django.core.management.base import BaseCommand, CommandError

from ecpd.accounts.models import User
from ecpd.accounts.services import release_account


class Command(BaseCommand):
    """On the record, as the shell's act."""

    help = "Release an account whose passwords are not taken any more after too many wrong ones (AC-02)."

    def add_arguments(self, parser) -> None:
        """Whose."""
        parser.add_argument("username")

    def handle(self, *args, username: str, **options) -> None:
        """Release it, or say in one sentence why not."""
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"There is no account named {username}.")
        release_account(user=user, actor=None)
        self.stdout.write(f"{user.username} can sign in with the password again. The release is on the record.")
