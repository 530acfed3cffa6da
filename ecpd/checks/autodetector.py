"""What `makemigrations` writes: a CHECK arrives NOT VALID, so that rows which are there already outlive it."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AddConstraint
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint
from pgtrigger.migrations import MigrationAutodetectorMixin


class LiveDataAutodetector(MigrationAutodetectorMixin, MigrationAutodetector):
    """New rows are held to a new CHECK at once; old ones when `manage.py validate_checks` finds none that breaks it."""

    def add_operation(
        self, app_label: str, operation: Operation, dependencies: list | None = None, beginning: bool = False
    ) -> None:
        """As Django's, with the one kind of operation replaced."""
        if type(operation) is AddConstraint and isinstance(operation.constraint, CheckConstraint):
            operation = AddConstraintNotValid(operation.model_name, operation.constraint)
        super().add_operation(app_label, operation, dependencies, beginning)
