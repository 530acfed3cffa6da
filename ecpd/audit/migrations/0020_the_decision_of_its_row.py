"""An entry names the decision that its own row is by, and not whichever came last."""

from django.db import migrations

from ecpd.audit import seal_functions_v1, seal_functions_v4, seal_functions_v5


class Migration(migrations.Migration):
    dependencies = [("audit", "0019_who_may_add")]

    operations = [
        migrations.RunSQL(seal_functions_v5.ADD_EVENT.sql, f"DROP FUNCTION {seal_functions_v5.ADD_EVENT.signature}"),
        migrations.RunSQL(seal_functions_v5.SEAL_ROW.sql, seal_functions_v1.SEAL_ROW.sql),
        migrations.RunSQL(seal_functions_v5.SEAL_FOUND.sql, seal_functions_v1.SEAL_FOUND.sql),
        migrations.RunSQL(f"DROP FUNCTION {seal_functions_v4.ADD_EVENT.signature}", seal_functions_v4.ADD_EVENT.sql),
    ]
