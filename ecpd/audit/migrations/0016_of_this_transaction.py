"""Functions that say what this transaction has done; an entry names no decision of another with the same number."""

from django.db import migrations

from ecpd.audit import seal_functions_v3, seal_functions_v4
from ecpd.audit.own_transaction_v1 import OWN_TRANSACTION


class Migration(migrations.Migration):
    dependencies = [("audit", "0015_owner_at_work"), ("policy", "0019_cards_before_the_council")]

    operations = [
        *(migrations.RunSQL(one.sql, f"DROP FUNCTION {one.signature}") for one in OWN_TRANSACTION),
        migrations.RunSQL(seal_functions_v4.ADD_EVENT.sql, seal_functions_v3.ADD_EVENT.sql),
    ]
