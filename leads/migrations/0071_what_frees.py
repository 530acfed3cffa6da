"""After a denial only evidence or a second person's answer frees a face; what speaks against the person frees nothing."""

from django.db import migrations

from leads.models import bound_v2, bound_v3


class Migration(migrations.Migration):
    dependencies = [("leads", "0070_canceled")]

    operations = [
        migrations.RunSQL(bound_v3.NEARLY_THE_SAME.sql, "DROP FUNCTION public.ecpd_nearly_the_same(text, text)"),
        migrations.RunSQL(bound_v3.FACE_ENDED.sql, "DROP FUNCTION public.ecpd_face_ended(bigint)"),
        migrations.RunSQL(bound_v3.NEW_SINCE.sql, "DROP FUNCTION public.ecpd_new_since(bigint)"),
        migrations.RunSQL(bound_v3.BOUND.sql, bound_v2.BOUND.sql),
    ]
