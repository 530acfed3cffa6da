"""Guards as the database has them, beside guards as the code declares them: what differs, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db import connections

from ecpd.audit import shape
from ecpd.audit.functions import every_function
from ecpd.audit.pinned import SETTINGS_V1, PinnedV1
from ecpd.audit.sealed import SealTriggerV1

BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32, "INSTEAD OF": 64}
ENABLED = ("O", "A")
PROCONFIG = [f"{name}={value}" for name, value in SETTINGS_V1.items()]

# Ours: what lies in public and belongs to no extension.
READ_FUNCTIONS = """
SELECT p.proname, p.prosrc, p.proconfig, l.lanname, p.provolatile, p.prosecdef,
       NOT EXISTS (SELECT FROM aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner),
       p.proowner = (SELECT relowner FROM pg_class WHERE oid = 'public.django_migrations'::regclass)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
READ_TRIGGERS = """
SELECT t.tgname, c.relname, n.nspname, t.tgenabled, t.tgtype, p.pronamespace::regnamespace::text || '.' || p.proname,
       t.tgqual IS NOT NULL, t.tgattr::text, encode(t.tgargs, 'escape'), t.tgdeferrable
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
"""
ORPHANS = """
SELECT p.oid::regprocedure FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND (p.proname LIKE 'pgtrigger\\_%' OR p.proname = '_pgtrigger_should_ignore')
  AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgfoid = p.oid)
"""


@dataclass(frozen=True)
class Expected:
    """A function as the code wants it in the catalog."""

    body: str
    language: str
    volatility: str
    definer: bool = False
    closed: bool = False


def differences(using: str = "default") -> list[str]:
    """Every guard that is missing, off, or other than the code's; every function and trigger that is one too many; and
    what `shape.differences` says of tables, columns and constraints."""
    with connections[using].cursor() as cursor:
        cursor.execute(READ_TRIGGERS)
        triggers = cursor.fetchall()
        cursor.execute(READ_FUNCTIONS)
        functions = cursor.fetchall()
    return [*_of_triggers(triggers), *_of_functions(functions), *shape.differences(using)]


def drop_orphans(cursor) -> None:
    """As the owner: drop functions of triggers that are no more, and the library's switch that nothing asks."""
    cursor.execute(ORPHANS)
    for (signature,) in cursor.fetchall():
        cursor.execute(f"DROP FUNCTION {signature}")


def restore(cursor) -> None:
    """As the owner: put every function and trigger back as the code declares it; tables and constraints stay as they are."""
    cursor.execute("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.django_migrations'::regclass")
    (owner,) = cursor.fetchone()
    for function in every_function():
        cursor.execute(function.sql)
        cursor.execute(f'ALTER FUNCTION {function.signature} OWNER TO "{owner}"')
    for sql in declared().values():
        cursor.execute(str(sql))
        if isinstance(sql, PinnedV1):
            cursor.execute(f'ALTER FUNCTION public.{sql.pgid}() OWNER TO "{owner}"')


def declared() -> dict[tuple[str, str], PinnedV1 | SealTriggerV1]:
    """(table, trigger) to what the models declare. Raises TypeError for a trigger that is not pinned."""
    found = {}
    for model, trigger in pgtrigger.registered():
        sql = trigger.compile(model).sql
        if not isinstance(sql, PinnedV1 | SealTriggerV1):
            raise TypeError(f"{trigger} on {model._meta.db_table} is not pinned: use ecpd.audit.records.guard.")
        found[sql.table, sql.pgid] = sql
    return found


def _of_triggers(rows: list[tuple]) -> Iterator[str]:
    wanted, found = declared(), {(row[1], row[0]): row for row in rows}
    for key in sorted(wanted.keys() - found.keys()):
        yield f"The guard {key[1]} on {key[0]} is missing."
    for key in sorted(found.keys() - wanted.keys()):
        yield f"The trigger {key[1]} on {key[0]} is not one of ours."
    for key in sorted(found.keys() & wanted.keys()):
        if found[key][3] not in ENABLED:
            yield f"The guard {key[1]} on {key[0]} is switched off."
        if found[key][2:3] + found[key][4:] != _shape(wanted[key]):
            yield f"The guard {key[1]} on {key[0]} is not attached as the code says."


def _shape(sql: PinnedV1 | SealTriggerV1) -> tuple[Any, ...]:
    options = {**sql.defaults, **sql.kwargs}
    words = [options["level"], options["when"], *options["operation"].split(" OR ")]
    deferrable = bool(options["timing"])
    return (
        "public",
        sum(BITS.get(word, 0) for word in words),
        "public.ecpd_seal_row" if isinstance(sql, SealTriggerV1) else f"public.{sql.pgid}",
        bool(options["condition"]),
        "",
        sql.arguments if isinstance(sql, SealTriggerV1) else "",
        deferrable,
    )


def _of_functions(rows: list[tuple]) -> Iterator[str]:
    wanted = {sql.pgid: Expected(sql.body, "plpgsql", "v") for sql in declared().values() if isinstance(sql, PinnedV1)}
    wanted |= {
        each.name: Expected(each.body, each.language, each.volatility[0].lower(), each.definer, each.closed)
        for each in every_function()
    }
    names = [row[0] for row in rows]
    for name in sorted(wanted.keys() - set(names)):
        yield f"The function {name} is missing."
    for name in sorted({name for name in names if name not in wanted or names.count(name) > 1}):
        yield f"The function {name} is not one of ours."
    for name, body, config, language, volatility, definer, closed, owners in rows:
        if name in wanted:
            found = Expected(body, language, volatility, definer, closed)
            yield from _of_function(name, wanted[name], found, config, owners)


def _of_function(name: str, wanted: Expected, found: Expected, config, owners: bool) -> Iterator[str]:
    if (found.body, found.language, found.volatility) != (wanted.body, wanted.language, wanted.volatility):
        yield f"The function {name} does something else than the code says."
    if config != PROCONFIG:
        yield f"The function {name} runs under other settings than the code says."
    if found.definer and not wanted.definer:
        yield f"The function {name} runs with its owner's privileges."
    if wanted.definer and not found.definer:
        yield f"The function {name} runs without its owner's privileges."
    if wanted.closed and not found.closed:
        yield f"The function {name} may be called by others than its owner."
    if not owners:
        yield f"The function {name} belongs to somebody else than the owner of the tables."
