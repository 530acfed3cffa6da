"""`manage.py write_shape`: the release's tables, columns and constraints, for the doctor to compare with."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ecpd.audit import shape


class Command(BaseCommand):
    """On an empty database, newly migrated; a test says whether the file is what migrations make (CONTRIBUTING.md)."""

    help = "Write ecpd/audit/shape.json from a newly migrated database (developers, after a migration)."

    def handle(self, *args, **options) -> None:
        """Write it. Raises CommandError when a migration is missing."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("Run `manage.py migrate` first.")
        shape.RELEASED.write_text(shape.written(shape.read()))
        self.stdout.write(f"Wrote {shape.RELEASED.name}.")
