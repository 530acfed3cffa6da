"""The cases app: cases, people, evidence and custody, timeline."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the rules of cases."""

    name = "cases"
