"""Whether one decision stands behind two rows of a table."""

from django.db import migrations

from ecpd.audit.own_rows_v1 import SERVED


class Migration(migrations.Migration):
    dependencies = [("audit", "0023_the_act_of_its_step")]

    operations = [migrations.RunSQL(SERVED.sql, f"DROP FUNCTION {SERVED.signature}")]
