"""`manage.py load_demo`: the demo agency, made through the same doors as everything else."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.module_loading import import_string

from leads.demo import cases, gallery, people


class Command(BaseCommand):
    """Idempotent; refuses to run beside real data."""

    help = "Load the demo agency (idempotent) and print its sign-ins."

    def add_arguments(self, parser) -> None:
        """Wipe first?"""
        parser.add_argument("--wipe", action="store_true", help="Empty the database first (needs the owner's role).")

    def handle(self, *args, wipe: bool, **options) -> None:
        """Load, then print the sign-ins."""
        if not settings.DEMO:
            raise CommandError("The demo is for a demo installation only: set ECPD_DEMO=1.")
        if wipe:
            self._wipe()
        accounts = people.load()
        gallery.load(accounts["marsh"])
        cases.load(accounts)
        for loader in settings.DEMO_LOADERS:  # other apps', which leads does not know
            import_string(loader)(accounts)
        self.stdout.write(people.sign_ins())

    def _wipe(self) -> None:
        """Empty every table as the owner; migrations' own rows come back at once."""
        from django.apps import apps
        from django.contrib.contenttypes.models import ContentType
        from django.core.management import call_command

        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                raise CommandError("Wiping needs the database owner: run it with ECPD_AS_OWNER=1.")
            tables = ", ".join(
                connection.ops.quote_name(model._meta.db_table)
                for model in apps.get_models(include_auto_created=True)
                if model._meta.managed
            )
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
            cursor.execute("SET session_replication_role = origin")
        ContentType.objects.clear_cache()  # what this process remembers are keys of rows that are gone
        call_command("migrate", verbosity=0)
        ContentType.objects.clear_cache()
