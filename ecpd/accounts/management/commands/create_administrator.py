"""`manage.py create_administrator`: the first account of an agency."""

from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.accounts.services import create_account


class Command(BaseCommand):
    """Asks for a password twice; there is no default one."""

    help = "Create an administrator account (accounts only, no case data). Asks for the password."

    def add_arguments(self, parser) -> None:
        """The account's names."""
        parser.add_argument("username")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")

    def handle(self, *args, username: str, first_name: str, last_name: str, **options) -> None:
        """Create the account, or say in one sentence why not."""
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"There is an account named {username} already.")
        password = getpass("Password (12 characters or more): ")
        if password != getpass("The same again: "):
            raise CommandError("The two passwords differ. Nothing was created.")
        try:
            create_account(
                username=username,
                password=password,
                roles=[Role.ADMINISTRATOR],
                first_name=first_name,
                last_name=last_name,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except IntegrityError as error:
            raise CommandError(
                "There is an administrator. A further one takes the owner: set DATABASE_OWNER_URL."
            ) from error
        self.stdout.write(f"{username} can sign in and create the other accounts.")
