"""What `makemigrations` writes: a CHECK arrives NOT VALID, so that rows which are there already outlive it.

A model's triggers come as one list, which needs no model to be rendered (ecpd.audit.pinning).
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AddConstraint
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint
from pgtrigger.migrations import MigrationAutodetectorMixin

from ecpd.audit.pinning import SetTriggers


class LiveDataAutodetector(MigrationAutodetectorMixin, MigrationAutodetector):
    """New rows are held to a new CHECK at once; old ones when `manage.py validate_checks` finds none that breaks it."""

    def add_operation(
        self, app_label: str, operation: Operation, dependencies: list | None = None, beginning: bool = False
    ) -> None:
        """As Django's, with the one kind of operation replaced."""
        if type(operation) is AddConstraint and isinstance(operation.constraint, CheckConstraint):
            operation = AddConstraintNotValid(operation.model_name, operation.constraint)
        super().add_operation(app_label, operation, dependencies, beginning)

    def generate_removed_constraints(self) -> None:
        """A trigger that goes is missing in its model's list."""
        super(MigrationAutodetectorMixin, self).generate_removed_constraints()

    def generate_added_constraints(self) -> None:
        """The whole list of every model whose triggers changed."""
        for (app_label, name), altered in self.altered_triggers.items():
            if altered["added_triggers"] or altered["removed_triggers"]:
                model = self.to_state.apps.get_model(app_label, name)
                declared = self.to_state.models[app_label, name].options.get("triggers", [])
                whole = [trigger.compile(model) for trigger in declared]
                self.add_operation(app_label, SetTriggers({name: whole}))
        super(MigrationAutodetectorMixin, self).generate_added_constraints()
