"""The SQL function by which guards ask whether a table's owner is at work himself."""

from django.db import migrations

from ecpd.audit.pinned import FunctionV1

OWNER_AT_WORK = FunctionV1(
    "ecpd_owner_at_work",
    "wanted oid",
    "boolean",
    "SELECT pg_has_role(current_user, c.relowner, 'USAGE') FROM pg_catalog.pg_class c WHERE c.oid = wanted",
)


class Migration(migrations.Migration):
    """The guards of accounts come after it."""

    dependencies = [("audit", "0014_plain_names")]

    operations = [migrations.RunSQL(OWNER_AT_WORK.sql, f"DROP FUNCTION {OWNER_AT_WORK.signature}")]
