"""The SQL function by which CHECKs ask whether a JSON value says something."""

from django.db import migrations

from ecpd.checks.sql import JSON_SAYS_SOMETHING


class Migration(migrations.Migration):
    """Every app's checks of JSON come after it."""

    dependencies = [("audit", "0012_names_of_their_own")]

    operations = [migrations.RunSQL(JSON_SAYS_SOMETHING.sql, f"DROP FUNCTION {JSON_SAYS_SOMETHING.signature}")]
