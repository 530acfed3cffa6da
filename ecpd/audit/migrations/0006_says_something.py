"""The SQL function by which CHECKs and guards ask whether a text says something."""

from django.db import migrations

from ecpd.checks.sql import SAYS_SOMETHING


class Migration(migrations.Migration):
    """Every app's checks of text come after it."""

    dependencies = [("audit", "0005_seal_rows")]

    operations = [migrations.RunSQL(SAYS_SOMETHING.sql, f"DROP FUNCTION {SAYS_SOMETHING.signature}")]
