"""Nobody frees a face that a captain denied by an answer, a record or words of one's own."""

from django.db import migrations

from leads.models import bound_v2, history_v1


class Migration(migrations.Migration):
    dependencies = [("leads", "0067_taken_back")]

    operations = [
        migrations.RunSQL(bound_v2.AUTHOR_OF_RECORD.sql, "DROP FUNCTION public.ecpd_author_of_record(text)"),
        migrations.RunSQL(bound_v2.BOUND.sql, history_v1.BOUND.sql),
    ]
