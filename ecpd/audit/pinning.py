"""A migration's operation that gives models their pinned triggers, many at a time.

The library's operations render every model of the project anew for each trigger; two hundred took a minute. A
trigger's SQL needs no model, so this one only changes the state's options and runs the SQL.
"""

from collections.abc import Sequence

from django.db import router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger import compiler


class SetTriggers(Operation):
    """From here on these models have these triggers and no others. `triggers`: model's name to its whole list."""

    def __init__(self, triggers: dict[str, Sequence[compiler.Trigger]]) -> None:
        self.triggers = triggers

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Replace the lists; rendered models do not know their triggers, so none is rendered again."""
        for name, triggers in self.triggers.items():
            state.models[app_label, name].options["triggers"] = list(triggers)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop what goes, put in what stays or comes."""
        if not router.allow_migrate(schema_editor.connection.alias, app_label):
            return
        for name in self.triggers:
            before, after = _triggers(from_state, app_label, name), _triggers(to_state, app_label, name)
            kept = {trigger.sql.pgid for trigger in after}
            for trigger in before:
                if trigger.sql.pgid not in kept:
                    schema_editor.execute(trigger.uninstall_sql, params=None)
            for trigger in after:
                if trigger not in before:
                    schema_editor.execute(trigger.install_sql, params=None)

    database_backwards = database_forwards  # the states change places

    def reduce(self, operation: Operation, app_label: str) -> list[Operation] | bool:
        """Two in a row are one."""
        if isinstance(operation, SetTriggers):
            return [SetTriggers({**self.triggers, **operation.triggers})]
        return super().reduce(operation, app_label)

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Set the triggers of {', '.join(self.triggers)}"


def _triggers(state: ProjectState, app_label: str, name: str) -> list[compiler.Trigger]:
    return state.models[app_label, name].options.get("triggers", [])
