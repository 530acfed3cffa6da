from django.db import migrations

from leads.models import bound_v6, bound_v7


class Migration(migrations.Migration):
    dependencies = [("leads", "0081_against_every_lead")]

    operations = [migrations.RunSQL(bound_v7.NEW_SINCE.sql, bound_v6.NEW_SINCE.sql)]
