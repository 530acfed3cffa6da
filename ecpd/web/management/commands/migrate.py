"""`manage.py migrate`: Django's own, with the autodetector that spares rows which are there already, and faster."""

from django.core.management.commands import migrate

from ecpd.checks.autodetector import LiveDataAutodetector
from ecpd.checks.rendering import only_what_changes


class Command(migrate.Command):
    """This and `makemigrations` must have the same autodetector."""

    autodetector = LiveDataAutodetector

    def handle(self, *args, **options) -> None:
        """As Django's."""
        with only_what_changes():
            super().handle(*args, **options)
