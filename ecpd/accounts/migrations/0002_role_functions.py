"""SQL functions that triggers ask: does this person hold a role, or a current certificate?"""

from django.db import migrations

HAS_ROLE = """
CREATE FUNCTION ecpd_has_role(person bigint, role text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_user u
        JOIN accounts_user_groups ug ON ug.user_id = u.id
        JOIN auth_group g ON g.id = ug.group_id
        WHERE u.id = person AND u.is_active AND g.name = role)
$$;
"""
HAS_CERTIFICATE = """
CREATE FUNCTION ecpd_has_certificate(person bigint, wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_trainingcertificate c
        WHERE c.holder_id = person AND c.kind = wanted AND c.suspended_at IS NULL
          AND (clock_timestamp() AT TIME ZONE 'America/Los_Angeles')::date BETWEEN c.issued_on AND c.expires_on)
$$;
"""


class Migration(migrations.Migration):
    """FR-01, FR-08, FR-13, AU-04 stand on these."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(HAS_ROLE, "DROP FUNCTION ecpd_has_role(bigint, text)"),
        migrations.RunSQL(HAS_CERTIFICATE, "DROP FUNCTION ecpd_has_certificate(bigint, text)"),
    ]
