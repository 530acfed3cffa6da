"""The audit app: append-only, hash-chained log of conduct and the auditor's admin site."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from ecpd.checks import derive, registry

registry.use()
derive.listen()  # Django imports every app's module before the first model


class AuditConfig(AppConfig):
    """Grants the application's role and the sealer's their privileges after every migration."""

    name = "ecpd.audit"
    label = "audit"

    def ready(self) -> None:
        """Listen for migrations and sign-ins."""
        from ecpd import backlog
        from ecpd.audit import signals
        from ecpd.audit.grants import grant_roles
        from ecpd.audit.sealer import oldest_unsealed
        from ecpd.checks.standing import validate_small

        # Every app's signal comes after the last migration: one of them is enough.
        post_migrate.connect(grant_roles, sender=self, dispatch_uid="ecpd.audit.grants")
        post_migrate.connect(validate_small, sender=self, dispatch_uid="ecpd.checks.standing")
        signals.connect()
        backlog.register("audit entries", oldest_unsealed)
