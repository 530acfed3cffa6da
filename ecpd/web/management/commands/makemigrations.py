"""`manage.py makemigrations`: Django's own, with the autodetector that spares rows which are there already."""

from django.core.management.commands import makemigrations

from ecpd.checks.autodetector import LiveDataAutodetector


class Command(makemigrations.Command):
    """Both commands must have the same autodetector."""

    autodetector = LiveDataAutodetector
