"""SQL functions by which triggers read the manual in force."""

from django.db import migrations

PARAMETER = """
CREATE FUNCTION ecpd_parameter(wanted text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE found jsonb;
BEGIN
    SELECT parameters -> wanted INTO found FROM policy_manualversion
        WHERE effective_from <= clock_timestamp() ORDER BY effective_from DESC, id DESC LIMIT 1;
    IF found IS NULL THEN
        RAISE EXCEPTION 'AU-04: The manual in force has no setting named %.', wanted USING ERRCODE = '23514';
    END IF;
    RETURN found;
END $$;
"""
AS_NUMBER = """
CREATE FUNCTION ecpd_parameter_number(wanted text) RETURNS numeric LANGUAGE sql STABLE AS
    'SELECT (ecpd_parameter(wanted) #>> ''{}'')::numeric';
"""
AS_INT = """
CREATE FUNCTION ecpd_parameter_int(wanted text) RETURNS integer LANGUAGE sql STABLE AS
    'SELECT (ecpd_parameter(wanted) #>> ''{}'')::numeric::integer';
"""
AS_BOOLEAN = """
CREATE FUNCTION ecpd_parameter_boolean(wanted text) RETURNS boolean LANGUAGE sql STABLE AS
    'SELECT (ecpd_parameter(wanted) #>> ''{}'')::boolean';
"""


class Migration(migrations.Migration):
    """Every trigger that depends on a setting reads it here, so that an amendment reaches the database too."""

    dependencies = [("policy", "0001_initial")]

    operations = [
        migrations.RunSQL(PARAMETER, "DROP FUNCTION ecpd_parameter(text)"),
        migrations.RunSQL(AS_NUMBER, "DROP FUNCTION ecpd_parameter_number(text)"),
        migrations.RunSQL(AS_INT, "DROP FUNCTION ecpd_parameter_int(text)"),
        migrations.RunSQL(AS_BOOLEAN, "DROP FUNCTION ecpd_parameter_boolean(text)"),
    ]
