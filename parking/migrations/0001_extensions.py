"""The extension that lets a database refuse two overlapping permits of a class for one plate."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Where it exists already (a server set up by its administrator), nothing happens."""

    initial = True
    dependencies = []
    operations = [BtreeGistExtension()]
