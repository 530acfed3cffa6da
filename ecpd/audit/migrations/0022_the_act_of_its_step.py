"""An entry names a decision on an act that its step asks, and no other of its transaction."""

from django.db import migrations

from ecpd.audit import seal_functions_v5, seal_functions_v6


class Migration(migrations.Migration):
    dependencies = [("audit", "0021_numbers_are_counted")]

    operations = [
        migrations.RunSQL(seal_functions_v6.ADD_EVENT.sql, f"DROP FUNCTION {seal_functions_v6.ADD_EVENT.signature}"),
        migrations.RunSQL(seal_functions_v6.SEAL_ROW.sql, seal_functions_v5.SEAL_ROW.sql),
        migrations.RunSQL(seal_functions_v6.SEAL_FOUND.sql, seal_functions_v5.SEAL_FOUND.sql),
        migrations.RunSQL(f"DROP FUNCTION {seal_functions_v5.ADD_EVENT.signature}", seal_functions_v5.ADD_EVENT.sql),
    ]
