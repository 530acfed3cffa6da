"""The parking app: zones, reads, sightings, alerts, citations, permits, hotlists."""

from django.apps import AppConfig


class ParkingConfig(AppConfig):
    """Registers the rules of parking."""

    name = "parking"

    def ready(self) -> None:
        """Rules and history."""
        from auditlog.registry import auditlog

        from ecpd.doctor import CHECKS
        from ecpd.web import dashboard
        from parking import (  # noqa: F401 importing registers tasks and rules
            abandoned_tasks,
            abandoned_waiting,
            after_upgrade,
            alert_waiting,
            backlog,
            citation_tasks,
            citation_waiting,
            hotlist_tasks,
            models,
            permit_wiring,
            rules,
        )
        from parking.services.hotlist_watch import watch_hotlists
        from parking.services.looking.looking import watch

        for model in (models.Violation, models.Citation, models.CitationHold, models.CitationCopy, models.Contest,
                      models.PlanRequest, models.PaymentPlan):  # fmt: skip
            auditlog.register(model)
        for other in (models.Zone, models.Hotlist, models.HotlistEntry, models.AbandonedVehicle):
            auditlog.register(other)
        for provider in (alert_waiting.live_alerts, *citation_waiting.PROVIDERS, *abandoned_waiting.PROVIDERS):
            dashboard.register(provider)
        backlog.register()
        if after_upgrade.state_of_the_register not in CHECKS:
            CHECKS.append(after_upgrade.state_of_the_register)
        permit_wiring.connect()
        watch(watch_hotlists)
