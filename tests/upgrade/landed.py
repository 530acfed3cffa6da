"""The landed version that is upgraded from: commit b96b7a9, the last before rules held against the application."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

ALIAS = "upgrade"  # by which tests read the upgraded database

# The newest migration of each of our apps at that commit.
LANDED = {
    "accounts": "0002_role_functions",
    "audit": "0001_initial",
    "cases": "0003_custody_unbroken",
    "leads": "0003_review_guards",
    "parking": "0003_pictures_and_looks",
    "policy": "0003_lists_change_by_amendment",
}


def migrate_to_landed() -> StateApps:
    """Build that version's tables in the database that is connected; returns its models."""
    executor = MigrationExecutor(connection)
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in LANDED]
    targets = [*LANDED.items()]
    state = executor.migrate([*targets, *_without_ours(executor, others)])
    return state.apps


def _without_ours(executor: MigrationExecutor, leaves: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the libraries' newest migrations, those that need nothing of ours that came later."""
    then = set()
    for target in LANDED.items():
        then.update(executor.loader.graph.forwards_plan(target))
    ours = set(LANDED)
    return [
        leaf
        for leaf in leaves
        if all(node in then for node in executor.loader.graph.forwards_plan(leaf) if node[0] in ours)
    ]
