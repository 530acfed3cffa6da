"""The policy app: rule registry, engine, the versioned manual, decisions."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PolicyConfig(AppConfig):
    """Puts the manual's first version in force after migration."""

    name = "ecpd.policy"
    label = "policy"

    def ready(self) -> None:
        """Register this app's rules and seed the manual."""
        from ecpd.policy import dashboard, rules  # noqa: F401 importing registers the rules
        from ecpd.policy.versions import seed
        from ecpd.web.dashboard import register

        register(dashboard.amendments)

        post_migrate.connect(lambda **kwargs: seed(), sender=self, dispatch_uid="ecpd.policy.seed", weak=False)
