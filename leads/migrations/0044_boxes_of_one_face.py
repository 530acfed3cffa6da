from django.db import migrations

from leads.models.same_face_v1 import SAME_FACE


class Migration(migrations.Migration):
    """The database knows two boxes of one face."""

    dependencies = [("leads", "0043_numbers_are_counted")]

    operations = [migrations.RunSQL(SAME_FACE.sql, f"DROP FUNCTION {SAME_FACE.signature}")]
