"""What the application's role, the sealer's and everybody else may do in the database as it is, beside what they are to be
allowed: in sentences."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connections

from ecpd.audit.grants import LARGE_OBJECTS, Grant, wanted, wanted_by_sealer

# Everything granted to the role or to everybody on what is ours (an extension's functions are its own).
GRANTED = """
WITH grantees AS (SELECT oid FROM pg_roles WHERE rolname = %(role)s UNION SELECT 0 WHERE %(everybody)s),
not_ours AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
SELECT g.privilege_type, g.what, g.column FROM (
    SELECT a.grantee, a.privilege_type, 'DATABASE ' || datname, '' FROM pg_database,
        aclexplode(COALESCE(datacl, acldefault('d', datdba))) a WHERE datname = current_database()
    UNION ALL
    SELECT a.grantee, a.privilege_type, 'SCHEMA ' || nspname, '' FROM pg_namespace,
        aclexplode(COALESCE(nspacl, acldefault('n', nspowner))) a
        WHERE nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema'
    UNION ALL
    SELECT a.grantee, a.privilege_type, CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || relname, ''
        FROM pg_class c, aclexplode(relacl) a WHERE relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM not_ours n WHERE n.classid = 'pg_class'::regclass AND n.objid = c.oid)
    UNION ALL
    SELECT a.grantee, a.privilege_type, 'TABLE ' || relname, attname
        FROM pg_attribute t JOIN pg_class c ON c.oid = attrelid, aclexplode(attacl) a
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT a.grantee, a.privilege_type, 'FUNCTION ' || p.oid::regprocedure::text, ''
        FROM pg_proc p, aclexplode(COALESCE(proacl, acldefault('f', proowner))) a
        WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM not_ours n WHERE n.classid = 'pg_proc'::regclass AND n.objid = p.oid)
) g (grantee, privilege_type, what, "column") JOIN grantees ON grantees.oid = g.grantee
"""
ATTRIBUTES = """
SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s
"""
ATTRIBUTE_WORDS = ("is a superuser", "may create roles", "may create databases", "may replicate", "passes row security")
MEMBER_OF = """
SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = %s)
"""
# What the role, who may do so, sets for all its sessions to come: nothing is to be set there (time-outs are the process's).
SET_FOR_GOOD = """
SELECT unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = %s
"""
# The one setting that puts every guard, every seal and every foreign key to sleep. Only a superuser sets it, and can leave it
# set: for a database, for every role, in the server's file; or let a role set it.
PUTS_TO_SLEEP = "session_replication_role"
SET_FOR_ALL = """
SELECT setting, COALESCE((SELECT datname FROM pg_database d WHERE d.oid = s.setdatabase), '')
FROM pg_db_role_setting s, unnest(s.setconfig) setting
WHERE s.setrole = 0 AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND split_part(setting, '=', 1) = %s AND split_part(setting, '=', 2) <> 'origin'
"""
BEGINS_WITH = "SELECT reset_val FROM pg_settings WHERE name = %s AND reset_val <> 'origin'"
MAY_SET = """
SELECT a.privilege_type, p.parname, CASE a.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(a.grantee)::text END
FROM pg_parameter_acl p, aclexplode(p.paracl) a WHERE a.grantee = 0 OR pg_get_userbyid(a.grantee) = ANY (%s) ORDER BY 2, 3
"""
# Who made django_migrations migrates, and owns everything else.
OTHER_OWNERS = """
SELECT relname, pg_get_userbyid(relowner) FROM pg_class c
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
  AND relowner <> (SELECT relowner FROM pg_class WHERE oid = 'public.django_migrations'::regclass)
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
"""
# Who else may read (a backup, a report) is the agency's affair; who else may write what is ours is named.
OTHERS = """
SELECT DISTINCT pg_get_userbyid(g.grantee), g.privilege_type, g.relname FROM (
    SELECT a.grantee, a.privilege_type, relname, relowner FROM pg_class, aclexplode(relacl) a
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT a.grantee, a.privilege_type, relname, relowner FROM pg_attribute JOIN pg_class c ON c.oid = attrelid,
        aclexplode(attacl) a WHERE relnamespace = 'public'::regnamespace
) g WHERE g.privilege_type <> 'SELECT' AND g.grantee NOT IN (0, g.relowner)
  AND pg_get_userbyid(g.grantee) <> ALL (%s) ORDER BY 1, 3, 2
"""
# Databases that every server has and nobody needs: a role that comes in there can make temporary objects.
ELSEWHERE = """
SELECT datname FROM pg_database WHERE (datname = 'postgres' OR datistemplate) AND datname <> current_database()
  AND has_database_privilege(%s, oid, 'CONNECT') ORDER BY datname
