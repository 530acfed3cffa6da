"""Every row of every sealed table against the newest event that sealed it."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db import connection
from django.db.models import Model
from django.utils.text import capfirst

from ecpd.audit.canonical import digest, row_sql
from ecpd.audit.findings import Findings, Progress, stream
from ecpd.audit.histories import lawful
from ecpd.audit.sealed import sealed_models

Shape = tuple[tuple[str, ...], tuple[str, ...]]
ROWS = """
SELECT n.row_id, n.id, n.operation, n.digest, t.{key}::text, CASE {texts} END
FROM (SELECT DISTINCT ON (row_id) row_id, id, operation, digest, shape_id FROM audit_auditevent
      WHERE table_name = %s ORDER BY row_id, id DESC) n
FULL JOIN {table} t ON t.{key}::text = n.row_id
"""
CHOSEN = """ WHERE COALESCE(n.row_id, t.{key}::text) = ANY(%s)"""
SHAPES = """
SELECT s.table_name, s.id, ARRAY(SELECT jsonb_array_elements_text(s.columns)),
       ARRAY(SELECT jsonb_array_elements_text(s.by_hash))
FROM audit_rowshape s WHERE NOT EXISTS (
    SELECT FROM jsonb_array_elements_text(s.columns) c WHERE c NOT IN (
        SELECT a.attname FROM pg_attribute a
        WHERE a.attrelid = to_regclass(quote_ident(s.table_name)) AND a.attnum > 0 AND NOT a.attisdropped))
ORDER BY s.id
"""
UNKNOWN = "SELECT DISTINCT table_name FROM audit_auditevent WHERE table_name <> '' AND table_name <> ALL(%s)"


def walk_rows(findings: Findings, progress: Progress, *, only: type[Model] | None = None) -> int:
    """Compare every sealed row, or those of one model; returns how many there are."""
    count, models, shapes = 0, sealed_models(), readable_shapes()
    for model in [only] if only else models:
        for found in rows(model, shapes[model._meta.db_table]):
            count += 1
            _compare(model, findings, *found)
            if count % 20_000 == 0:
                progress("rows", count)
    progress("rows", count)
    for (table,) in stream(UNKNOWN, [[model._meta.db_table for model in models]]):
        findings.add(
            0, "row unreadable", f"The table {table} was sealed and is not any more: nobody looks at its rows."
        )
    return count


def rows(model: type[Model], shapes: dict[Shape, list[int]], *, only: Collection[str] | None = None) -> Iterator[tuple]:
    """Every row beside its newest entry: key in the entry, entry, operation, digest, key in the table, canonical text.

    What has no entry or no row has None there. `only` these keys, where given. Inside a snapshot.
    """
    table, key = model._meta.db_table, str(model._meta.pk.column)  # type: ignore[union-attr]  # not abstract: it has one
    quote = connection.ops.quote_name
    texts = [
        f"WHEN n.shape_id IN ({', '.join(map(str, ids))}) THEN {row_sql('t', *shape)}" for shape, ids in shapes.items()
    ]
    sql = ROWS.format(key=quote(key), table=quote(table), texts=" ".join(texts) or "WHEN false THEN ''")
    if only is None:
        return stream(sql, [table])
    return stream(sql + CHOSEN.format(key=quote(key)), [table, list(only)])


def readable_shapes() -> dict[str, dict[Shape, list[int]]]:
    """By table: the shapes that can still be read, each with its keys; two transactions may have noted the same one."""
    found: dict[str, dict[Shape, list[int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(SHAPES)
        for table, key, columns, by_hash in cursor.fetchall():
            found[table].setdefault((tuple(columns), tuple(by_hash)), []).append(key)
    return found


def _compare(model, findings: Findings, sealed_id, event, operation, sealed, row_id, text) -> None:
    name = f"{capfirst(model._meta.verbose_name)} {row_id or sealed_id} ({model._meta.db_table})"
    if event is None:
        findings.add(0, "row inserted", f"{name} has no entry in the chain: it was slipped in.")
    elif operation not in lawful(model):
        pass  # its entries' own walk names it (ecpd.audit.histories)
    elif operation == "D":
        if row_id is not None:
            findings.add(0, "row inserted", f"{name} was removed on the record, and is there again.")
    elif row_id is None:
        findings.add(0, "row missing", f"{name} is gone; its last entry has key {event:,}.")
    elif text is None:
        findings.add(0, "row unreadable", f"{name} was sealed with columns that are not there any more.")
    elif digest(text) != sealed:
        findings.add(0, "row changed", f"{name} was changed after its last entry (key {event:,}) sealed it.")
