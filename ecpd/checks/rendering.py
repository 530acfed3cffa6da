"""How `manage.py migrate` describes models between two operations: anew only the one that an operation changed.

Django describes every related model again as well, and nearly all of ours are related to the account: that took nine
tenths of a migration from nothing (65 s of computing, 7 s without). What an operation on the database reads is the model
that it changes. Whatever asks more, as `RunPython` does, is handed all of them, described completely: Django's own way
with a state that it calls delayed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ProjectState


@contextmanager
def only_what_changes() -> Iterator[None]:
    """Within, an operation's `state_forwards` renders its own model alone, and the state is a delayed one."""
    original = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = _itself  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = original  # type: ignore[attr-defined]


def _itself(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    state.is_delayed = True  # type: ignore[attr-defined]
    return {(app_label, model_name)}
