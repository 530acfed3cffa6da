"""What the application's database role may do: read, add and change; delete only what is not a record (AC-07).

Ledgers (AU-01, AU-03) may be read and added to, nothing else. Schema, triggers and TRUNCATE belong to the owner. Keys are
given by the database and never change: who could choose one could add a row before the row that its guard looks at.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction

from ecpd.audit.catalog import drop_orphans
from ecpd.audit.functions import every_function
from ecpd.audit.sealed import sealed_models

# Technical tables whose rows come and go; everything else is a record.
DELETABLE = frozenset(
    {
        "django_session",
        "accounts_user_groups",
        "guardian_userobjectpermission",
        "accounts_apiuse",
        "accounts_failedpassword",
        "mfa_authenticator",
        "usersessions_usersession",
        "leads_examinationdraft",
        "leads_searchdraft",
        # Plate data that nothing came of leaves after a time (PK-05); triggers refuse to delete what is young or kept.
        "parking_read",
        "parking_plateimage",
        "parking_ingestbatch",
        "parking_stay",
        "parking_track",
        "parking_finding",
        # What an officer has typed and not issued, and tries to open the public contest page: no records.
        "parking_citationdraft",
        "parking_contestlookup",
        # Links that were mailed and tries that are counted for the permit portal; cleared when their time is over.
        "parking_permitlink",
        "parking_permittry",
    }
)
APPEND_ONLY_TABLES = frozenset({"auditlog_logentry", "parking_permitterms_areas", "parking_zone_areas"})
# What the owner's migrations write and the application only reads: roles and what Django calls permissions (AC-10),
# offense classes, the schema's own history. No permission is given to a role or beside the roles: what an account may do
# stands in ecpd/accounts/roles.py.
REFERENCE = frozenset(
    {
        "auth_group",
        "auth_permission",
        "auth_group_permissions",
        "accounts_user_user_permissions",
        "cases_nibrsoffense",
        "django_content_type",
        "django_migrations",
        "guardian_groupobjectpermission",
    }
)
# `manage.py rescue_account` makes one, the application uses it up (AC-01).
MADE_BY_OWNER = frozenset({"accounts_rescue"})
LARGE_OBJECTS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (starts_with(p.proname, 'lo_') OR p.proname IN ('loread', 'lowrite'))
"""
COLUMNS = """
SELECT c.relname, a.attname, a.attidentity <> '', COALESCE(a.attnum = ANY (i.indkey), false)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum
"""
# Sequences of identity columns need no privilege of their own.
SEQUENCES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
"""
OURS = """
SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
# What the sealer's role writes (ecpd.audit.sealer); it reads every sealed table, to verify it, and changes none.
SEALER_WRITES = {
    "audit_chainseal": "INSERT",
    "audit_chainhead": "INSERT",
    "audit_chaincheck": "INSERT",
    "audit_stamp": "INSERT",
    "audit_unsealed": "DELETE",
    "audit_sealer": "INSERT, UPDATE",
}

Grant = tuple[str, str, str]  # (privilege, "TABLE x" and so on, column or "")


def grant_roles(sender, using: str = "default", **kwargs) -> None:
    """After the migrations, set both roles' privileges (idempotent)."""
    grant_application_role(sender, using)
    grant_sealer_role(sender, using)


def grant_application_role(sender, using: str = "default", **kwargs) -> None:
    """After the migrations, set the application role's privileges to `wanted` and no more (idempotent)."""
    connection = connections[using]
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if not _may_grant(cursor, settings.DATABASE_APP_ROLE):
            return
        drop_orphans(cursor)
        _revoke(cursor, role)
        for statement in _statements(wanted(cursor), role):
            cursor.execute(statement)


def wanted(cursor) -> set[Grant]:
    """Every privilege that the application's role is to have on what there is."""
    owners, ledgers = REFERENCE | _owners_tables() | _chain_tables(), _append_only_tables()
    only = _changed_by_application()
    cursor.execute(COLUMNS)
    grants: set[Grant] = {("USAGE", "SCHEMA public", "")}
    for table, column, identity, key in cursor.fetchall():
        grants.add(("SELECT", f"TABLE {table}", ""))
        if table in DELETABLE:
            grants.add(("DELETE", f"TABLE {table}", ""))
        if table not in owners | MADE_BY_OWNER and not identity:
            grants.add(("INSERT", f"TABLE {table}", column))
        if table not in owners | ledgers and not key and column in only.get(table, {column}):
            grants.add(("UPDATE", f"TABLE {table}", column))
    cursor.execute(SEQUENCES)
    grants |= {("USAGE", f"SEQUENCE {name}", "") for (name,) in cursor.fetchall()}
    cursor.execute(OURS)
    called = {each.name for each in every_function() if not each.closed}
    return grants | {
        ("EXECUTE", f"FUNCTION {signature}", "") for signature, name in cursor.fetchall() if name in called
    }


