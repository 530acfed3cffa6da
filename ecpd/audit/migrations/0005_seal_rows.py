"""The functions that write events, and the first two tables that are sealed."""

import ecpd.audit.sealed
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from ecpd.audit.seal_functions_v1 import SEAL_FUNCTIONS


class Migration(migrations.Migration):
    """The application's role may call none of these: PostgreSQL does, when a row is written."""

    dependencies = [
        ("audit", "0004_events_apart_from_seals"),
        ("accounts", "0004_pinned_functions"),
    ]

    operations = [
        *[migrations.RunSQL(each.sql, f"DROP FUNCTION {each.signature}") for each in SEAL_FUNCTIONS],
        pgtrigger.migrations.AddTrigger(
            model_name='checkrequest',
            trigger=pgtrigger.compiler.Trigger(name='au_01_sealed', sql=ecpd.audit.sealed.SealTriggerV1(execute="public.ecpd_seal_row('audit.checkrequest', 'id', '{}', '{}')", func='', hash='1d7ef1a3fc5190b6e406eaef93e97f8d74b87464', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_au_01_sealed_fc407', table='audit_checkrequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conduct',
            trigger=pgtrigger.compiler.Trigger(name='au_01_sealed', sql=ecpd.audit.sealed.SealTriggerV1(execute="public.ecpd_seal_row('audit.conduct', 'id', '{}', '{}')", func='', hash='ca6ec3f15fdc3bb296ee4c23e3b2874364f03277', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_au_01_sealed_e69cc', table='audit_conduct', when='AFTER')),
        ),
    ]
