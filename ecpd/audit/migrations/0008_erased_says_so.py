"""The entry of an erased row says under which opt-out."""

from django.db import migrations

from ecpd.audit import seal_functions_v1, seal_functions_v2


class Migration(migrations.Migration):
    """Entries that are there stay as they are."""

    dependencies = [("audit", "0007_values_are_sound")]

    operations = [migrations.RunSQL(seal_functions_v2.ADD_EVENT.sql, seal_functions_v1.ADD_EVENT.sql)]
