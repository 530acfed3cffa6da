"""The cases app: cases, people, evidence and custody, timeline."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    """Registers the rules of cases and loads the offense list."""

    name = "cases"

    def ready(self) -> None:
        """Rules, history and the offense list."""
        from auditlog.registry import auditlog

        from cases import dashboard, models, numbers, rules  # noqa: F401 importing registers the rules
        from cases.offenses import seed
        from cases.selectors import decisions_of_visible_cases
        from ecpd.audit import matters
        from ecpd.policy import visibility
        from ecpd.web.dashboard import Section, register

        for model in (models.Case, models.CaseAssignment, models.Evidence, models.Person, models.PersonMerge):
            auditlog.register(model)
        numbers.register(numbers.exhibit)
        visibility.register(decisions_of_visible_cases)
        matters.register(models.Case, files=(models.StoredFile,), by_key=(models.CaseAccess,))
        register(dashboard.open_cases, section=Section.CASES)
        register(dashboard.merges, section=Section.YOUR_TURN)
        post_migrate.connect(lambda **kwargs: seed(), sender=self, dispatch_uid="cases.offenses", weak=False)
