"""The role functions are pinned, so that no session changes what they answer; ecpd_now() is the clock of every guard."""

from importlib import import_module

from django.db import migrations

from ecpd.audit.pinned import FunctionV1

before = import_module("ecpd.accounts.migrations.0002_role_functions")

NOW = FunctionV1("ecpd_now", "", "timestamp with time zone", "SELECT clock_timestamp()", volatility="VOLATILE")
HAS_ROLE = FunctionV1(
    "ecpd_has_role",
    "person bigint, role text",
    "boolean",
    """
    SELECT EXISTS (
        SELECT 1 FROM public.accounts_user u
        JOIN public.accounts_user_groups ug ON ug.user_id = u.id
        JOIN public.auth_group g ON g.id = ug.group_id
        WHERE u.id = person AND u.is_active AND g.name = role)""",
)
HAS_CERTIFICATE = FunctionV1(
    "ecpd_has_certificate",
    "person bigint, wanted text",
    "boolean",
    """
    SELECT EXISTS (
        SELECT 1 FROM public.accounts_trainingcertificate c
        WHERE c.holder_id = person AND c.kind = wanted AND c.suspended_at IS NULL
          AND (public.ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date BETWEEN c.issued_on AND c.expires_on)""",
)


class Migration(migrations.Migration):
    """Replaces the functions in place: triggers that call them stay."""

    dependencies = [("accounts", "0003_choices_are_listed")]

    operations = [
        migrations.RunSQL(NOW.sql, "DROP FUNCTION public.ecpd_now()"),
        migrations.RunSQL(HAS_ROLE.sql, before.HAS_ROLE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(
            HAS_CERTIFICATE.sql, before.HAS_CERTIFICATE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
        ),
    ]
