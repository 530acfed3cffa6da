"""The SQL function by which guards ask whether the dates in a JSON value have been."""

from django.db import migrations

from ecpd.checks.sql import JSON_HAPPENED


class Migration(migrations.Migration):
    """Every app's guards of JSON come after it."""

    dependencies = [("audit", "0024_one_row")]

    operations = [migrations.RunSQL(JSON_HAPPENED.sql, f"DROP FUNCTION {JSON_HAPPENED.signature}")]
