"""The parking app: zones, reads, sightings, alerts, citations, permits, hotlists."""

from django.apps import AppConfig


class ParkingConfig(AppConfig):
    """Registers the rules of parking."""

    name = "parking"

    def ready(self) -> None:
        """Rules and history."""
        from auditlog.registry import auditlog

        from parking import citation_tasks, models, rules  # noqa: F401 importing registers tasks and rules

        for model in (models.Violation, models.Citation, models.CitationHold, models.CitationCopy, models.Contest,
                      models.PlanRequest, models.PaymentPlan):  # fmt: skip
            auditlog.register(model)
