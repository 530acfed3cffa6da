"""The parking app: zones, reads, sightings, alerts, citations, permits, hotlists."""

from django.apps import AppConfig


class ParkingConfig(AppConfig):
    """Registers the rules of parking."""

    name = "parking"

    def ready(self) -> None:
        """Rules and history."""
        from parking import rules  # noqa: F401 importing registers the rules
