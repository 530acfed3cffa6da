"""What the entries of one row say one after the other: no row is new twice, and none has what nobody may do (AU-01)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db.models import Model
from django.utils.text import capfirst

from ecpd.audit.findings import Findings, stream
from ecpd.audit.sealed import sealed_models

REFUSED = """
SELECT row_id, id, operation FROM audit_auditevent WHERE table_name = %s AND operation <> ALL(%s) ORDER BY id
"""
# Columns in one order: who notes a shape by hand may write them in another.
SORTED = "ARRAY(SELECT DISTINCT jsonb_array_elements_text(s.{}) ORDER BY 1)::text"
TWICE = f"""
SELECT e.row_id, e.id, e.operation, e.digest,
       CASE WHEN s.id IS NULL THEN COALESCE(e.shape_id::text, '')
            ELSE {SORTED.format("columns")} || {SORTED.format("by_hash")} END,
       to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
FROM audit_auditevent e LEFT JOIN audit_rowshape s ON s.id = e.shape_id
WHERE e.table_name = %s AND e.row_id IN (
    SELECT row_id FROM audit_auditevent WHERE table_name = %s AND operation IN ('I', 'G')
    GROUP BY row_id HAVING count(*) > 1)
ORDER BY e.row_id, e.id
"""
HANDS = """
SELECT session_name, table_name, count(*) FROM audit_auditevent WHERE operation NOT IN ('I', 'G', '') GROUP BY 1, 2
"""
Step = tuple[str, int, str, str, str, str]  # row, entry, operation, digest, columns, day


def walk_histories(findings: Findings, *, only: type[Model] | None = None) -> Counter[tuple[str, str]]:
    """Name what no entry may say of a row; returns how many rows were sealed anew over other columns, by table and day."""
    anew: Counter[tuple[str, str]] = Counter()
    for model in [only] if only else sealed_models():
        table = model._meta.db_table
        name = f"{capfirst(model._meta.verbose_name)} {{}} ({table})"
        for row, event, operation in stream(REFUSED, [table, sorted(lawful(model))]):
            done = "removed" if operation == "D" else "changed"
            sentence = f"{name.format(row)} was {done}, which nobody may do; the entry with key {event:,} says so."
            findings.add(0, f"row {done}", sentence)
        for row, steps in groupby(stream(TWICE, [table, table]), key=lambda step: step[0]):
            for event, day in _new_again(steps):
                if day:
                    anew[table, day] += 1
                else:
                    words = f"{name.format(row)} was sealed a second time as if it were new"
                    findings.add(0, "row changed", f"{words}; the entry with key {event:,} says so.")
    return anew


def hands() -> Counter[tuple[str, str]]:
    """How often rows were changed or removed in sessions of each database role, by role and table."""
    return Counter({(role, table): count for role, table, count in stream(HANDS)})


def refused(model: type[Model]) -> str:
    """What nobody may do to a row of this table: U change, D remove."""
    if not hasattr(model, "append_only"):
        return ""
    return "UD" if model.append_only else "D"


def lawful(model: type[Model]) -> set[str]:
    """What an entry may say of a row of this table."""
    return {"I", "G", "U", "D"} - set(refused(model))


def _new_again(steps: Iterable[Step]) -> Iterator[tuple[int, str]]:
    """Entries that say that a row is new which was there: with the day where it has other columns, as a migration seals it.

    The same again over the same columns says nothing new.
    """
    known: dict[str, str] = {}
    for _, event, operation, digest, columns, day in steps:
        before = known
        known = (dict(before) if operation == "G" else {}) | ({} if operation == "D" else {columns: digest})
        if before and (operation == "I" or (operation == "G" and before.get(columns, digest) != digest)):
            yield event, ""
        elif before and operation == "G" and columns not in before:
            yield event, day
