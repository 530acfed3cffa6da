"""The extensions of PostgreSQL that cases and leads stand on."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Where they exist already (a server set up by its administrator), nothing happens."""

    initial = True
    dependencies = []
    operations = [CreateExtension("pg_trgm"), CreateExtension("vector")]
