"""The parking app: zones, reads, sightings, alerts, citations, permits, hotlists."""

from django.apps import AppConfig


class ParkingConfig(AppConfig):
    """Registers the rules of parking."""

    name = "parking"

    def ready(self) -> None:
        """Rules and history."""
        from auditlog.registry import auditlog

        from ecpd.web import dashboard
        from parking import (  # noqa: F401 importing registers tasks and rules
            alert_waiting,
            citation_tasks,
            citation_waiting,
            models,
            permit_wiring,
            rules,
        )

        for model in (models.Violation, models.Citation, models.CitationHold, models.CitationCopy, models.Contest,
                      models.PlanRequest, models.PaymentPlan):  # fmt: skip
            auditlog.register(model)
        auditlog.register(models.Zone)
        for provider in (alert_waiting.live_alerts, *citation_waiting.PROVIDERS):
            dashboard.register(provider)
        permit_wiring.connect()
