"""What the application's database role may do: read, add and change; delete only what is not a record (AC-07).

Ledgers (AU-01, AU-03) may be read and added to, nothing else. Schema, triggers and TRUNCATE belong to the owner.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections

from ecpd.audit.catalog import drop_orphans

# Technical tables whose rows come and go; everything else is a record.
DELETABLE = frozenset(
    {
        "django_session",
        "accounts_user_groups",
        "guardian_userobjectpermission",
        "authtoken_token",
        "accounts_failedpassword",
        "mfa_authenticator",
        "leads_examinationdraft",
        "leads_searchdraft",
        # Plate data that nothing came of leaves after a time (PK-05); triggers refuse to delete what is young or kept.
        "parking_read",
        "parking_plateimage",
        "parking_ingestbatch",
        "parking_stay",
        "parking_track",
        "parking_finding",
        "parking_zone_areas",
        # What an officer has typed and not issued, and tries to open the public contest page: no records.
        "parking_citationdraft",
        "parking_contestlookup",
        # Links that were mailed and tries that are counted for the permit portal; cleared when their time is over.
        "parking_permitlink",
        "parking_permittry",
    }
)
# What the owner's migrations write and the application only reads: roles and what Django calls permissions (AC-10).
# No permission is given to a role or beside the roles: what an account may do stands in ecpd/accounts/roles.py.
REFERENCE = frozenset(
    {
        "auth_group",
        "auth_permission",
        "auth_group_permissions",
        "accounts_user_user_permissions",
        "django_content_type",
        "guardian_groupobjectpermission",
    }
)
APPEND_ONLY_TABLES = frozenset({"auditlog_logentry"})


def grant_application_role(sender, using: str = "default", **kwargs) -> None:
    """After the migrations, set the application role's privileges on every table (idempotent)."""
    connection = connections[using]
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None or _is_current_user(cursor):
            return
        drop_orphans(cursor)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"REVOKE ALL ON {connection.ops.quote_name(table)} FROM {role}")
            cursor.execute(f"GRANT {_privileges(table)} ON {connection.ops.quote_name(table)} TO {role}")


def _is_current_user(cursor) -> bool:
    cursor.execute("SELECT current_user = %s", [settings.DATABASE_APP_ROLE])
    return cursor.fetchone()[0]


def _privileges(table: str) -> str:
    if table in REFERENCE | _owners_tables():
        return "SELECT"
    if table in _append_only_tables():
        return "SELECT, INSERT"
    if table in DELETABLE:
        return "SELECT, INSERT, UPDATE, DELETE"
    return "SELECT, INSERT, UPDATE"


def _owners_tables() -> frozenset[str]:
    """Tables that only the owner writes, when it migrates."""
    return frozenset(model._meta.db_table for model in apps.get_models() if getattr(model, "owners_data", False))


def _append_only_tables() -> frozenset[str]:
    ledgers = {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}
    return APPEND_ONLY_TABLES | ledgers
