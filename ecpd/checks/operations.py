"""The migration operation by which CHECKs arrive: all of an app's at once, and NOT VALID.

One by one they would make Django describe every related model anew for each, which took most of a migration's time.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from django.db.models import BaseConstraint


class ChangeChecks(Operation):
    """Constraints of an app's models that go, by name, and CHECKs that come; rows that are there are not asked yet."""

    category = OperationCategory.ALTERATION
    serialization_expand_args = ["remove", "add"]

    def __init__(
        self, *, remove: Sequence[tuple[str, str]] = (), add: Sequence[tuple[str, BaseConstraint]] = ()
    ) -> None:
        self.remove, self.add = list(remove), list(add)

    def deconstruct(self) -> tuple[str, list, dict[str, Any]]:
        """As Django's operations."""
        return type(self).__name__, [], {"remove": self.remove, "add": self.add}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """What the models' options say afterwards."""
        for model, name in self.remove:
            options = state.models[app_label, model.lower()].options
            options["constraints"] = [one for one in options["constraints"] if one.name != name]
        for model, check in self.add:
            options = state.models[app_label, model.lower()].options
            options["constraints"] = [*options.get("constraints", []), check]
        touched = {(app_label, model.lower()) for model, _ in [*self.remove, *self.add]}
        state.reload_models(sorted(touched), delay=True)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop, then add."""
        for model, name in self.remove:
            self._drop(app_label, schema_editor, from_state, model, name)
        for model, check in self.add:
            self._add(app_label, schema_editor, to_state, model, check.name)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """The way back; what comes again is NOT VALID too."""
        for model, check in reversed(self.add):
            self._drop(app_label, schema_editor, from_state, model, check.name)
        for model, name in reversed(self.remove):
            self._add(app_label, schema_editor, to_state, model, name)

    def describe(self) -> str:
        """One line of `migrate`."""
        return f"Change checks: {len(self.remove)} go, {len(self.add)} come"

    def _drop(self, app_label, schema_editor, state: ProjectState, model: str, name: str) -> None:
        found = state.models[app_label, model.lower()].get_constraint_by_name(name)
        schema_editor.remove_constraint(state.apps.get_model(app_label, model), found)

    def _add(self, app_label, schema_editor, state: ProjectState, model: str, name: str) -> None:
        found = state.models[app_label, model.lower()].get_constraint_by_name(name)
        sql = found.create_sql(state.apps.get_model(app_label, model), schema_editor)
        schema_editor.execute(f"{sql} NOT VALID", params=None)
