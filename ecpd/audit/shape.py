"""Tables as the database has them, beside tables as the release's migrations leave them (`shape.json`): what differs.

Columns stand there in words, expressions as digests of what PostgreSQL says of them. `manage.py write_shape` renews it.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connections, transaction

RELEASED = Path(__file__).with_name("shape.json")
Shape = dict[str, dict[str, str]]  # table to "column id" or "constraint fr_04_name" to what it is

OURS = """
c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
"""
COLUMNS = f"""
SELECT c.relname::text, 'column ' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
       CASE WHEN a.attnotnull THEN 'not null' END, 'identity ' || NULLIF(a.attidentity::text, ''),
       'generated ' || NULLIF(a.attgenerated::text, ''), 'default ' || pg_get_expr(f.adbin, f.adrelid))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum WHERE {OURS}
"""
# NOT NULL is said of the column; newer servers list it here as well. Old rows that break a CHECK are another question.
EXPRESSIONS = f"""
SELECT c.relname::text, 'constraint ' || o.conname, regexp_replace(pg_get_constraintdef(o.oid),
       CASE o.contype WHEN 'c' THEN ' NOT VALID$' ELSE '$^' END, '')
FROM pg_class c JOIN pg_constraint o ON o.conrelid = c.oid AND o.contype NOT IN ('n', 't') WHERE {OURS}
UNION ALL
SELECT c.relname::text, 'unique index ' || x.relname, regexp_replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indisready
JOIN pg_class x ON x.oid = i.indexrelid
WHERE {OURS} AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT c.relname::text, 'condition of ' || t.tgname, pg_get_triggerdef(t.oid)
FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgqual IS NOT NULL WHERE {OURS}
"""
# What turns a statement into another one, hides rows from a guard, or puts the foreign keys to sleep.
TURNED = f"""
SELECT 'The rule ' || r.rulename || ' on ' || c.relname || ' turns statements into others.'
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE {OURS}
UNION ALL
SELECT 'The policy ' || p.polname || ' on ' || c.relname || ' hides rows.'
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE {OURS}
UNION ALL
SELECT 'Row security on ' || c.relname || ' is switched on.' FROM pg_class c
WHERE (c.relrowsecurity OR c.relforcerowsecurity) AND {OURS}
UNION ALL
SELECT 'Rows of ' || i.inhrelid::regclass::text || ' stand in ' || c.relname || ' as well, past its guards.'
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE {OURS}
UNION ALL
SELECT 'The table ' || c.relname || ' is emptied by a crash.' FROM pg_class c WHERE c.relpersistence <> 'p' AND {OURS}
UNION ALL
SELECT 'The foreign key ' || o.conname || ' of ' || o.conrelid::regclass::text || ' is switched off on ' || c.relname || '.'
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_constraint o ON o.oid = t.tgconstraint
WHERE t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') AND {OURS} GROUP BY o.conname, o.conrelid, c.relname
ORDER BY 1
"""
# A dump that is read back writes a list of words with casts in other places; between text and varchar they mean nothing.
WORDS = re.compile(r"'(?:[^']|'')*'")
CAST = re.compile(r"::(?:text|character varying)(?:\(\d+\))?(?:\[\])?")
LONE = re.compile(r"(?<![\w\"])\(([\w$]+|ARRAY\[[^\[\]()]*\])\)")


def differences(using: str = "default") -> list[str]:
    """Every column, constraint, key and condition that is missing, one too many or other than the release's; every
    rewrite rule, row policy, heir and sleeping foreign key."""
    found = read(using)
    with connections[using].cursor() as cursor:
        cursor.execute(TURNED)
        turned = [sentence for (sentence,) in cursor.fetchall()]
    return [*_compared(json.loads(RELEASED.read_text()), found), *turned]


def read(using: str = "default") -> Shape:
    """Every table of ours as the catalog says it, whatever the session's search path is."""
    shape: Shape = {}
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), set_config('search_path', 'pg_catalog', true)")
        ((path, _),) = cursor.fetchall()
        for query, say in ((COLUMNS, str), (EXPRESSIONS, _digest)):
            cursor.execute(query)
            for table, name, what in cursor.fetchall():
                shape.setdefault(table, {})[name] = say(what)
        cursor.execute("SELECT set_config('search_path', %s, true)", [path])
    return shape


def written(shape: Shape) -> str:
    """The file's text: sorted, one thing a line."""
    return json.dumps(shape, indent=0, sort_keys=True) + "\n"


def _digest(said: Any) -> str:
    return hashlib.sha256(normalized(said).encode()).hexdigest()[:32]


def normalized(said: str) -> str:
    """An expression without what reading back a dump changes in it; what stands between quotation marks stays."""
    words, before = WORDS.findall(said), ""
    said = CAST.sub("", WORDS.sub("$", said))
    while said != before:
        said, before = LONE.sub(r"\1", said), said
    return json.dumps([said, words])


def _compared(wanted: Shape, found: Shape) -> Iterator[str]:
    for table in sorted(wanted):
        if table not in found:
            yield f"The table {table} is missing."
            continue
        for name in sorted(wanted[table].keys() | found[table].keys()):
            released, is_now = wanted[table].get(name), found[table].get(name)
            if is_now is None:
                yield f"The {name} of {table} is missing."
            elif released is None:
                yield f"The {name} of {table} is not one of ours."
            elif released != is_now:
                yield f"The {name} of {table} is other than the release's."
