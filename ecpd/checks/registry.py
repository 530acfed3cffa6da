"""pgtrigger's registry with an index: whether a name is taken is looked up, not read from all other triggers.

As shipped it walks every trigger for each one that is registered. With more than a thousand of them that was over half of
what each process computed before its first line of work (1.8 of 3.4 s). What it refuses, and its words, stay its own.
"""

from typing import Any

from pgtrigger import registry


class IndexedRegistry(registry._Registry):
    """The same mapping of URI to (model, trigger); its two lists of names are kept, not made anew at each question."""

    def __init__(self) -> None:
        super().__init__()
        self._functions: set[str] = set()
        self._tables: dict[tuple[str, str], Any] = {}

    @property
    def pg_function_names(self) -> set[str]:
        """The functions of all registered triggers, by their names in PostgreSQL."""
        return self._functions

    @property
    def by_db_table(self) -> dict[tuple[str, str], Any]:
        """The triggers by table and name."""
        return self._tables

    def __setitem__(self, key: str, value: tuple[Any, Any]) -> None:
        super().__setitem__(key, value)
        model, trigger = value
        self._functions.add(trigger.get_pgid(model))
        self._tables[model._meta.db_table, trigger.name] = trigger

    def __delitem__(self, key: str) -> None:
        model, trigger = self[key]
        super().__delitem__(key)
        self._functions.discard(trigger.get_pgid(model))
        self._tables.pop((model._meta.db_table, trigger.name), None)


def use() -> None:
    """Let pgtrigger register in an index; before it registers anything."""
    if registry._registry:
        raise RuntimeError("A trigger is registered already: the index would not know it.")
    registry._registry = IndexedRegistry()
