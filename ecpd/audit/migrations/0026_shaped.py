"""What a JSON value is made of, as CHECKs ask it."""

from django.db import migrations

from ecpd.checks.shape import SHAPED


class Migration(migrations.Migration):
    dependencies = [("audit", "0025_json_happened")]

    operations = [migrations.RunSQL(SHAPED.sql, f"DROP FUNCTION {SHAPED.signature}")]
