"""`manage.py mend_guards`: the owner puts guards and functions back as the code declares them."""

import getpass

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from ecpd.audit import catalog, labels
from ecpd.audit.services import record


class Command(BaseCommand):
    """Find out first who took them away: `manage.py doctor` names them. What is one too many is named and left."""

    help = "Put missing, switched-off or changed guards back, and record what was found."

    def handle(self, *args, **options) -> None:
        """Name, mend, record."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("Run `manage.py migrate` first: the code is newer than the database.")
        found = catalog.differences()
        if not found:
            self.stdout.write("Every guard stands as the code declares it.")
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                catalog.restore(cursor)
            record(
                actor=None, action="guards.mended", actor_label=labels.owner_at_shell(getpass.getuser()), found=found
            )
        for sentence in found:
            self.stdout.write(sentence)
        left = catalog.differences()
        self.stdout.write(f"{len(found) - len(left)} of {len(found)} mended." if left else "All of that is mended.")
