"""The parameter functions are pinned, so that no session changes what they answer."""

from importlib import import_module

from django.db import migrations

from ecpd.audit.pinned import FunctionV1

before = import_module("ecpd.policy.migrations.0002_parameter_functions")

PARAMETER = FunctionV1(
    "ecpd_parameter",
    "wanted text",
    "jsonb",
    """
DECLARE found jsonb;
BEGIN
    SELECT parameters -> wanted INTO found FROM public.policy_manualversion
        WHERE effective_from <= public.ecpd_now() ORDER BY effective_from DESC, id DESC LIMIT 1;
    IF found IS NULL THEN
        RAISE EXCEPTION 'AU-04: The manual in force has no setting named %.', wanted USING ERRCODE = '23514';
    END IF;
    RETURN found;
END""",
    language="plpgsql",
)
PARAMETER_NUMBER = FunctionV1(
    "ecpd_parameter_number", "wanted text", "numeric", "SELECT (public.ecpd_parameter(wanted) #>> '{}')::numeric"
)
PARAMETER_INT = FunctionV1(
    "ecpd_parameter_int", "wanted text", "integer", "SELECT (public.ecpd_parameter(wanted) #>> '{}')::numeric::integer"
)
PARAMETER_BOOLEAN = FunctionV1(
    "ecpd_parameter_boolean", "wanted text", "boolean", "SELECT (public.ecpd_parameter(wanted) #>> '{}')::boolean"
)


def unpinned(sql: str) -> str:
    """As it was before."""
    return sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    """Replaces the functions in place: triggers that call them stay."""

    dependencies = [("policy", "0004_choices_are_listed"), ("accounts", "0004_pinned_functions")]

    operations = [
        migrations.RunSQL(PARAMETER.sql, unpinned(before.PARAMETER)),
        migrations.RunSQL(PARAMETER_NUMBER.sql, unpinned(before.AS_NUMBER)),
        migrations.RunSQL(PARAMETER_INT.sql, unpinned(before.AS_INT)),
        migrations.RunSQL(PARAMETER_BOOLEAN.sql, unpinned(before.AS_BOOLEAN)),
    ]
