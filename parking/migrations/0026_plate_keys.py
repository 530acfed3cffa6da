"""The keys of a plate, as the guard of permits asks them."""

from django.db import migrations

from parking.plate_keys_v1 import PLATE_KEYS


class Migration(migrations.Migration):
    """Before the guard that calls it."""

    dependencies = [("parking", "0025_money_with_its_source")]

    operations = [migrations.RunSQL(PLATE_KEYS.sql, f"DROP FUNCTION {PLATE_KEYS.signature}")]
