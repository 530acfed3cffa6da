"""`manage.py migrate`: Django's own, with the autodetector that spares rows which are there already."""

from django.core.management.commands import migrate

from ecpd.checks.autodetector import LiveDataAutodetector


class Command(migrate.Command):
    """Both commands must have the same autodetector."""

    autodetector = LiveDataAutodetector
