"""The agency's hours without weekends and holidays, as guards of PK-10 ask them."""

from django.db import migrations

from parking.abandoned.open_hours_v1 import OPEN_HOURS_AFTER


class Migration(migrations.Migration):
    """Before the guards that call it."""

    dependencies = [("parking", "0016_sealed_access")]

    operations = [migrations.RunSQL(OPEN_HOURS_AFTER.sql, f"DROP FUNCTION {OPEN_HOURS_AFTER.signature}")]
