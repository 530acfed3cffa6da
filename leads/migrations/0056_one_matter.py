"""Cases of one incident number, and cases that are linked, are one matter."""

from django.db import migrations

from leads.models import history_v1, matter_v2


class Migration(migrations.Migration):
    dependencies = [("leads", "0055_json_shapes"), ("cases", "0033_one_matter")]

    operations = [migrations.RunSQL(matter_v2.MATTER.sql, history_v1.MATTER.sql)]