"""
LET_BE = frozenset({"CONNECT"})  # on the database, and using the schema: others may be given that too


def differences(using: str = "default") -> list[str]:
    """What the two roles may do beyond their lists, what they are not allowed though they need it, who they are besides;
    and who else may write."""
    role, sealer = settings.DATABASE_APP_ROLE, settings.DATABASE_SEALER_ROLE
    with connections[using].cursor() as cursor:
        found = [
            *_of_role(cursor, role, wanted(cursor)),
            *_large_objects(cursor, role),
            *_asleep(cursor, [role, sealer]),
        ]
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [sealer])
        if cursor.fetchone():  # the doctor says elsewhere that there is none
            found += _of_role(cursor, sealer, wanted_by_sealer(), everybody=False)
        cursor.execute(OTHERS, [[role, sealer]])
        found += [
            f"{who} may {privilege} on {table}, which nobody is to." for who, privilege, table in cursor.fetchall()
        ]
        cursor.execute(OTHER_OWNERS)
        return [*found, *(f"{name} belongs to {owner}, not to the owner." for name, owner in cursor.fetchall())]


def _of_role(cursor, role: str, needed: set[Grant], *, everybody: bool = True) -> Iterator[str]:
    yield from _standing(cursor, role)
    cursor.execute(GRANTED, {"role": role, "everybody": everybody})
    found = set(cursor.fetchall())
    for grant in sorted(found - needed):
        if not _let_be(grant):
            yield f"{role} may {_words(grant)}, which it is not to."
    yield from (f"{role} may not {_words(grant)}, which it needs." for grant in sorted(needed - found))


def _words(grant: Grant) -> str:
    privilege, what, column = grant
    return f"{privilege} {column} of {what}" if column else f"{privilege} on {what}"


def _let_be(grant: Grant) -> bool:
    return grant[0] in LET_BE or grant[:2] == ("USAGE", "SCHEMA public")


def _standing(cursor, role: str) -> Iterator[str]:
    cursor.execute(ATTRIBUTES, [role])
    for has, words in zip(cursor.fetchone() or (), ATTRIBUTE_WORDS, strict=False):
        if has:
            yield f"{role} {words}."
    cursor.execute(MEMBER_OF, [role])
    yield from (f"{role} may act as {other}." for (other,) in cursor.fetchall())
    cursor.execute(ELSEWHERE, [role])
    if elsewhere := ", ".join(name for (name,) in cursor.fetchall()):
        yield (
            f"{role} may also connect to {elsewhere}. Their owner takes that away: REVOKE CONNECT, TEMPORARY ON DATABASE"
            f" {elsewhere} FROM PUBLIC."
        )
    cursor.execute(SET_FOR_GOOD, [role])
    for (setting,) in cursor.fetchall():
        yield f"{role} has {setting} set for every session to come: ALTER ROLE {role} RESET ALL, also IN DATABASE."


def _asleep(cursor, roles: list[str]) -> Iterator[str]:
    """Where a superuser left the guards switched off, or let one of the roles do so."""
    cursor.execute(SET_FOR_ALL, [PUTS_TO_SLEEP])
    for setting, database in cursor.fetchall():
        whom = f"DATABASE {database}" if database else "ROLE ALL"
        yield f"Every guard sleeps in sessions to come, by {setting}. A superuser ends it: ALTER {whom} RESET {PUTS_TO_SLEEP}."
    cursor.execute(BEGINS_WITH, [PUTS_TO_SLEEP])
    for (value,) in cursor.fetchall():
        yield (
            f"This session began with {PUTS_TO_SLEEP} = {value}, in which every guard sleeps. A superuser ends it where it"
            f" stands: ALTER SYSTEM RESET {PUTS_TO_SLEEP}, then SELECT pg_reload_conf()."
        )
    cursor.execute(MAY_SET, [roles])
    for privilege, parameter, who in cursor.fetchall():
        yield f"{who} may {privilege} {parameter}, which nobody but a superuser is to."


def _large_objects(cursor, role: str) -> Iterator[str]:
    cursor.execute(f"{LARGE_OBJECTS} AND has_function_privilege(%s, p.oid, 'EXECUTE') ORDER BY 1", [role])
    if may := ", ".join(signature for (signature,) in cursor.fetchall()):
        yield (
            f"{role} may write large objects. Only a superuser can take that away, in this database: REVOKE EXECUTE ON"
            f" FUNCTION {may} FROM PUBLIC, {role}."
        )
