"""What `makemigrations` writes: CHECKs arrive NOT VALID, so that rows which are there already outlive them.

A model's triggers come as one list, which needs no model to be rendered (ecpd.audit.pinning).
"""

from itertools import groupby
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db.migrations import Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AddConstraint, RemoveConstraint
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint
from pgtrigger.migrations import MigrationAutodetectorMixin

from ecpd.audit.pinning import SetTriggers
from ecpd.checks.operations import ChangeChecks


class LiveDataAutodetector(MigrationAutodetectorMixin, MigrationAutodetector):
    """New rows are held to a new CHECK at once; old ones when `manage.py validate_checks` finds none that breaks it."""

    def add_operation(
        self, app_label: str, operation: Operation, dependencies: Any = None, beginning: bool = False
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

    def _detect_changes(self, *args, **kwargs) -> dict[str, list[Migration]]:
        changes = super()._detect_changes(*args, **kwargs)
        for migrations in changes.values():
            for migration in migrations:
                migration.operations = together(migration.operations)
        return changes


def together(operations: list[Operation]) -> list[Operation]:
    """The same operations, with each run of constraints that go and CHECKs that come as one."""
    made: list[Operation] = []
    for are_checks, run in groupby(operations, key=_is_about_checks):
        these = list(run)
        made += [_as_one(these)] if are_checks else these
    return made


def _is_about_checks(operation: Operation) -> bool:
    return isinstance(operation, RemoveConstraint | AddConstraintNotValid)


def _as_one(run: list) -> ChangeChecks:
    return ChangeChecks(
        remove=[(one.model_name, one.name) for one in run if isinstance(one, RemoveConstraint)],
        add=[(one.model_name, one.constraint) for one in run if isinstance(one, AddConstraintNotValid)],
    )