def grant_sealer_role(sender, using: str = "default", **kwargs) -> None:
    """Set the sealer's privileges: it reads what is sealed and writes the chain's links, heads and checks."""
    connection = connections[using]
    role = connection.ops.quote_name(settings.DATABASE_SEALER_ROLE)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if not _may_grant(cursor, settings.DATABASE_SEALER_ROLE):
            return
        _take_all(cursor, role)
        for statement in _statements(wanted_by_sealer(), role):
            cursor.execute(statement)


def wanted_by_sealer() -> set[Grant]:
    """Every privilege that the sealer's role is to have."""
    reads = {model._meta.db_table for model in (*sealed_models(), *apps.get_app_config("audit").get_models())}
    writes = {(word, f"TABLE {table}", "") for table, words in SEALER_WRITES.items() for word in words.split(", ")}
    return {
        ("USAGE", "SCHEMA public", ""),
        ("EXECUTE", "FUNCTION ecpd_now()", ""),
        *(("SELECT", f"TABLE {table}", "") for table in reads),
        *writes,
    }


def _may_grant(cursor, role: str) -> bool:
    """Whether this role exists, and it is the owner who grants."""
    cursor.execute("SELECT current_user <> ALL(%s) FROM pg_roles WHERE rolname = %s",
                   [[settings.DATABASE_APP_ROLE, settings.DATABASE_SEALER_ROLE], role])  # fmt: skip
    found = cursor.fetchone()
    return found is not None and found[0]


def _revoke(cursor, role: str) -> None:
    """From the role and from everybody: tables, sequences, functions of ours; temporary objects; large objects.

    What a superuser owns stays with a warning where the owner is none; `manage.py doctor` names it.
    """
    cursor.execute("SELECT quote_ident(current_database())")
    (database,) = cursor.fetchone()
    cursor.execute(f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {role}")
    cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}")
    _take_all(cursor, f"PUBLIC, {role}")
    # On a function that nobody let the owner use, PostgreSQL would refuse instead of warning.
    cursor.execute(f"{LARGE_OBJECTS} AND has_function_privilege(p.oid, 'EXECUTE')")
    for (signature,) in cursor.fetchall():
        cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC, {role}")


def _take_all(cursor, roles: str) -> None:
    """Every privilege on tables, sequences and functions of ours."""
    for kind in ("TABLES", "SEQUENCES"):
        cursor.execute(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {roles}")
    cursor.execute(OURS)
    for signature, _ in cursor.fetchall():
        cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM {roles}")


def _statements(grants: set[Grant], role: str) -> Iterator[str]:
    columns: dict[tuple[str, str], list[str]] = {}
    for privilege, what, column in sorted(grants):
        columns.setdefault((privilege, what), []).extend([f'"{column}"'] if column else [])
    for (privilege, what), names in columns.items():
        of = f" ({', '.join(names)})" if names else ""
        yield f"GRANT {privilege}{of} ON {what} TO {role}"


def _owners_tables() -> frozenset[str]:
    """Tables that only the owner writes, when it migrates."""
    return frozenset(model._meta.db_table for model in apps.get_models() if getattr(model, "owners_data", False))


def _chain_tables() -> frozenset[str]:
    """Written by triggers and by the sealer (AU-01)."""
    return frozenset(m._meta.db_table for m in apps.get_models() if getattr(m, "application_may", "") == "SELECT")


def _changed_by_application() -> dict[str, set[str]]:
    """Tables of which the application changes some columns only (`application_changes`): table to columns."""
    return {
        model._meta.db_table: set(columns)
        for model in apps.get_models()
        if (columns := getattr(model, "application_changes", None)) is not None
    }


def _append_only_tables() -> frozenset[str]:
    ledgers = {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}
    return APPEND_ONLY_TABLES | ledgers
