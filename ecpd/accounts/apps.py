"""The accounts app: people, roles, training certificates, sign-in."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Keeps the role groups in step with the role table."""

    name = "ecpd.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Re-create the groups after every migration, from the one table in roles.py."""
        from auditlog.registry import auditlog

        from ecpd.accounts import factor_record, passkeys, rules  # noqa: F401 importing registers the rules
        from ecpd.accounts.models import TrainingCertificate, User
        from ecpd.accounts.roles import seed

        post_migrate.connect(lambda **kwargs: seed(), dispatch_uid="ecpd.accounts.roles", weak=False)
        auditlog.register(User, exclude_fields=["password", "last_login"])
        auditlog.register(TrainingCertificate)
        factor_record.connect()
        passkeys.connect()
