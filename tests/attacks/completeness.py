"""What the database holds, read from its catalog, beside what is attacked: a guard without an attack has a name here."""

import re
from collections.abc import Collection, Iterator

import psycopg
from django.apps import apps

from tests.attacks.guards import OURS, REFUSAL, Guard

OF_OURS = re.compile(r"^(value|[a-z]{2}_\d\d)_")  # what we call a CHECK, on whosever table it stands
INSTALLED = re.compile(r"^pgtrigger_(\w+)_[0-9a-f]{5}$")
TRIGGERS = """
SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT c.relname, o.conname FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
WHERE o.contype IN ('c', 'x') AND c.relnamespace = 'public'::regnamespace
UNION
SELECT c.relname, x.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
WHERE i.indisunique AND NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
FUNCTIONS = """
SELECT p.proname, p.prosrc FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosrc LIKE '%RAISE EXCEPTION%'
AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = p.oid) ORDER BY 1
"""


def held(cursor: psycopg.Cursor) -> Iterator[Guard]:
    """Each sentence that a trigger in the catalog can refuse with, each CHECK, each unique key, each exclusion."""
    ours = our_tables()
    cursor.execute(TRIGGERS)
    for table, name, body in cursor.fetchall():
        short = INSTALLED.match(name)
        for sentence in sorted(set(REFUSAL.findall(body))):
            yield Guard(table, short[1] if short else name, sentence.replace("''", "'"))
    cursor.execute(CONSTRAINTS)
    for table, name in cursor.fetchall():
        if table in ours or OF_OURS.match(name):
            yield Guard(table, name, kind="constraint")


def our_tables() -> set[str]:
    """Our own tables, with those between two models; keys and checks of third parties' are theirs to try."""
    return {one._meta.db_table for one in apps.get_models(include_auto_created=True) if one._meta.app_label in OURS}


def unattacked(cursor: psycopg.Cursor, attacked: Collection[Guard]) -> list[str]:
    """What the database holds and nobody attacks, in words."""
    return sorted(str(guard) for guard in set(held(cursor)) - set(attacked))


def said_by_functions(cursor: psycopg.Cursor) -> dict[str, str]:
    """Each sentence that a function of ours, which is no trigger's, can refuse with; and which one."""
    cursor.execute(FUNCTIONS)
    return {sentence.replace("''", "'"): name for name, body in cursor.fetchall() for sentence in REFUSAL.findall(body)}
