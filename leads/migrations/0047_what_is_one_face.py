from django.db import migrations

from leads.models.history_v1 import HISTORY
from leads.models.kin_v1 import KIN


class Migration(migrations.Migration):
    """The database knows what is one exhibit, one face, one probe and one matter."""

    dependencies = [("leads", "0046_moments_and_imports"), ("policy", "0022_numbers_are_counted")]

    operations = [migrations.RunSQL(one.sql, f"DROP FUNCTION {one.signature}") for one in (KIN, *HISTORY)]
