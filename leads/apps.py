"""The leads app: gallery, recognition, search, review, leads, warrant applications."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Registers the rules of leads."""

    name = "leads"
