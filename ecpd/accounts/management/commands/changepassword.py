"""`manage.py changepassword USER`: Django's, put on the record."""

from django.contrib.auth.management.commands.changepassword import Command as DjangoCommand

from ecpd.accounts.models import User
from ecpd.audit import labels
from ecpd.audit.services import record


class Command(DjangoCommand):
    """For the only administrator, who has nobody to open the way. Every session of the account ends."""

    def handle(self, *args, **options) -> str | None:
        """Set the password that is typed, or say in one sentence why not."""
        said = super().handle(*args, **options)
        user = User.objects.filter(username=options["username"]).first()
        record(actor=None, action="account.password_set_anew", actor_label=labels.SHELL, subject=user)
        return said
